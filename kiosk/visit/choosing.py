"""Presses on choose and options: from nothing to certificates that can be asked for."""

import msgspec

from kiosk.catalogue.catalogue import CertificateType
from kiosk.protocol.certificates import settled
from kiosk.visit.agreeing import go_on, set_aside
from kiosk.visit.basket import entry_of, has_room, has_room_for_one, price_of_all
from kiosk.visit.effects import PrintGuide
from kiosk.visit.grouping import group_of, in_groups, step_up
from kiosk.visit.identifying import ask, await_card
from kiosk.visit.items import Entry
from kiosk.visit.moves import Move, begin, go, kind_of, stay, to_options
from kiosk.visit.order_view import Slip
from kiosk.visit.patience import arm
from kiosk.visit.refund import MONEY, can_ask, wants_money
from kiosk.visit.screens import Choose, Options, Question, Trouble
from kiosk.visit.state import Visit
from kiosk.words.refusals import known, refusal

LOT_DIGITS = 4


def on_attract(state: Visit, control: str, now_ms: int) -> Move:
    """Start, or start in one's own language."""
    if control.startswith("start:"):
        display = msgspec.structs.replace(state.display, lang=control.removeprefix("start:"))
        return begin(msgspec.structs.replace(state, display=display), now_ms)
    if control == "refund" and can_ask(state):
        begun, effects = begin(state, now_ms)
        asked, more = ask(begun, MONEY, now_ms)
        return asked, (*effects, *more)
    return begin(state, now_ms) if control == "start" else stay(state)


def on_choose(state: Visit, screen: Choose, control: str, now_ms: int) -> Move:
    """A tile leads on, a tab or an initial consonant narrows the tiles."""
    action, _, value = control.partition(":")
    match action:
        case "type" if has_room_for_one(state):
            return _choose(state, value, now_ms)
        case "go-on" if state.basket:
            return go_on(state, state.basket, now_ms)
        case "category":
            return go(state, Choose(category=value), now_ms), ()
        case "by-name" if in_groups(state.catalogue):
            return go(state, Choose(by_name=True), now_ms), ()
        case "initial":
            return go(state, Choose(typed=screen.typed + value, by_name=screen.by_name), now_ms), ()
        case "delete":
            return go(state, Choose(typed=screen.typed[:-1], by_name=screen.by_name), now_ms), ()
        case _:
            return stay(state)


def _choose(state: Visit, code: str, now_ms: int) -> Move:
    kind = state.catalogue.type(code)
    if kind is None or not state.health.of(code).sellable:
        return stay(state)
    options = tuple((option.code, option.default) for option in kind.option)
    first = Question.CONTENT if kind.personal else Question.AREA
    return go(state, Options(Entry(code, options=options), first), now_ms), ()


def on_options(state: Visit, screen: Options, control: str, now_ms: int) -> Move:
    """One question after the other; `next` only where something was typed or may be left as it is."""
    entry = screen.entry
    action, _, value = control.partition(":")
    match screen.question, action:
        case Question.AREA, "area":
            return _pick_area(state, entry, value, now_ms)
        case Question.PLACE, "place" if state.catalogue.place(value):
            return _ask(state, msgspec.structs.replace(entry, place=value), Question.LOT, now_ms)
        case Question.LOT, "key":
            return go(state, msgspec.structs.replace(screen, entry=type_lot(entry, value)), now_ms), ()
        case Question.LOT, "next" if entry.main:
            return _ask(state, entry, Question.CONTENT, now_ms)
        case Question.CONTENT, "next" if state.health.of(entry.type_code).sellable:
            return ask(state, entry, now_ms)
        case Question.CONTENT, "add" if has_room(state) and state.health.of(entry.type_code).sellable:
            return go(set_aside(state, entry), Choose(), now_ms), ()
        case Question.CONTENT, "option" | "copies":
            changed = _set_content(state, entry, action, value)
            return go(state, msgspec.structs.replace(screen, entry=changed), now_ms), ()
        case _:
            return stay(state)


def _ask(state: Visit, entry: Entry, question: Question, now_ms: int) -> Move:
    return to_options(state, entry, question, now_ms), ()


def _pick_area(state: Visit, entry: Entry, value: str, now_ms: int) -> Move:
    if not (value.isascii() and value.isdigit() and int(value) < len(state.catalogue.areas)):
        return stay(state)
    places = state.catalogue.areas[int(value)].places
    chosen = msgspec.structs.replace(entry, area=int(value), place=places[0].code if len(places) == 1 else "")
    return _ask(state, chosen, Question.LOT if chosen.place else Question.PLACE, now_ms)


def type_lot(entry: Entry, key: str) -> Entry:
    """One key of the lot keypad: a digit, `dash` (on to the sub-number) or `delete`. Keys that don't fit do nothing."""
    if key == "delete":
        if entry.on_sub and not entry.sub:
            return msgspec.structs.replace(entry, on_sub=False)
        if entry.on_sub:
            return msgspec.structs.replace(entry, sub=entry.sub[:-1])
        return msgspec.structs.replace(entry, main=entry.main[:-1])
    if key == "dash":
        return msgspec.structs.replace(entry, on_sub=True) if entry.main else entry
    typed = entry.sub if entry.on_sub else entry.main
    # A lot number never begins with a nought.
    fits = (
        key.isascii()
        and key.isdigit()
        and len(key) == 1
        and len(typed) < LOT_DIGITS
        and (typed or key != "0")
    )
    if not fits:
        return entry
    if entry.on_sub:
        return msgspec.structs.replace(entry, sub=typed + key)
    return msgspec.structs.replace(entry, main=typed + key)


def _set_content(state: Visit, entry: Entry, action: str, value: str) -> Entry:
    kind = state.catalogue.type(entry.type_code)
    if kind is None:
        return entry
    if action == "copies":
        copies = entry.copies + {"more": 1, "less": -1}.get(value, 0)
        return msgspec.structs.replace(entry, copies=min(max(1, copies), most_copies(state, kind)))
    code, _, choice = value.partition(":")
    chosen = dict(entry.options)
    known = any(
        o.code == code and any(c.code == choice and c.applies(chosen) for c in o.choices) for o in kind.option
    )
    if not known:
        return entry
    return msgspec.structs.replace(
        entry, options=tuple(settled(kind.option, {**chosen, code: choice}).items())
    )


def most_copies(state: Visit, kind: CertificateType) -> int:
    """How many copies may be asked for: the type's rule, and no more than could be refunded in full now. At least 1."""
    counts, others = range(kind.max_copies, 0, -1), price_of_all(state)
    return next((n for n in counts if state.health.affords(others + kind.fee.base * n)), 1)


def on_trouble(state: Visit, screen: Trouble, control: str, now_ms: int) -> Move:
    """Try again as it was or with another card, mend the number or the contents, or choose another certificate."""
    entry = screen.entry
    match control:
        case "retry" if entry is not None and (
            wants_money(entry) or state.health.of(entry.type_code).sellable
        ):
            return ask(state, entry, now_ms)
        case "card" if entry is not None and kind_of(state, entry).identification == "card":
            return await_card(state, entry, now_ms), ()
        case "edit" if entry is not None and not kind_of(state, entry).personal:
            return _ask(state, entry, Question.LOT, now_ms)
        case "content" if entry is not None:
            return _ask(state, entry, Question.CONTENT, now_ms)
        case "guide" if entry is not None and may_guide(state, screen):
            printing = msgspec.structs.replace(screen, guide=Slip.PRINTING)
            asked = PrintGuide(entry.type_code, known(screen.code), state.display.lang)
            return arm(msgspec.structs.replace(state, screen=printing), now_ms), (asked,)
        case "without" if entry is not None and state.basket:
            return go_on(state, state.basket, now_ms)
        case "other" if entry is not None:
            return go(state, Choose(), now_ms), ()
        case _:
            return stay(state)


def may_guide(state: Visit, screen: Trouble) -> bool:
    """Whether a slip for the counter would help, and can be had. One that surely did not come is offered again."""
    helps = screen.entry is not None and not wants_money(screen.entry)
    helps = helps and screen.view is None and refusal(screen.code).at_the_counter
    prints = all(ailment.device != "receipt" for ailment in state.health.ailments)
    return helps and prints and screen.guide in (Slip.NONE, Slip.FAILED)


def may_slip(state: Visit, screen: Trouble) -> bool:
    """Whether the order's paper can be asked for: nobody seemed to be here when it ended, so none was printed."""
    view = screen.view
    if view is None or not (state.serving and view.over and view.taken_back):
        return False
    prints = all(ailment.device != "receipt" for ailment in state.health.ailments)
    paid = bool(view.credit or view.paid or view.by_card)
    return prints and paid and view.slip in (Slip.NONE, Slip.FAILED)


def back_from_choose(state: Visit, screen: Choose, now_ms: int) -> Move:
    """To the groups; from them to the certificate that was set aside last. Before the first choice there is nothing."""
    above = step_up(state.catalogue, screen)
    if above is not None:
        return go(state, above, now_ms), ()
    if not state.basket:
        return stay(state)
    *others, last = state.basket
    taken = msgspec.structs.replace(state, basket=tuple(others))
    return _ask(taken, entry_of(last), Question.CONTENT, now_ms)


def without_letters(state: Visit) -> Visit:
    """The same before a letter was typed: those of one language find nothing in another."""
    if not isinstance(state.screen, Choose):
        return state
    return msgspec.structs.replace(state, screen=msgspec.structs.replace(state.screen, typed=""))


def back_from_options(state: Visit, screen: Options, now_ms: int) -> Move:
    """One question back; what was answered stays."""
    entry = screen.entry
    several = entry.area is not None and len(state.catalogue.areas[entry.area].places) > 1
    match screen.question:
        case Question.AREA:
            return go(state, group_of(state.catalogue, entry.type_code), now_ms), ()
        case Question.PLACE:
            return _ask(state, entry, Question.AREA, now_ms)
        case Question.LOT:
            return _ask(state, entry, Question.PLACE if several else Question.AREA, now_ms)
        case Question.CONTENT if kind_of(state, entry).personal:
            return go(state, group_of(state.catalogue, entry.type_code), now_ms), ()
        case Question.CONTENT:
            return _ask(state, entry, Question.LOT, now_ms)
