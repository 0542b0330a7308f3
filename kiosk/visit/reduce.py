"""The visit's one decision: (state, event, now) -> (state, effects). Pure; events that do not fit change nothing."""

from typing import assert_never

import msgspec

from kiosk.health.health import Health
from kiosk.order.model import OrderOutcome
from kiosk.visit.answering import draft_answered
from kiosk.visit.basket import called_off, undrafted
from kiosk.visit.events import (
    CardEvent,
    CardIn,
    CardOut,
    CardReady,
    CardRefused,
    CatalogueChanged,
    DraftCame,
    DraftChoice,
    DraftFailed,
    Entered,
    GuideOver,
    HealthChanged,
    HolderKnown,
    Interrupted,
    OrderMoved,
    OrderRefused,
    PowerTold,
    Pressed,
    Tick,
    VisitEvent,
    WorkerReady,
)
from kiosk.visit.following import follow
from kiosk.visit.identifying import (
    ask,
    await_card,
    card_in,
    card_out,
    card_ready,
    entered,
    holder_known,
    let_go,
    reader_works,
    refused,
    worker_came,
)
from kiosk.visit.moves import Move, go, requests, resting, stay
from kiosk.visit.order_view import OrderView, Slip
from kiosk.visit.passing import tick
from kiosk.visit.patience import arm
from kiosk.visit.power import power_told
from kiosk.visit.presses import LANGUAGES, press
from kiosk.visit.refund import MONEY
from kiosk.visit.screens import (
    Attract,
    Card,
    Check,
    InsertCard,
    OutOfService,
    Preparing,
    Refund,
    Trouble,
    Which,
)
from kiosk.visit.state import Since, Visit


def reduce(state: Visit, event: VisitEvent, now_ms: int) -> Move:
    """The next visit and what core shall do, in order. `now_ms` never goes back; its zero does not matter."""
    after, effects = _decide(state, event, now_ms)
    if isinstance(state.screen, Preparing | Which) and not isinstance(after.screen, Preparing | Which):
        after = msgspec.structs.replace(after, basket=called_off(after.basket))
    return after, (*let_go(state.screen, after.screen), *effects)


def _decide(state: Visit, event: VisitEvent, now_ms: int) -> Move:
    match event:
        case Pressed(control=control):
            return press(state, control, now_ms)
        case Tick():
            return tick(state, now_ms)
        case HealthChanged(health=health):
            return _take_health(state, health, now_ms), ()
        case CatalogueChanged() | PowerTold():
            return _of_the_machine(state, event, now_ms)
        case OrderMoved(view=view):
            return follow(state, view, now_ms)
        case WorkerReady() | OrderRefused() | Interrupted() | GuideOver():
            return _hear(state, event, now_ms)
        case DraftCame() | DraftChoice() | DraftFailed():
            return draft_answered(state, event, now_ms)
        case CardIn() | CardOut() | CardReady() | CardRefused() | HolderKnown() | Entered():
            return _identify(state, event, now_ms)
        case _ as never:
            assert_never(never)


def _of_the_machine(state: Visit, event: CatalogueChanged | PowerTold, now_ms: int) -> Move:
    """What changes under a visit, or between two."""
    match event:
        case CatalogueChanged(catalogue=catalogue):
            return (state if state.serving else msgspec.structs.replace(state, catalogue=catalogue)), ()
        case PowerTold(power=power):
            return power_told(state, power, now_ms)
        case _ as never:
            assert_never(never)


def _identify(state: Visit, event: CardEvent, now_ms: int) -> Move:
    """The card, and what it leads to."""
    match event:
        case CardIn(reader=reader, insertion=insertion):
            return card_in(state, Card(reader, insertion), now_ms)
        case CardOut():
            return card_out(state, now_ms)
        case CardReady():
            return card_ready(state, event, now_ms)
        case CardRefused():
            return refused(state, event, now_ms)
        case HolderKnown():
            return holder_known(state, event, now_ms)
        case Entered(control=control, sealed=sealed):
            return entered(state, control, sealed, now_ms)
        case _ as never:
            assert_never(never)


def _hear(
    state: Visit,
    event: WorkerReady | OrderRefused | Interrupted | GuideOver,
    now_ms: int,
) -> Move:
    """What worker and core answer."""
    match event:
        case WorkerReady():
            return _worker_ready(state, now_ms)
        case OrderRefused(code=code):
            return _order_refused(state, code, now_ms)
        case Interrupted(view=view):
            return _interrupted(state, view, now_ms)
        case GuideOver(slip=slip):
            return _guide_over(state, slip, now_ms)
        case _ as never:
            assert_never(never)


def _take_health(state: Visit, health: Health, now_ms: int) -> Visit:
    """New health; each ailment keeps the moment at which it began. The screens for nobody follow it,
    and the one that waits for a card.
    """
    began = {(since.device, since.reason): since.since_ms for since in state.since}
    since = tuple(
        Since(ailment.device, ailment.reason, began.get((ailment.device, ailment.reason), now_ms))
        for ailment in health.ailments
    )
    known = msgspec.structs.replace(state, health=health, since=since)
    screen = resting(known)
    if isinstance(state.screen, Attract | OutOfService) and type(screen) is not type(state.screen):
        return arm(msgspec.structs.replace(known, screen=screen, overlay=None), now_ms)
    if isinstance(state.screen, InsertCard) and not reader_works(known):
        return await_card(known, state.screen.entry, now_ms)
    return known


def _worker_ready(state: Visit, now_ms: int) -> Move:
    """The first one of a visit may be waited for; a second one means that the first died, and its drafts with it."""
    if not state.serving:
        return stay(state)
    kept = undrafted(state.basket) if state.worker_ready else state.basket
    ready = msgspec.structs.replace(state, worker_ready=True, basket=kept)
    match state.screen:
        case Check(draft=draft, until_ms=None) if state.worker_ready:
            return ask(ready, draft.entry, now_ms)
        case Which() as screen if state.worker_ready:
            return ask(ready, screen.entry, now_ms)
        case Preparing(requested=False) as screen:
            asked = msgspec.structs.replace(screen, requested=True)
            return msgspec.structs.replace(ready, screen=asked), requests(ready, asked)
        case _:
            return worker_came(ready, now_ms)


def _order_refused(state: Visit, code: str, now_ms: int) -> Move:
    match state.screen:
        case Check(draft=draft, until_ms=int()):
            # What does not fit what was drafted is drafted anew, all of it.
            kept = undrafted(state.basket) if code == "changed" else state.basket
            refused = msgspec.structs.replace(state, basket=kept)
            return go(refused, Trouble(code, draft.entry), now_ms), ()
        case Refund(view=None):
            return go(state, Trouble(code, MONEY), now_ms), ()
        case _:
            return stay(state)


def _guide_over(state: Visit, slip: Slip, now_ms: int) -> Move:
    match state.screen:
        case Trouble(guide=Slip.PRINTING) as screen:
            return arm(
                msgspec.structs.replace(state, screen=msgspec.structs.replace(screen, guide=slip)), now_ms
            ), ()
        case _:
            return stay(state)


def _interrupted(state: Visit, view: OrderView, now_ms: int) -> Move:
    """Only what is owed or doubtful is worth telling to whoever stands here after a power cut, in their language."""
    owed = view.claim > 0 or view.outcome is OrderOutcome.DISPUTED
    if state.serving or not owed:
        return stay(state)
    lang = view.lang if view.lang in LANGUAGES else state.display.lang
    told = msgspec.structs.replace(state, display=msgspec.structs.replace(state.display, lang=lang))
    return go(told, Trouble("interrupted", view=view), now_ms), ()
