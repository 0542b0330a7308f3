"""An order in a rebuilt ledger: as its rows say, and disputed, never guessed, where nobody has its end."""

import msgspec
import pytest

from drivers.contract import CoinPosition
from kiosk.ledger.days import close_day
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.saga import Saga, Stage, close
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of
from tests.unit.ledger.lost import MACHINE, Machine, same_books, story
from tests.unit.ledger.trade import MORNING_MS, sell

CHARGED = journal.CardCaptured("01K", "01K-c1", receipt=7, captured=500, reversed=0)
END = journal.OrderClosed("01K", "DELIVERED", fee=500, credit=0, paid=0, claim=0, captured=500, reversed=0)


@pytest.mark.parametrize("way", ["from central", "from the copy"])
def test_an_order_whose_end_nobody_has_is_disputed_and_never_guessed(machine: Machine, way: str) -> None:
    copy = machine.copy()
    machine.leave_open()
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(copy if way == "from the copy" else None)
    assert done.unproved == ("01Z",)
    order = found.last_order()
    assert order is not None
    assert (order.state, order.outcome, order.claim) == (OrderState.CLOSED, OrderOutcome.DISPUTED, 100)
    assert found.open_order() is None
    assert found.coin_position() == CoinPosition("A1", 41, 41)
    kinds = [row.kind for row in found.outbox(10)]
    assert kinds == ["order-closed", "ledger-rebuilt"]
    assert found.violations() == []
    found.close()


def test_a_copy_that_was_put_into_the_hand_may_have_gone_on_is_disputed_with_its_printer_known(
    machine: Machine,
) -> None:
    """PRINT? reached central and nothing after it: the job's key and printer are there to cancel it by."""
    sell(machine.ledger, "01P")
    rows = list(machine.ledger.outbox(10_000))
    until = next(
        at for at, row in enumerate(rows) if row.kind == "print-intent" and b"01P" in bytes(row.body)
    )
    machine.central.rows, machine.central.told = rows[: until + 1], rows[-1].seq
    found, done = machine.rebuild(None)
    order = found.last_order()
    assert order is not None
    (issue,) = order.issues
    assert (issue.state, issue.printer_serial, issue.number) == (IssueState.DISPUTED, "P1", issue.number)
    assert issue.number
    assert done.missing == rows[-1].seq - rows[until].seq
    assert done.unproved == ("01P",)
    found.close()


def test_a_redemption_comes_back_and_one_without_its_end_is_disputed(machine: Machine) -> None:
    """What central held for it is still owed there, so it leaves no claim of its own."""
    ledger = machine.ledger
    for name in ("01R", "01S"):
        order = Order(name, MORNING_MS, (), state=OrderState.RESERVING, holder="who", redeems=True)
        ledger.commit((journal.RedeemIntent(name, most=9_000, holder="who"),), order)
        held = msgspec.structs.replace(order, state=OrderState.RESERVED, redeem=400)
        ledger.commit(
            (journal.RedeemHeld(name, amount=400, claims=(journal.Claim(MACHINE, "01E", 400),)),), held
        )
        paid = msgspec.structs.replace(held, state=OrderState.SETTLING, paid=400)
        said = journal.Paid(name, f"{name}-p1", coins=4, wanted=4, value=400)
        ledger.commit((said,), paid)
        if name == "01R":
            over = close(Saga(paid, Policy(), Stage.PAYING))
            ledger.commit(over.records, over.saga.order)
    machine.central.take(ledger)
    found, done = machine.rebuild(None)
    ended = {order.id: order for order in found.orders()}
    assert story(ended["01R"]) == story(next(o for o in ledger.orders() if o.id == "01R"))
    assert (ended["01R"].redeem, ended["01R"].redeems) == (400, True)
    assert done.unproved == ("01S",)
    lost = ended["01S"]
    assert (lost.outcome, lost.paid, lost.claim) == (OrderOutcome.DISPUTED, 400, 0)
    end = next(row for row in found.outbox(10) if row.kind == "order-closed")
    assert msgspec.json.decode(end.body)["redeems"] is True
    assert found.violations() == []
    found.close()


def test_a_note_on_its_way_into_the_stacker_when_the_disk_died_is_owed(machine: Machine) -> None:
    order = machine.leave_open()
    said = journal.NoteIntent(order.id, f"{order.id}-n1", value=5_000)
    machine.ledger.commit((said,), order)
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert (ended.outcome, ended.claim) == (OrderOutcome.DISPUTED, 5_100)
    found.close()


@pytest.mark.parametrize(
    "left", [journal.CardIntent, journal.CardAuthorised, journal.CardCaptureIntent], ids=kind_of
)
def test_a_card_payment_without_its_end_is_neither_charged_nor_given_back_by_guessing(
    machine: Machine, left: type[journal.CardFact]
) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h")
    asked = CardPayment("01K-c1", 1, 500, "T1")
    order = Order("01K", MORNING_MS, (issue,), state=OrderState.CARD, card=asked)
    opened = journal.OrderOpened("01K", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),))
    machine.ledger.commit((opened,), order)
    for fact in (
        journal.CardIntent("01K", "01K-c1", receipt=0, amount=500, terminal="T1"),
        journal.CardAuthorised("01K", "01K-c1", receipt=7, amount=500),
        journal.CardCaptureIntent("01K", "01K-c1", receipt=7, amount=500),
    ):
        machine.ledger.commit((fact,), order)
        if isinstance(fact, left):
            break
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert ended.card is not None
    assert (ended.outcome, ended.card.state, ended.captured) == (OrderOutcome.DISPUTED, CardState.DISPUTED, 0)
    assert "card-disputed" in [row.kind for row in found.outbox(10)]
    assert (done.unproved, done.violations) == (("01K",), ())
    found.close()


def test_a_card_payment_that_ended_comes_back_as_it_ended(machine: Machine) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h")
    order = Order("01K", MORNING_MS, (issue,), card=CardPayment("01K-c1", 1, 500, "T1"))
    opened = journal.OrderOpened("01K", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),))
    machine.ledger.commit((opened,), order)
    number = "0000000000000042"
    done_issue = msgspec.structs.replace(issue, state=IssueState.DELIVERED, number=number)
    charged = CardPayment("01K-c1", 1, 500, "T1", state=CardState.CAPTURED, receipt=7, captured=500)
    closed = msgspec.structs.replace(
        order,
        issues=(done_issue,),
        card=charged,
        state=OrderState.CLOSED,
        outcome=OrderOutcome.DELIVERED,
    )
    rows = (
        journal.CardIntent("01K", "01K-c1", receipt=0, amount=500, terminal="T1"),
        journal.CardAuthorised("01K", "01K-c1", receipt=7, amount=500),
        journal.IssueDelivered("01K", 1, 1, issue.key, "land", number, fee=500, sheets=1),
        CHARGED,
        END,
    )
    machine.ledger.commit(rows, closed)
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert (ended.card, ended.outcome) == (charged, OrderOutcome.DELIVERED)
    assert found.violations() == machine.ledger.violations() == []
    day = close_day(found, "2025-11-26", MORNING_MS, {}, "hand")
    assert (day.money.card, day.money.fee - day.money.card) == (500, day.money.fee - 500)
    found.close()


def test_what_a_card_was_charged_counts_as_card_where_only_the_orders_end_is_lost(machine: Machine) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h")
    order = Order("01K", MORNING_MS, (issue,), card=CardPayment("01K-c1", 1, 500, "T1"))
    rows = (
        journal.OrderOpened("01K", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),)),
        journal.CardIntent("01K", "01K-c1", receipt=0, amount=500, terminal="T1"),
        journal.CardAuthorised("01K", "01K-c1", receipt=7, amount=500),
        journal.IssueDelivered("01K", 1, 1, issue.key, "land", "0000000000000042", fee=500, sheets=1),
        CHARGED,
    )
    machine.ledger.commit(rows, order)
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(None)
    assert done.unproved == ("01K",)
    end = next(row for row in found.outbox(10) if row.kind == "order-closed")
    said = journal.decode(end.kind, end.body)
    assert isinstance(said, journal.OrderClosed)
    assert (said.fee, said.credit, said.captured, said.reversed, said.claim) == (500, 0, 500, 0, 0)
    found.close()


def test_an_order_that_waits_for_the_terminal_in_the_copy_ends_as_the_rows_since_say(
    machine: Machine,
) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h", state=IssueState.DELIVERED, number="0000000000000042")
    due = CardPayment("01K-c1", 1, 500, "T1", state=CardState.CAPTURING, receipt=7, wanted=500)
    waiting = Order("01K", MORNING_MS, (issue,), state=OrderState.CARD_DUE, card=due)
    opened = journal.OrderOpened("01K", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),))
    machine.ledger.commit((opened,), waiting)
    copy = machine.copy()
    charged = msgspec.structs.replace(due, state=CardState.CAPTURED, captured=500)
    closed = msgspec.structs.replace(
        waiting, card=charged, state=OrderState.CLOSED, outcome=OrderOutcome.DELIVERED
    )
    machine.ledger.commit((CHARGED, END), closed)
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(copy)
    assert done.unproved == ()
    assert found.waiting_orders() == []
    same_books(machine.ledger, found)
    found.close()
