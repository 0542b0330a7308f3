"""PAY? to CLOSED: give back what is due, one journaled payout command at a time, counted by the hopper itself."""

import msgspec

from kiosk.order.booking import book
from kiosk.order.effects import PayOut, ReadCash
from kiosk.order.events import CashRead, CashReady, OrderEvent, PayoutOver, Tick
from kiosk.order.model import FINAL, IssueState, OrderState, Payout
from kiosk.order.saga import (
    Handler,
    Move,
    Record,
    Saga,
    Stage,
    change,
    change_issue,
    close,
    enter,
    issue_record,
    stay,
)


def give_up(saga: Saga, reason: str) -> Saga:
    """No further copy will be tried: those that wait end UNDELIVERED (central never heard of them)."""
    issues = tuple(
        issue
        if issue.state in FINAL
        else msgspec.structs.replace(issue, state=IssueState.UNDELIVERED, reason=reason)
        for issue in saga.order.issues
    )
    return change(saga, issues=issues, reason=saga.order.reason or reason)


def settle(saga: Saga, now_ms: int) -> Move:
    """Pay what is due while the payer stands there; else it becomes a claim (M5), as a disputed fee always does."""
    saga = change(saga, state=OrderState.SETTLING, payout=None)
    if saga.order.card is not None and saga.order.card.holds:
        return book(saga, now_ms)
    disputed = sum(i.fee for i in saga.order.issues if i.state is IssueState.DISPUTED)
    coins = (saga.order.due - disputed) // saga.policy.hopper_coin
    if coins <= 0 or not saga.live:
        return close(saga)
    return enter(
        saga,
        Stage.METERING,
        ReadCash(),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def undeliver(saga: Saga, reason: str, now_ms: int, *, spoiled: int = 0) -> Move:
    """This copy will not be delivered: void its key, drop the copies that wait, give the money back."""
    issue = saga.issue
    ended = change_issue(saga, issue, state=IssueState.UNDELIVERED, reason=reason, spoiled=spoiled)
    record = issue_record("issue-void", ended, issue, reason=reason, spoiled=spoiled)
    return Move(give_up(ended, reason), (record,)).then(lambda s: settle(s, now_ms))


def _metered(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """The hopper said where its lifetime count stands: store PAY? with it, then pay, once."""
    reading = event.reading
    if reading is None or reading.dispensed is None or reading.paying:
        return stay(saga)
    order = saga.order
    disputed = sum(i.fee for i in order.issues if i.state is IssueState.DISPUTED)
    sale = saga.policy.sale
    coins = min((order.due - disputed) // saga.policy.hopper_coin, sale.coins_per_payout)
    payout = Payout(
        f"{order.id}-p{order.payouts + 1}",
        coins,
        reading.dispensed,
        reading.hopper_serial,
        sale.hopper_remembers,
    )
    intent = change(saga, state=OrderState.PAYING, payout=payout, payouts=order.payouts + 1)
    record = Record(
        "pay-intent",
        {"order": order.id, "key": payout.key, "coins": coins, "dispensed_before": reading.dispensed},
    )
    return Move(intent, (record,)).then(
        lambda s: enter(
            s,
            Stage.PAYING,
            PayOut(payout.key, coins),
            deadline_ms=now_ms + s.policy.evidence_ms + coins * 1_000,
        )
    )


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    if saga.stage is Stage.METERING and now_ms >= saga.deadline_ms:
        return close(saga)  # nothing was sent to the hopper: a claim is certain and safe
    if saga.stage is Stage.WEIGHING and saga.live and now_ms >= saga.deadline_ms:
        saga = msgspec.structs.replace(saga, live=False)  # the citizen is told; the order waits for evidence
    if saga.retry_ms and now_ms >= saga.retry_ms:
        again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
        return Move(again, effects=(ReadCash(),))
    return stay(saga)


def _paid_out(saga: Saga, event: PayoutOver, now_ms: int) -> Move | None:
    payout = saga.order.payout
    if payout is None or event.key != payout.key:
        return None
    if event.result is None:
        return _weigh(saga, now_ms)
    return _paid(saga, event.result.dispensed, now_ms)


def _pay_late(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    return _weigh(saga, now_ms) if now_ms >= saga.deadline_ms else None


def _weigh(saga: Saga, now_ms: int) -> Move:
    return enter(
        saga,
        Stage.WEIGHING,
        ReadCash(),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def _weighed(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """What the hopper's lifetime count says, once it has stopped; never what we meant to pay."""
    reading, payout = event.reading, saga.order.payout
    if reading is None or reading.dispensed is None or reading.paying or payout is None:
        return stay(saga)
    if reading.hopper_serial != payout.hopper_serial or not payout.remembered:
        return _unprovable(saga)
    return _paid(saga, reading.dispensed, now_ms)


def _paid(saga: Saga, dispensed: int, now_ms: int) -> Move:
    order, payout = saga.order, saga.order.payout
    if payout is None:
        return stay(saga)
    coins = _difference(reading=dispensed, before=payout.dispensed_before)
    if coins > payout.coins:
        return _unprovable(saga)
    paid = change(
        saga, state=OrderState.SETTLING, paid=order.paid + coins * saga.policy.hopper_coin, payout=None
    )
    record = Record("paid", {"order": order.id, "key": payout.key, "coins": coins, "wanted": payout.coins})
    if coins < payout.coins:  # short: never "the rest" again; it is owed on a record
        return Move(paid, (record,)).then(close)
    return Move(paid, (record,)).then(lambda s: settle(s, now_ms))


def _unprovable(saga: Saga) -> Move:
    """Another hopper, or more coins out than were asked for: keep nothing, guess nothing, let a person look."""
    payout = saga.order.payout
    doubt = {"key": payout.key, "doubt_coins": payout.coins} if payout else {"key": ""}
    record = Record("payout-disputed", {"order": saga.order.id, **doubt})
    return Move(change(saga, reason="payout-disputed", disputed=True), (record,)).then(close)


def _difference(reading: int, before: int) -> int:
    """Coins between two readings of a 3-byte counter that wraps at 16,777,216."""
    return (reading - before) % (1 << 24)


HANDLERS: dict[tuple[Stage | None, type[OrderEvent]], Handler] = {
    (Stage.METERING, CashRead): _metered,
    (Stage.METERING, CashReady): _metered,
    (Stage.METERING, Tick): _ask_again,
    (Stage.PAYING, PayoutOver): _paid_out,
    (Stage.PAYING, Tick): _pay_late,
    (Stage.WEIGHING, CashRead): _weighed,
    (Stage.WEIGHING, CashReady): _weighed,
    (Stage.WEIGHING, Tick): _ask_again,
}
