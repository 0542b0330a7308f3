"""What the payment terminal, its host, its line and the hand with the card can do next, and what core hears of it.

The terminal has a current of its own: what it was told it does, whether the machine has power or not.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from drivers.contract import CardReserved, Outcome, TerminalReading
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from tests.proof.heart import hear
from tests.proof.payment import STRANGER, Terminal
from tests.proof.world import COIN, Next, Power, Setting, Step, Who, World

Book = order_effects.Capture | order_effects.Reverse


def steps(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen there in this state."""
    if "card" not in setting.means:
        return
    yield from _moves(world)
    if world.core.power is Power.DARK:
        return
    if world.card.asked:
        rest = replace(world, card=replace(world.card, asked=world.card.asked[1:]))
        yield from _commands(setting, rest, world.card.asked[0])
    if world.core.power is Power.UP:
        yield from _told(setting, world)
        if world.core.faults < setting.faults:
            yield from _troubles(world)


def _step(world: World, what: str, card: Terminal, *said: OrderEvent, who: Who = Who.DEVICE) -> Next:
    """What is said is heard by a core that is there and listens."""
    if said and world.core.power is Power.UP:
        card = replace(card, said=(*card.said, *said))
    return Step(who, what), replace(world, card=card)


def _moves(world: World) -> Iterator[Next]:
    card = world.card
    if card.late is not None:
        free = replace(card, late=None, looked=False)
        yield _step(world, "the command never reaches the terminal", free)
        if card.doing is None:
            arrived = replace(free, doing=card.late, linked=False)
            yield _step(world, "the terminal takes up a command whose answer nobody waits for", arrived)
    match card.doing:
        case order_effects.Authorise(key, amount):
            yield from _authorising(world, key, amount)
        case order_effects.Capture() | order_effects.Reverse():
            yield _step(world, "the terminal has booked it", booked(card, card.doing))
            yield _step(world, "the terminal gives it up", replace(card, doing=None, linked=False))
        case _:
            pass


def _authorising(world: World, key: str, amount: int) -> Iterator[Next]:
    card = world.card
    free = replace(card, doing=None, linked=False)
    none, unknown = (
        order_events.CardAnswered(key, Outcome.NOT_DONE),
        order_events.CardAnswered(key, Outcome.UNKNOWN),
    )
    receipt = card.receipts + 1
    held = replace(free, receipts=receipt, open=(*card.open, receipt))
    shown = "a card is shown; the fee is reserved"
    if not card.linked:
        yield _step(world, f"{shown}, and nobody listens", held, who=Who.CITIZEN)
        yield _step(world, "the terminal gives up waiting", free)
        return
    done = order_events.CardAnswered(key, Outcome.DONE, CardReserved(key, receipt, amount))
    yield _step(world, shown, held, done, who=Who.CITIZEN)
    yield _step(world, f"{shown}, and the answer is lost", held, unknown, who=Who.CITIZEN)
    yield _step(world, "no card is shown, or it is declined", free, none)
    yield _step(world, "nothing is reserved, and the terminal does not say so", free, unknown)
    yield _step(world, "the line to the terminal breaks", replace(card, linked=False), unknown)


def booked(card: Terminal, effect: Book) -> Terminal:
    """The terminal with a reservation charged and the rest given back, or all of it. One that is over stays over."""
    free = replace(card, doing=None, linked=False)
    if effect.receipt == STRANGER:
        return replace(free, touched=True)
    if effect.receipt not in card.open:
        return free
    coins = effect.amount // COIN if isinstance(effect, order_effects.Capture) else 0
    left = tuple(receipt for receipt in card.open if receipt != effect.receipt)
    return replace(free, open=left, charged=card.charged + coins)


def _commands(setting: Setting, world: World, effect: Effect) -> Iterator[Next]:
    """One dialogue after the other. A command may be lost on its way, or be taken up when its line has gone."""
    card = world.card
    match effect:
        case order_effects.ReadTerminal(about):
            yield from _read(setting, world, about)
        case order_effects.Authorise(key):
            if card.doing is None:
                begun = replace(card, doing=effect, linked=world.core.power is Power.UP)
                yield _step(world, "the terminal asks for a card", begun)
            not_there = order_events.CardAnswered(key, Outcome.NOT_DONE)
            yield _step(world, "the terminal is not there, or busy", card, not_there)
            unknown = order_events.CardAnswered(key, Outcome.UNKNOWN)
            if card.late is None:
                yield _step(world, "nobody knows what became of it", replace(card, late=effect), unknown)
        case order_effects.Capture() | order_effects.Reverse():
            yield from _booking(world, effect)
        case _:
            pass


def _booking(world: World, effect: Book) -> Iterator[Next]:
    card, unknown = world.card, order_events.CardBooked(effect.key, Outcome.UNKNOWN)
    yield _step(
        world,
        "the terminal is not there, or busy",
        card,
        order_events.CardBooked(effect.key, Outcome.NOT_DONE),
    )
    if card.late is None:
        yield _step(world, "nobody knows what became of it", replace(card, late=effect), unknown)
    if card.doing is not None:
        return
    if effect.receipt in (*card.open, STRANGER):
        after = booked(card, effect)
        yield _step(world, "the terminal books it", after, order_events.CardBooked(effect.key, Outcome.DONE))
        yield _step(world, "the terminal books it, and the answer is lost", after, unknown)
    going_on = replace(card, doing=effect, linked=False)
    yield _step(world, "the line breaks while the terminal is at it", going_on, unknown)


def _read(setting: Setting, world: World, about: str) -> Iterator[Next]:
    """The line is free when nobody else's dialogue is on it. A command on its way outlasts one look, not two."""
    card = world.card
    yield _step(world, "the terminal does not answer", card, order_events.TerminalRead(None, about))
    if (card.doing is not None and card.linked) or (card.late is not None and card.looked):
        return
    if card.doing is not None and setting.tells_busy:
        busy = TerminalReading(card.serial, busy=True)
        yield _step(world, "the terminal says that it is busy", card, order_events.TerminalRead(busy, about))
        return
    strangers = (STRANGER,) if card.serial == "T1" and (setting.reads_before or about) else ()
    held = (*strangers, *card.open) if setting.lists_open else ()
    reading = TerminalReading(card.serial, busy=False, open=held)
    looked = replace(card, looked=card.late is not None)
    yield _step(
        world,
        f"the terminal says what is open: {len(held)}",
        looked,
        order_events.TerminalRead(reading, about),
    )


def _told(setting: Setting, world: World) -> Iterator[Next]:
    card = world.card
    if not card.said:
        return
    event, after = card.said[0], replace(world, card=replace(card, said=card.said[1:]))
    if world.core.saga is None:
        yield Step(Who.DEVICE, "nobody hears it"), after
        return
    for fate, heard in hear(setting, after, event):
        looks = isinstance(event, order_events.TerminalRead) and not setting.looks_twice and not fate
        for again, twice in hear(setting, heard, event) if looks and heard.core.saga else (("", heard),):
            yield Step(Who.DEVICE, "core hears it" + fate + again), twice


def _troubles(world: World) -> Iterator[Next]:
    """The terminal process dies and comes back; another terminal is put in the place of this one."""
    card = world.card
    core = replace(world.core, faults=world.core.faults + 1)
    lost = tuple(_lost(effect) for effect in (*((card.doing,) if card.linked else ()), *card.asked))
    dead = replace(card, linked=False, asked=(), said=(*card.said, *(e for e in lost if e is not None)))
    what = "the terminal process dies and is started again"
    yield Step(Who.TROUBLE, what), replace(world, core=core, card=dead)
    if card.serial == "T1" and card.doing is None and card.late is None:
        other = replace(card, serial="T2", open=(), away=card.open)
        yield Step(Who.TROUBLE, "another terminal is put there"), replace(world, core=core, card=other)


def _lost(effect: Effect | None) -> OrderEvent | None:
    match effect:
        case order_effects.Authorise(key):
            return order_events.CardAnswered(key, Outcome.UNKNOWN)
        case order_effects.Capture(key) | order_effects.Reverse(key):
            return order_events.CardBooked(key, Outcome.UNKNOWN)
        case order_effects.ReadTerminal(about):
            return order_events.TerminalRead(None, about)
        case _:
            return None
