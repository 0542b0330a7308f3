"""COLLECT: take money until the fee is met or the citizen stops; then inhibit, drain and fix the credit."""

from typing import NamedTuple

import msgspec
from msgspec import UNSET

from drivers.contract import CashReading, CoinPosition
from kiosk.order import card, issuing, settling
from kiosk.order.change import Till
from kiosk.order.effects import StopCollect
from kiosk.order.events import (
    CashReady,
    CoinIn,
    CoinsUnknown,
    Counted,
    MeansChosen,
    Stop,
    Tick,
    VisitOver,
)
from kiosk.order.gate import start
from kiosk.order.handlers import anywhere, on, table
from kiosk.order.model import Issue, Order, Policy
from kiosk.order.saga import Move, Saga, Stage, change, enter, stay
from kiosk.protocol import journal

PLAUSIBLE_COINS = 1 << 20
"""More coins than this between two readings: the counter went back, so it was lost and proves nothing."""


class Payer(NamedTuple):
    """Who pays: central's pseudonym, the possible means (cash, card) and the language of the screen.

    If there are two means, the citizen chooses.
    """

    holder: str = ""
    means: tuple[str, ...] = (card.CASH,)
    lang: str = ""


NOBODY_KNOWN = Payer()


def begin(
    order_id: str,
    issues: tuple[Issue, ...],
    base: CoinPosition | None,
    policy: Policy,
    now_ms: int,
    wall_ms: int,
    payer: Payer = NOBODY_KNOWN,
    till: Till | None = None,
) -> Move:
    """Open an order.

    A free order goes straight to its first issue; else COLLECT is stored before the acceptor opens.

    `till`: what the machine may take and give back now; without a till, the policy's coins and no notes.
    """
    order = Order(
        order_id,
        wall_ms,
        issues,
        base=base,
        booked=base,
        holder=payer.holder,
        acceptor_remembers=policy.sale.acceptor_remembers,
        lang=payer.lang,
    )
    saga = Saga(order, policy, Stage.COLLECTING, till=till)
    lines = tuple(journal.Line(i.line, i.copy, i.type_code, i.sheets, i.fee) for i in issues)
    record = journal.OrderOpened(order_id, order.fee, lines, holder=payer.holder or UNSET)
    if order.fee == 0:
        return Move(saga, (record,)).then(lambda opened: issuing.next_issue(opened, now_ms))
    if card.CARD in payer.means:
        opened = Move(saga, (record,))
        return opened.then(
            card.choose if card.CASH in payer.means else lambda s: card.ask_terminal(s, now_ms)
        )
    return Move(saga, (record,), (start(saga),))


def _other_way(saga: Saga, event: MeansChosen, now_ms: int) -> Move | None:
    """The citizen wants another way to pay; possible only while no money is in.

    The acceptors close and core counts before it offers the other way.
    """
    if saga.order.credit or event.means == card.CASH:
        return None
    return count(msgspec.structs.replace(saga, wish=event.means or card.CHOICE), now_ms)


def _coin(saga: Saga, event: CoinIn, now_ms: int) -> Move:
    order = saga.order
    credited = change(saga, credit=order.credit + event.value, coins=order.coins + 1, booked=event.position)
    record = journal.Credit(order.id, event.value, credited.order.credit)
    if saga.stage is not Stage.COLLECTING:
        return Move(credited, (record,))
    return Move(credited, (record,)).then(lambda s: more_in(saga, s, now_ms))


def more_in(before: Saga, saga: Saga, now_ms: int) -> Move:
    """More money is in than `before`: count if the fee is met, else open for what is safe to take now."""
    if saga.order.credit >= saga.order.fee:
        return count(saga, now_ms)
    changed = start(saga) != start(before)
    return Move(msgspec.structs.replace(saga, refused_note=0), effects=(start(saga),) if changed else ())


def _unknown(saga: Saga, event: CoinsUnknown, now_ms: int) -> Move:
    known = change(saga, unknown_coins=saga.order.unknown_coins + event.count, booked=event.position)
    return Move(known, (journal.CoinsUnknown(saga.order.id, event.count),))


def count(saga: Saga, now_ms: int) -> Move:
    """Stop taking money, and count what is in."""
    return enter(saga, Stage.COUNTING, StopCollect(), deadline_ms=now_ms + saga.policy.evidence_ms)


def stop(saga: Saga, event: Stop, now_ms: int) -> Move:
    """Inhibit, drain and give back the money that is in, for this reason."""
    return count(change(saga, reason=event.reason), now_ms)


def _visit_over(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    left = msgspec.structs.replace(saga, live=False)
    if saga.stage is Stage.COLLECTING:
        return stop(left, Stop("left"), now_ms)
    if saga.wish and not saga.order.reason:  # nobody is there to be asked how to pay, or to pay
        return Move(change(left, reason="left"))
    return stay(left)


def _bus_back(saga: Saga, event: CashReady, now_ms: int) -> Move:
    """The cash process restarted while the machine took coins.

    It has reported all coins that fell: open again.
    """
    return Move(saga, effects=(start(saga),))


def _counted(saga: Saga, event: Counted | CashReady, now_ms: int) -> Move:
    if event.reading is None:  # not proved: core asks again, or the bus comes back with CashReady
        return Move(msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms))
    if isinstance(event, CashReady) and saga.deadline_ms:
        # A command sent during the restart may have opened the acceptor again: only the end of a count proves
        # it shut.
        return Move(saga, effects=(StopCollect(),))
    return _fixed(saga, event.reading, now_ms)


def _fixed(saga: Saga, reading: CashReading, now_ms: int) -> Move:
    """Fix the credit: the credited sum, checked against the acceptor's own lifetime count."""
    order = saga.order
    records: tuple[journal.Row, ...] = ()
    if order.base is not None and reading.coin_serial not in ("", order.base.serial):
        # Nobody can say any more which coins fell into the former acceptor.
        saga = change(saga, disputed=True, reason=order.reason or "acceptor-exchanged")
        records = (journal.CreditDisputed(order.id, acceptor=reading.coin_serial),)
    if not order.acceptor_remembers:
        return _unchecked(Move(saga, records), now_ms)
    if order.base is not None and reading.accepted is not None and reading.coin_serial == order.base.serial:
        uncounted = (reading.accepted - order.base.accepted) % reading.accepted_span
        uncounted -= order.coins + order.unknown_coins
        if uncounted >= PLAUSIBLE_COINS:
            saga = change(saga, disputed=True)
            records = (journal.AcceptsDisputed(order.id, reading.accepted),)
        elif uncounted > 0:
            saga = change(saga, unknown_coins=order.unknown_coins + uncounted)
            records = (journal.CoinsUnknown(order.id, uncounted),)
    return _go_on(Move(saga, records), now_ms)


def _unchecked(move: Move, now_ms: int) -> Move:
    """Go on without a check, because the acceptor loses its count in a power cut.

    After a power cut it can't tell what fell then: at most one coin is in doubt.
    """
    saga = move.saga
    if saga.order.reason == "interrupted":
        record = journal.CreditDisputed(saga.order.id, doubt_coins=1)
        move = Move(change(saga, disputed=True), (*move.records, record))
    return _go_on(move, now_ms)


def _go_on(move: Move, now_ms: int) -> Move:
    """The credit is fixed: issue the documents, or give the money back."""
    saga = move.saga
    unsure = saga.order.unknown_coins or saga.order.in_doubt or saga.order.disputed
    if saga.wish and not (saga.order.reason or unsure):
        return move.then(lambda s: _changed_way(s, now_ms))
    if saga.order.reason or unsure or saga.order.credit < saga.order.fee:
        return move.then(
            lambda s: settling.settle(settling.give_up(s, s.order.reason or "coins-unknown"), now_ms)
        )
    return move.then(lambda s: issuing.next_issue(s, now_ms))


def _changed_way(saga: Saga, now_ms: int) -> Move:
    """The acceptors are closed: go to the other way to pay.

    If a coin fell after all, the order is paid in cash.
    """
    if saga.order.credit:
        back = msgspec.structs.replace(saga, wish="")
        if saga.order.credit >= saga.order.fee:
            return issuing.next_issue(back, now_ms)
        return enter(back, Stage.COLLECTING, start(saga))
    return card.ask_terminal(saga, now_ms) if saga.wish == card.CARD else card.choose(saga)


def _count_late(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    """The cash bus does not answer how much fell.

    Past the deadline the citizen is not kept waiting, and the money is owed on a record. Only the bus can
    tell the sum. So the order stays open, the machine sells nothing, and core asks again.
    """
    if saga.live and now_ms >= saga.deadline_ms:
        saga = change(saga, reason=saga.order.reason or "cash-silent")
        saga = msgspec.structs.replace(saga, live=False)
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return stay(saga)
    return Move(msgspec.structs.replace(saga, retry_ms=0), effects=(StopCollect(),))


HANDLERS = table(
    on(Stage.COLLECTING, Stop, stop),
    on(Stage.COLLECTING, CashReady, _bus_back),
    on(Stage.COLLECTING, MeansChosen, _other_way),
    on(Stage.COUNTING, Counted, _counted),
    on(Stage.COUNTING, CashReady, _counted),
    on(Stage.COUNTING, Tick, _count_late),
    anywhere(CoinIn, _coin),
    anywhere(CoinsUnknown, _unknown),
    anywhere(VisitOver, _visit_over),
)
