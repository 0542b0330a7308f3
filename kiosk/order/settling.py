"""PAY? to CLOSED: give back the sum due.

Core stores each payout command before it; the hopper counts the coins.
"""

import msgspec
from msgspec import UNSET

from kiosk.order import paying
from kiosk.order.booking import book
from kiosk.order.effects import PayOut, ReadCash
from kiosk.order.events import CashRead, CashReady, PayoutOver, Tick
from kiosk.order.handlers import on, table
from kiosk.order.model import FINAL, IssueState, OrderState, Payout
from kiosk.order.saga import (
    Move,
    Saga,
    Stage,
    change,
    change_issue,
    close,
    copy_names,
    enter,
    stay,
)
from kiosk.protocol import journal


def give_up(saga: Saga, reason: str) -> Saga:
    """Try no further copy: the waiting copies end UNDELIVERED (central never heard of them)."""
    issues = tuple(
        issue
        if issue.state in FINAL
        else msgspec.structs.replace(issue, state=IssueState.UNDELIVERED, reason=reason)
        for issue in saga.order.issues
    )
    return change(saga, issues=issues, reason=saga.order.reason or reason)


def settle(saga: Saga, now_ms: int) -> Move:
    """Settle the card first, then pay the sum due while the payer is there.

    If the payer has left, the sum becomes a claim (M5). The fee of a disputed copy always becomes a claim.
    """
    waiting = saga.order.state is OrderState.CARD_DUE
    saga = change(saga, state=saga.order.state if waiting else OrderState.SETTLING, payout=None)
    if saga.order.card is not None and saga.order.card.holds:
        return book(saga, now_ms)
    if paying.next_payout(saga) is None or not saga.live:
        return close(saga)
    return enter(
        saga,
        Stage.METERING,
        ReadCash(),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def undeliver(saga: Saga, reason: str, now_ms: int, *, spoiled: int = 0, retracted: int = 0) -> Move:
    """This copy will not be delivered: void its key, give up the waiting copies, give the money back."""
    issue = saga.issue
    ended = change_issue(saga, issue, state=IssueState.UNDELIVERED, reason=reason, spoiled=spoiled)
    record = journal.IssueVoid(
        *copy_names(ended.order, issue), reason=reason, spoiled=spoiled, retracted=retracted
    )
    return Move(give_up(ended, reason), (record,)).then(lambda s: settle(s, now_ms))


def _metered(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """The hopper's lifetime count is known: store PAY? with it, then pay once."""
    if not saga.live:
        return close(saga)  # the payer left meanwhile: no command was sent, so the sum is owed (M5)
    part = paying.next_payout(saga)
    counted = paying.counted(event.reading, part.hopper) if part is not None else None
    if part is None or counted is None:
        return stay(saga)
    order = saga.order
    sale = saga.policy.sale
    coins = min(part.coins, sale.coins_per_payout)
    payout = Payout(
        f"{order.id}-p{order.payouts + 1}",
        coins,
        counted.dispensed,
        counted.serial,
        part.hopper,
        part.value,
        sale.hopper_remembers,
    )
    intent = change(saga, state=OrderState.PAYING, payout=payout, payouts=order.payouts + 1)
    record = journal.PayIntent(order.id, payout.key, coins, counted.dispensed, payout.hopper)
    return Move(intent, (record,)).then(
        lambda s: enter(
            s,
            Stage.PAYING,
            PayOut(payout.key, coins, payout.hopper),
            deadline_ms=now_ms + s.policy.evidence_ms + coins * 1_000,
        )
    )


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    if saga.stage is Stage.METERING and now_ms >= saga.deadline_ms:
        # No command was sent to that hopper: another hopper pays, or the whole sum safely becomes a claim.
        return settle(paying.dry(saga), now_ms)
    if saga.stage is Stage.WEIGHING and saga.live and now_ms >= saga.deadline_ms:
        saga = msgspec.structs.replace(saga, live=False)  # the screen tells the citizen; the order waits on
    if saga.retry_ms and now_ms >= saga.retry_ms:
        again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
        return Move(again, effects=(ReadCash(_about(saga)),))
    return stay(saga)


def _paid_out(saga: Saga, event: PayoutOver, now_ms: int) -> Move | None:
    payout = saga.order.payout
    if payout is None or event.key != payout.key:
        return None
    if event.result is None:
        return _weigh(saga, now_ms)
    return _paid(saga, event.result.dispensed, event.result.span, now_ms)


def _pay_late(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    return _weigh(saga, now_ms) if now_ms >= saga.deadline_ms else None


def _weigh(saga: Saga, now_ms: int) -> Move:
    return enter(
        saga,
        Stage.WEIGHING,
        ReadCash(_about(saga)),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def _weighed(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """Take the paid coins from the hopper's lifetime count once it has stopped, never from the command."""
    payout = saga.order.payout
    counted = paying.counted(event.reading, payout.hopper) if payout is not None else None
    if isinstance(event, CashRead) and event.about != _about(saga):
        return stay(saga)  # an answer to a question from before the payout
    if payout is None or counted is None:
        return stay(saga)
    if counted.serial != payout.hopper_serial or not payout.remembered:
        return _unprovable(saga)
    return _paid(saga, counted.dispensed, counted.span, now_ms)


def _paid(saga: Saga, dispensed: int, span: int, now_ms: int) -> Move:
    order, payout = saga.order, saga.order.payout
    if payout is None:
        return stay(saga)
    coins = (dispensed - payout.dispensed_before) % span
    if coins > payout.coins:
        return _unprovable(saga)
    value = payout.value or saga.policy.hopper_coin
    paid = change(saga, state=OrderState.SETTLING, paid=order.paid + coins * value, payout=None)
    record = journal.Paid(order.id, payout.key, coins=coins, wanted=payout.coins, value=coins * value)
    # If it paid short, this hopper never pays the rest. Without another hopper the rest is owed on a record.
    paid = (
        paying.less(paid, payout.hopper, coins) if coins == payout.coins else paying.dry(paid, payout.hopper)
    )
    return Move(paid, (record,)).then(lambda s: settle(s, now_ms))


def _unprovable(saga: Saga) -> Move:
    """The payout can't be proved: close the order as DISPUTED, so that a person decides.

    The hopper was exchanged, does not keep its count, or has paid more coins than core asked for.
    """
    payout = saga.order.payout
    key, doubt = (payout.key, payout.coins) if payout is not None else ("", UNSET)
    record = journal.PayoutDisputed(saga.order.id, key, doubt)
    return Move(change(saga, reason="payout-disputed", disputed=True), (record,)).then(close)


def _about(saga: Saga) -> str:
    """The key of the payout under way.

    It marks a question, so that core can tell earlier answers from later ones.
    """
    return saga.order.payout.key if saga.order.payout else ""


HANDLERS = table(
    on(Stage.METERING, CashRead, _metered),
    on(Stage.METERING, CashReady, _metered),
    on(Stage.METERING, Tick, _ask_again),
    on(Stage.PAYING, PayoutOver, _paid_out),
    on(Stage.PAYING, Tick, _pay_late),
    on(Stage.WEIGHING, CashRead, _weighed),
    on(Stage.WEIGHING, CashReady, _weighed),
    on(Stage.WEIGHING, Tick, _ask_again),
)
