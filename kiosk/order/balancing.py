"""After CAPTURE? and REVERSE?: ask the terminal's memory whether it has booked.

A reservation that is still open was not booked. Booking needs no citizen, so no citizen is kept waiting
for it. The order stays open until the terminal has answered.
"""

import msgspec

from drivers.contract import Outcome as Proof
from kiosk.order import settling
from kiosk.order.booking import SURE, card_names, let_go, payment, question, tell
from kiosk.order.card_payment import CardState
from kiosk.order.effects import ReadTerminal
from kiosk.order.events import CardBooked, TerminalRead, Tick, VisitOver
from kiosk.order.handlers import on, table
from kiosk.order.model import OrderState
from kiosk.order.saga import Move, Saga, Stage, change_card, enter, stay
from kiosk.protocol import journal

# The citizen waits for at most this many booking commands; then the order waits alone.
PATIENT_TRIES = 2


def look(saga: Saga, now_ms: int) -> Move:
    """Ask the terminal whether the reservation is still open."""
    policy = saga.policy
    return enter(
        msgspec.structs.replace(saga, seen=0),
        Stage.BALANCING,
        ReadTerminal(question(saga, Stage.BALANCING)),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _booked(saga: Saga, event: CardBooked, now_ms: int) -> Move | None:
    if event.key != payment(saga).key:
        return None
    if event.proof is Proof.DONE:
        return _proved(saga, now_ms)
    # Refused and unknown are treated alike: the terminal's memory decides whether core sends it again.
    if saga.tries < PATIENT_TRIES:
        return look(saga, now_ms)
    return let_go(saga).then(lambda s: look(s, now_ms))


def _late(saga: Saga, event: Tick, now_ms: int) -> Move:
    if now_ms < saga.deadline_ms:
        return stay(saga)
    return let_go(saga).then(lambda s: look(s, now_ms))


def _looked(saga: Saga, event: TerminalRead, now_ms: int) -> Move:
    """Decide from the terminal's list of open reservations.

    If an idle terminal reports the reservation as open SURE times, the booking was not done and core sends
    the command again. If the reservation is no longer open, the booking was done.
    """
    card, reading = payment(saga), event.reading
    if reading is None or reading.busy or event.about != question(saga, saga.stage):
        return stay(saga)
    if reading.serial != card.terminal:
        return _unprovable(saga, now_ms)
    if card.receipt not in reading.open:
        return _proved(saga, now_ms)
    if saga.seen + 1 < SURE:
        return Move(msgspec.structs.replace(saga, seen=saga.seen + 1))
    return tell(saga, now_ms)


def _proved(saga: Saga, now_ms: int) -> Move:
    card = payment(saga)
    captured = card.wanted if card.state is CardState.CAPTURING else 0
    state = CardState.CAPTURED if captured else CardState.REVERSED
    done = change_card(saga, state=state, captured=captured, reversed=card.amount - captured)
    kind = journal.CardCaptured if captured else journal.CardReversed
    record = kind(*card_names(done), captured=captured, reversed=card.amount - captured)
    return Move(msgspec.structs.replace(done, seen=0), (record,)).then(lambda s: settling.settle(s, now_ms))


def _unprovable(saga: Saga, now_ms: int) -> Move:
    """Another terminal answers. It knows nothing of this payment, so a person decides (DISPUTED)."""
    disputed = change_card(saga, state=CardState.DISPUTED, reason="card-disputed")
    record = journal.CardDisputed(*card_names(disputed), amount=payment(saga).amount)
    return Move(disputed, (record,)).then(lambda s: settling.settle(s, now_ms))


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move:
    late = saga.order.state is not OrderState.CARD_DUE and now_ms >= saga.deadline_ms
    move = let_go(saga) if late else Move(saga)
    return move.then(lambda s: read_again(s, now_ms))


def read_again(saga: Saga, now_ms: int) -> Move:
    """Ask the terminal once more, when it is time."""
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return Move(saga)
    again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
    return Move(again, effects=(ReadTerminal(question(saga, saga.stage)),))


def _nobody_there(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    return let_go(saga)


HANDLERS = table(
    on((Stage.BOOKING, Stage.BALANCING), CardBooked, _booked),
    on(Stage.BOOKING, Tick, _late),
    on(Stage.BALANCING, TerminalRead, _looked),
    on(Stage.BALANCING, Tick, _ask_again),
    on((Stage.BOOKING, Stage.BALANCING), VisitOver, _nobody_there),
)
