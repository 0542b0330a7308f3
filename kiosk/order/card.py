"""The choice of how to pay, and CARD? to AUTHORISED: the terminal reserves the whole fee on a card.

This happens before core asks central for the first document number. If the terminal's answer is lost, core
reads the open reservations in the terminal's memory and compares them with those stored with CARD?. The
order stays open until the terminal has answered. Core never reserves twice in one order.
"""

import msgspec

from drivers.contract import Outcome as Proof
from kiosk.order import issuing, settling
from kiosk.order.booking import SURE, card_names, let_go, payment, question
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.effects import Authorise, ReadTerminal, StopCard
from kiosk.order.events import CardAnswered, MeansChosen, Stop, TerminalRead, Tick, VisitOver
from kiosk.order.gate import start
from kiosk.order.handlers import on, table
from kiosk.order.model import OrderState
from kiosk.order.saga import Move, Saga, Stage, change, change_card, enter, stay
from kiosk.protocol import journal

CASH, CARD, CHOICE = "cash", "card", "choice"


def choose(saga: Saga, problem: str = "") -> Move:
    """Ask how to pay. `problem` says why the card payment failed; "" if it did not fail."""
    again = msgspec.structs.replace(saga, wish="", fault=problem)
    return enter(change(again, state=OrderState.COLLECT), Stage.CHOOSING)


def ask_terminal(saga: Saga, now_ms: int) -> Move:
    """Before core stores CARD?, ask whether the terminal answers and which reservations are open there."""
    policy = saga.policy
    return enter(
        msgspec.structs.replace(saga, wish="", fault=""),
        Stage.TERMINAL,
        ReadTerminal(),
        deadline_ms=now_ms + policy.stall_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _chosen(saga: Saga, event: MeansChosen, now_ms: int) -> Move | None:
    if event.means == CARD:
        return ask_terminal(saga, now_ms)
    if event.means == CASH and saga.order.base is not None:
        return enter(
            msgspec.structs.replace(saga, fault=""),
            Stage.COLLECTING,
            start(saga),
        )
    return None


def _stop(saga: Saga, event: Stop | VisitOver, now_ms: int) -> Move:
    """Core has not asked for a card yet, so there is nothing to give back."""
    reason = event.reason if isinstance(event, Stop) else "left"
    gone = saga if isinstance(event, Stop) else msgspec.structs.replace(saga, live=False)
    return settling.settle(settling.give_up(gone, reason), now_ms)


def _terminal_ready(saga: Saga, event: TerminalRead, now_ms: int) -> Move:
    """Store CARD? with the reservations that are open now, then ask for the card."""
    reading = event.reading
    if reading is None or reading.busy or event.about:
        return stay(saga)
    order = saga.order
    attempt = order.card.attempt + 1 if order.card is not None else 1
    card = CardPayment(f"{order.id}-c{attempt}", attempt, order.fee, reading.serial, reading.open)
    intent = change(saga, state=OrderState.CARD, card=card)
    record = journal.CardIntent(*card_names(intent), amount=card.amount, terminal=card.terminal)
    return Move(intent, (record,)).then(
        lambda s: enter(
            s,
            Stage.AUTHORISING,
            Authorise(card.key, card.amount),
            deadline_ms=now_ms + s.policy.card_ms + s.policy.evidence_ms,
        )
    )


def _terminal_late(saga: Saga, event: Tick, now_ms: int) -> Move:
    if now_ms >= saga.deadline_ms:
        return choose(saga, "card-down")
    return _read_again(saga, now_ms)


UNPAID = frozenset({Stage.CHOOSING, Stage.TERMINAL, Stage.AUTHORISING})


def call_off(saga: Saga, event: Stop, now_ms: int) -> Move:
    """Call off the card payment for this reason, in whichever unpaid stage the order is."""
    return _stop_card(saga, event, now_ms) if saga.stage is Stage.AUTHORISING else _stop(saga, event, now_ms)


def _other_way(saga: Saga, event: MeansChosen, now_ms: int) -> Move | None:
    """The citizen wants another way to pay.

    The terminal stops waiting for a card, but its last answer still counts.
    """
    if saga.stage is Stage.TERMINAL:
        return choose(saga)
    return Move(
        msgspec.structs.replace(saga, wish=event.means or CHOICE), effects=(StopCard(payment(saga).key),)
    )


def _stop_card(saga: Saga, event: Stop | VisitOver, now_ms: int) -> Move:
    reason = event.reason if isinstance(event, Stop) else "left"
    stopping = change(saga, reason=saga.order.reason or reason)
    if isinstance(event, VisitOver):
        stopping = msgspec.structs.replace(stopping, live=False)
    return Move(stopping, effects=(StopCard(payment(saga).key),))


def _answered(saga: Saga, event: CardAnswered, now_ms: int) -> Move | None:
    if event.key != payment(saga).key:
        return None
    if event.proof is Proof.NOT_DONE:
        return _not_taken(saga, event.code or "card-down", now_ms)
    if event.proof is Proof.DONE and event.result is not None:
        return _reserved(saga, event.result.receipt, event.result.amount, now_ms)
    return doubt(saga, now_ms)


def _answer_late(saga: Saga, event: Tick, now_ms: int) -> Move:
    return doubt(saga, now_ms) if now_ms >= saga.deadline_ms else stay(saga)


def _reserved(saga: Saga, receipt: int, amount: int, now_ms: int) -> Move:
    """Store the reservation before anything else, then issue the documents.

    If the order has a reason to end, or the amount is wrong, everything goes back.
    """
    right = amount == payment(saga).amount
    held = change_card(saga, state=CardState.RESERVED, receipt=receipt, amount=amount)
    record = journal.CardAuthorised(*card_names(held), amount=amount)
    move = Move(msgspec.structs.replace(held, wish="", seen=0), (record,))
    reason = held.order.reason or ("" if right else "card-amount") or ("" if held.live else "left")
    if reason:
        return move.then(lambda s: settling.settle(settling.give_up(s, reason), now_ms))
    return move.then(lambda s: issuing.next_issue(s, now_ms))


def _not_taken(saga: Saga, why: str, now_ms: int) -> Move:
    """It is proved that nothing is reserved. If the citizen is still there, go back to the choice."""
    over = change_card(saga, state=CardState.NOT_TAKEN, reason=why)
    record = journal.CardNotTaken(*card_names(over), reason=why)
    move = Move(msgspec.structs.replace(over, seen=0), (record,))
    if over.order.reason or not over.live:
        return move.then(lambda s: settling.settle(settling.give_up(s, s.order.reason or "left"), now_ms))
    if over.wish == CASH and over.order.base is not None:
        back = change(msgspec.structs.replace(over, wish="", seen=0), state=OrderState.COLLECT)
        return Move(back, (record,)).then(lambda s: enter(s, Stage.COLLECTING, start(s)))
    return move.then(lambda s: choose(s, "" if s.wish else why))


def doubt(saga: Saga, now_ms: int) -> Move:
    """It is unknown what the terminal did: stop its wait for a card and ask its memory until it answers."""
    policy = saga.policy
    return enter(
        msgspec.structs.replace(saga, seen=0),
        Stage.DOUBTING,
        StopCard(payment(saga).key),
        ReadTerminal(question(saga, Stage.DOUBTING)),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _looked(saga: Saga, event: TerminalRead, now_ms: int) -> Move:
    """Decide from the terminal's list of open reservations.

    One reservation more than before CARD? belongs to this order. If an idle terminal reports none SURE times,
    nothing was reserved.
    """
    card, reading = payment(saga), event.reading
    if reading is None or reading.busy or event.about != question(saga, saga.stage):
        return stay(saga)
    fresh = tuple(receipt for receipt in reading.open if receipt not in card.before)
    if reading.serial != card.terminal or len(fresh) > 1:
        return _unprovable(saga, now_ms)
    if fresh:
        return _reserved(saga, fresh[0], card.amount, now_ms)
    if saga.seen + 1 < SURE:
        return Move(msgspec.structs.replace(saga, seen=saga.seen + 1))
    return _not_taken(saga, "card-silent", now_ms)


def _unprovable(saga: Saga, now_ms: int) -> Move:
    """Another terminal answers, or two new reservations are open: core delivers nothing.

    A person decides (DISPUTED).
    """
    disputed = change_card(saga, state=CardState.DISPUTED, reason="card-disputed")
    record = journal.CardDisputed(*card_names(disputed), amount=payment(saga).amount)
    return Move(settling.give_up(disputed, "card-disputed"), (record,)).then(
        lambda s: settling.settle(s, now_ms)
    )


def _doubt_late(saga: Saga, event: Tick, now_ms: int) -> Move:
    """Past the deadline the citizen is not kept waiting, and the order waits for the terminal alone.

    If a reservation turns out to exist, core gives it back.
    """
    if saga.order.state is OrderState.CARD_DUE or now_ms < saga.deadline_ms:
        return _read_again(saga, now_ms)
    left = change(saga, reason=saga.order.reason or "card-silent")
    return let_go(left).then(lambda s: _read_again(s, now_ms))


def _leave_doubt(saga: Saga, event: Stop | VisitOver, now_ms: int) -> Move:
    reason = event.reason if isinstance(event, Stop) else "left"
    left = change(saga, reason=saga.order.reason or reason)
    return Move(left if isinstance(event, Stop) else msgspec.structs.replace(left, live=False))


def _read_again(saga: Saga, now_ms: int) -> Move:
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return Move(saga)
    again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
    about = question(saga, saga.stage) if saga.stage is Stage.DOUBTING else ""
    return Move(again, effects=(ReadTerminal(about),))


HANDLERS = table(
    on(Stage.CHOOSING, MeansChosen, _chosen),
    on((Stage.CHOOSING, Stage.TERMINAL), Stop, _stop),
    on((Stage.CHOOSING, Stage.TERMINAL), VisitOver, _stop),
    on(Stage.TERMINAL, TerminalRead, _terminal_ready),
    on(Stage.TERMINAL, Tick, _terminal_late),
    on(Stage.TERMINAL, MeansChosen, _other_way),
    on(Stage.AUTHORISING, MeansChosen, _other_way),
    on(Stage.AUTHORISING, Stop, _stop_card),
    on(Stage.AUTHORISING, VisitOver, _stop_card),
    on(Stage.AUTHORISING, CardAnswered, _answered),
    on(Stage.AUTHORISING, Tick, _answer_late),
    on(Stage.DOUBTING, CardAnswered, _answered),
    on(Stage.DOUBTING, TerminalRead, _looked),
    on(Stage.DOUBTING, Stop, _leave_doubt),
    on(Stage.DOUBTING, VisitOver, _leave_doubt),
    on(Stage.DOUBTING, Tick, _doubt_late),
)
