"""The saga as a value, and a move: records to store, then effects to run.

The rule of every move: its records are durable (one transaction) before its effects run. The intent record of
an effect that can't be undone is stored before the effect. An event that does not fit the stage is late or
belongs to something else, and is ignored.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from drivers.contract import PaperReading
from kiosk.order.card_payment import CardState
from kiosk.order.change import Till
from kiosk.order.effects import Effect
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.protocol import journal


class Stage(StrEnum):
    """What the saga is waiting for. Not stored: at boot it follows from the stored states."""

    RESERVING = "reserving"
    """Central is to hold the payer's claims for this redemption."""
    CONFIRMING = "confirming"
    """The payer must confirm that the machine shall pay now."""
    COLLECTING = "collecting"
    """The citizen puts coins and notes in."""
    STACKING = "stacking"
    """The validator moves a note to the stacker."""
    JUDGING = "judging"
    """Core asks the validator for its count, to learn where the note is."""
    COUNTING = "counting"
    """The acceptor is closed; coins that are still in flight are counted."""
    SEALING = "sealing"
    """The worker seals the request for a document number."""
    ASKING = "asking"
    """Central is to answer with the number."""
    OPENING = "opening"
    """The worker opens central's answer, renders the document and reads it back."""
    HOLDING = "holding"
    """The presenter closes its gate."""
    READYING = "readying"
    """Core reads the counters of printer and presenter before it opens the job."""
    STARTING = "starting"
    """The printer opens the job, still without a document."""
    PRINTING = "printing"
    """The worker sends the document, and the printer counts its sheets."""
    LOOKING = "looking"
    """Core reads the counters: do all sheets lie behind the gate?"""
    OFFERING = "offering"
    """The presenter pushes the paper out."""
    WAITING = "waiting"
    """The paper is in the mouth; the payer can take it."""
    CHECKING = "checking"
    """Core reads the counters: was the paper taken?"""
    CANCELLING = "cancelling"
    """The printer cancels the job."""
    RETRACTING = "retracting"
    """The presenter pulls the paper into the bin."""
    METERING = "metering"
    """Core reads the hopper's count before the hopper pays."""
    PAYING = "paying"
    """The hopper pays."""
    WEIGHING = "weighing"
    """Core reads the hopper's count: how many coins did the hopper pay?"""
    CHOOSING = "choosing"
    """The payer chooses between cash and card."""
    TERMINAL = "terminal"
    """Core reads the terminal's open reservations before it asks for a card."""
    AUTHORISING = "authorising"
    """The terminal asks for a card and reserves the fee."""
    DOUBTING = "doubting"
    """Core reads the terminal's open reservations: is the fee reserved?"""
    BOOKING = "booking"
    """The terminal charges what was delivered, or gives the whole sum back."""
    BALANCING = "balancing"
    """Core reads the terminal's open reservations: did the terminal book?"""
    OVER = "over"
    """The order has ended; core handles no event any more."""


class Hurry(StrEnum):
    """What the order does while the power fails.

    FINISH: the paid copies can still be finished. STOP: they can't, so the money goes back.
    """

    NONE = ""
    FINISH = "finish"
    STOP = "stop"


class Saga(Struct, frozen=True):
    """An order under way.

    - `live`: the payer is there.
    - `deadline_ms`: when the stage ends; `retry_ms`: when core asks again (0: never).
    - `before`: the reading of counters and sensors before core asked for the job.
    - `fault`: why paper is being cleared, or why the card payment failed, for the choice of how to pay.
    - `sent`: the worker has sent the whole document, as far as it knows.
    - `sheet`: the last sheet that came out; `blocked`: why the printer stands still.
    - `offers`: how often the paper was pushed out; `hurry`: whether and how the power failure presses.
    - `till`: what may be taken and given, as it was when the order opened, less what was paid out since.
    - `dry`: hoppers that have paid short or did not answer.
    - `refused_note`: the note (KRW) that core gave back last because it was not safe to take.
    - `wish`: the other way to pay (cash, card, or "choice"), used once it is proved that no money is in.
    - `seen`: how often the terminal has given the same answer about a payment in doubt.
    - `tries`: how often the terminal was told to book the payment.
    """

    order: Order
    policy: Policy
    stage: Stage
    live: bool = True
    deadline_ms: int = 0
    retry_ms: int = 0
    before: PaperReading | None = None
    fault: str = ""
    sent: bool = False
    sheet: int = 0
    blocked: str = ""
    offers: int = 0
    wish: str = ""
    seen: int = 0
    tries: int = 0
    till: Till | None = None
    dry: tuple[int, ...] = ()
    refused_note: int = 0
    hurry: Hurry = Hurry.NONE

    @property
    def issue(self) -> Issue:
        """The copy under way. Call it only in stages that have one."""
        current = self.order.current
        if current is None:
            raise LookupError(f"order {self.order.id} has no issue under way in stage {self.stage}")
        return current


class Move(Struct, frozen=True):
    """The result of one event: the new saga, the records of one transaction, and the effects after it."""

    saga: Saga
    records: tuple[journal.Row, ...] = ()
    effects: tuple[Effect, ...] = ()

    def then(self, follow: Callable[[Saga], "Move"]) -> "Move":
        """Continue from the new saga within the same transaction."""
        after = follow(self.saga)
        return Move(after.saga, self.records + after.records, self.effects + after.effects)


def stay(saga: Saga) -> Move:
    """Nothing changes."""
    return Move(saga)


def enter(saga: Saga, stage: Stage, *effects: Effect, deadline_ms: int = 0, retry_ms: int = 0) -> Move:
    """Go to a stage with its effects and its deadline (0: none)."""
    return Move(
        msgspec.structs.replace(saga, stage=stage, deadline_ms=deadline_ms, retry_ms=retry_ms),
        effects=effects,
    )


def change(saga: Saga, **fields: Any) -> Saga:
    """The saga with its order's fields replaced."""
    return msgspec.structs.replace(saga, order=msgspec.structs.replace(saga.order, **fields))


def change_issue(saga: Saga, issue: Issue, **fields: Any) -> Saga:
    """The saga with one issue's fields replaced."""
    new = msgspec.structs.replace(issue, **fields)
    return change(saga, issues=tuple(new if old.key == issue.key else old for old in saga.order.issues))


def copy_names(order: Order, issue: Issue) -> tuple[str, int, int, str, str, str]:
    """The first fields of every row about one copy: order, line, copy, key, type and number."""
    return order.id, issue.line, issue.copy, issue.key, issue.type_code, issue.number


def change_card(saga: Saga, **fields: Any) -> Saga:
    """The saga with its card payment's fields replaced."""
    if saga.order.card is None:
        raise LookupError(f"order {saga.order.id} is not paid by card in stage {saga.stage}")
    return change(saga, card=msgspec.structs.replace(saga.order.card, **fields))


def owed(order: Order, policy: Policy) -> int:
    """The sum that an order owes if it goes no further (KRW); not for a redemption.

    It is the sum due, plus the most that unknown coins and doubtful notes may be worth.
    """
    return max(0, order.due) + order.unknown_coins * max(policy.denominations) + order.in_doubt


def close(saga: Saga) -> Move:
    """Close the order: the owed sum becomes a claim; the outcome follows from issues and claim (M1, M2)."""
    order = saga.order
    card = order.card
    if order.redeems:
        return _close_redemption(saga)
    claim = owed(order, saga.policy)
    delivered = sum(issue.state is IssueState.DELIVERED for issue in order.issues)
    if (
        order.disputed
        or (card is not None and card.state is CardState.DISPUTED)
        or order.unknown_coins
        or order.in_doubt
        or any(issue.state is IssueState.DISPUTED for issue in order.issues)
    ):
        outcome = OrderOutcome.DISPUTED
    elif claim:
        outcome = OrderOutcome.CLAIM
    elif delivered == len(order.issues):
        outcome = OrderOutcome.DELIVERED
    else:
        outcome = OrderOutcome.PARTLY if delivered else OrderOutcome.REFUNDED
    closed = change(saga, state=OrderState.CLOSED, claim=claim, outcome=outcome)
    by_card = card if order.by_card else None
    owes = bool(claim) or outcome is OrderOutcome.DISPUTED
    end = journal.OrderClosed(
        order.id,
        outcome,
        fee=order.earned,
        credit=order.credit,
        paid=order.paid,
        claim=claim,
        reason=order.reason,
        captured=by_card.captured if by_card is not None else UNSET,
        reversed=by_card.reversed if by_card is not None else UNSET,
        holder=order.holder if order.holder and owes else UNSET,
    )
    return Move(msgspec.structs.replace(closed, stage=Stage.OVER, deadline_ms=0, retry_ms=0), (end,))


def _close_redemption(saga: Saga) -> Move:
    """Close a redemption. The unpaid rest is owed at central as before, so the redemption leaves no claim."""
    order = saga.order
    if order.disputed:
        outcome = OrderOutcome.DISPUTED
    else:
        outcome = OrderOutcome.CLAIM if order.due > 0 else OrderOutcome.REFUNDED
    closed = change(saga, state=OrderState.CLOSED, outcome=outcome)
    end = journal.OrderClosed(
        order.id,
        outcome,
        fee=0,
        credit=order.credit,
        paid=order.paid,
        claim=0,
        reason=order.reason,
        redeems=True,
    )
    over = msgspec.structs.replace(closed, stage=Stage.OVER, deadline_ms=0, retry_ms=0)
    return Move(over, (end,))
