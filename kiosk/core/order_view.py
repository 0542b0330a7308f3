"""The view of an order for the screen: the saga in the citizen's terms."""

from typing import Any

from drivers.contract import CoinOut
from kiosk.ledger.ledger import claim_code
from kiosk.order.card_payment import CardState
from kiosk.order.change import CashMode, Taking, mode
from kiosk.order.gate import taken_now
from kiosk.order.model import IssueState, Order, OrderOutcome, OrderState
from kiosk.order.paper import UNCOLLECTED
from kiosk.order.saga import Saga, Stage, owed
from kiosk.visit.order_view import OrderView, Phase, Slip

_PHASES: dict[Stage, Phase] = {
    Stage.RESERVING: Phase.RESERVING,
    Stage.CONFIRMING: Phase.OFFERED,
    Stage.COLLECTING: Phase.COLLECTING,
    Stage.STACKING: Phase.COLLECTING,
    Stage.JUDGING: Phase.COUNTING,
    Stage.COUNTING: Phase.COUNTING,
    Stage.SEALING: Phase.ISSUING,
    Stage.ASKING: Phase.ISSUING,
    Stage.OPENING: Phase.ISSUING,
    Stage.HOLDING: Phase.ISSUING,
    Stage.READYING: Phase.ISSUING,
    Stage.STARTING: Phase.PRINTING,
    Stage.PRINTING: Phase.PRINTING,
    Stage.LOOKING: Phase.PRINTING,
    Stage.CANCELLING: Phase.PRINTING,
    Stage.RETRACTING: Phase.PRINTING,
    Stage.OFFERING: Phase.PRESENTING,
    Stage.WAITING: Phase.TAKEN_WAIT,
    Stage.CHECKING: Phase.TAKEN_WAIT,
    Stage.METERING: Phase.PAYING_OUT,
    Stage.PAYING: Phase.PAYING_OUT,
    Stage.WEIGHING: Phase.PAYING_OUT,
    Stage.CHOOSING: Phase.CHOOSING,
    Stage.TERMINAL: Phase.CARD,
    Stage.AUTHORISING: Phase.CARD,
    Stage.DOUBTING: Phase.CARD,
    Stage.BOOKING: Phase.BOOKING,
    Stage.BALANCING: Phase.BOOKING,
    Stage.OVER: Phase.CLOSED,
}

_AT_THE_TERMINAL = (Stage.DOUBTING, Stage.BOOKING, Stage.BALANCING)


def view(saga: Saga, slip: Slip = Slip.NONE, falling: CoinOut | None = None, prompt: str = "") -> OrderView:
    """The order as the screen shows it.

    `falling`: the hopper's last report of a payout. `prompt`: what the payment terminal asks of the citizen.
    """
    order = saga.order
    copies = len(order.issues)
    ended = sum(issue.state in (IssueState.DELIVERED, IssueState.UNDELIVERED) for issue in order.issues)
    current = order.current or (order.issues[-1] if order.issues else None)
    released = _released(saga)
    at_terminal = released and saga.stage in _AT_THE_TERMINAL
    waiting = saga.stage is Stage.WAITING
    now = taken_now(saga) if saga.stage is Stage.COLLECTING else Taking()
    return OrderView(
        order=order.id,
        phase=Phase.CLOSED if released and order.reason != "interrupted" else _PHASES[saga.stage],
        fee=order.fee,
        credit=order.credit,
        to_pay=_to_pay(order),
        paid=order.paid + _out_so_far(saga, falling),
        claim=owed(order, saga.policy) if released else order.claim,
        kept=order.earned,
        copy=min(ended + 1, copies),
        copies=copies,
        delivered=sum(issue.state is IssueState.DELIVERED for issue in order.issues),
        sheet=saga.sheet,
        sheets=current.sheets if current is not None else 0,
        blocked="card-silent" if saga.stage in (Stage.DOUBTING, Stage.BALANCING) else saga.blocked,
        clearing=saga.stage in (Stage.CANCELLING, Stage.RETRACTING),
        cancelled=order.reason in ("cancelled", "left"),
        retract_at_ms=saga.deadline_ms if waiting else None,
        outcome=_outcome(order, released=released),
        reason="card-settling" if at_terminal else order.reason,
        doubt=_doubt(order),
        claim_code=claim_code(order.id) if order.claim or (released and not at_terminal) else "",
        slip=slip,
        redeems=order.redeems,
        redeem=order.redeem,
        opened_ms=order.opened_ms,
        at_card=bool(order.holder),
        lang=order.lang,
        coins=now.coins,
        notes=now.notes,
        exact=saga.till is not None and mode(saga.till, order.fee) is CashMode.EXACT,
        stacking=saga.stage is Stage.STACKING,
        refused=saga.refused_note,
        unsure=_unsure(saga),
        undecided=_undecided(order),
        taken_back=any(i.state is IssueState.UNDELIVERED and i.reason == UNCOLLECTED for i in order.issues),
        over=order.state in (OrderState.CLOSED, OrderState.CARD_DUE),
        **by_card(saga, prompt),
    )


def by_card(saga: Saga, prompt: str) -> dict[str, Any]:
    """The fields of the view that concern payment by card."""
    order, card = saga.order, saga.order.card
    means = (*(("cash",) if order.base is not None else ()), *(("card",) if saga.policy.cards else ()))
    at_work = saga.stage in (Stage.AUTHORISING, Stage.DOUBTING)
    return {
        "means": means,
        "by_card": order.by_card or at_work,
        "reserved": card.amount if card is not None and order.by_card else 0,
        "given_back": card.reversed if card is not None else 0,
        "settling": _settling(order),
        "prompt": prompt if saga.stage is Stage.AUTHORISING else "",
        "problem": saga.fault if saga.stage is Stage.CHOOSING else "",
    }


def _out_so_far(saga: Saga, falling: CoinOut | None) -> int:
    """The coins that have come out of the payout under way (KRW).

    Earlier payouts are already in `order.paid`.
    """
    order = saga.order
    payout = order.payout if order.state is OrderState.PAYING else None
    if payout is None or falling is None or falling.key != payout.key:
        return 0
    return falling.paid * (payout.value or saga.policy.hopper_coin)


def _to_pay(order: Order) -> int:
    """The whole sum that this order pays out; 0 before the money is being settled."""
    if order.state not in (OrderState.PAYING, OrderState.SETTLING, OrderState.CLOSED):
        return 0
    return order.paid + max(0, order.due) - (order.claim if order.state is OrderState.CLOSED else 0)


def _released(saga: Saga) -> bool:
    """Whether the citizen is not kept waiting any more, although the order still waits for evidence.

    Not while paper that nobody took goes into the bin, nor while the terminal books: those end in a moment,
    and the screen waits for the result. If the terminal does not answer, the order becomes CARD_DUE and is
    released.
    """
    if saga.live or (saga.stage is Stage.RETRACTING and saga.fault == UNCOLLECTED):
        return False
    if saga.stage in _AT_THE_TERMINAL:
        return saga.order.state is OrderState.CARD_DUE
    return saga.stage in (Stage.COUNTING, Stage.WEIGHING, Stage.CHECKING, Stage.CANCELLING, Stage.RETRACTING)


def _unsure(saga: Saga) -> bool:
    """Whether it is not known yet how much money is in or has come out.

    A closed order is unsure only if it is disputed without a claim: then a person has to find the sum.
    """
    order = saga.order
    if order.state is OrderState.CLOSED:
        return order.disputed and not order.claim
    counting = order.base is not None and saga.stage in (Stage.COUNTING, Stage.JUDGING)
    unproved = order.unknown_coins or order.in_doubt or order.note or order.disputed
    return bool(unproved or counting or saga.stage is Stage.WEIGHING)


def _doubt(order: Order) -> str:
    """Which money was put in and is in doubt. A citizen who cancelled has to read of it, too."""
    if order.unknown_coins:
        return "coins-unknown"
    return "note-unknown" if order.in_doubt else ""


def _undecided(order: Order) -> bool:
    """Whether it is still open if the citizen got a copy or not."""
    on_its_way = (IssueState.PRINTING, IssueState.PRESENTING)
    return order.state is not OrderState.CLOSED and any(issue.state in on_its_way for issue in order.issues)


def _settling(order: Order) -> bool:
    """Whether the sum charged to the card is not proved yet, or never will be."""
    card = order.card
    if card is None or not order.by_card or card.state in (CardState.CAPTURED, CardState.REVERSED):
        return False
    return bool(order.earned or _undecided(order)) or card.state in (CardState.CAPTURING, CardState.DISPUTED)


def _outcome(order: Order, *, released: bool) -> OrderOutcome | None:
    """The outcome for the screen. A released order without an outcome shows that the money is on a record."""
    if order.outcome is not None or not released:
        return order.outcome
    if order.by_card and all(issue.state is IssueState.DELIVERED for issue in order.issues):
        return OrderOutcome.DELIVERED  # the card is charged as soon as the terminal answers
    return OrderOutcome.DISPUTED
