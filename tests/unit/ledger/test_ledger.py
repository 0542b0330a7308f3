"""The ledger: one step is all or nothing, the journal is append-only and chained, PRAGMAs are what they must be."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlite_utils import Database

from drivers.contract import CoinPosition
from kiosk.ledger import ledger as room
from kiosk.ledger import migrations, schema
from kiosk.ledger.ledger import Ledger, Stamp, claim_code
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.step import HopperFill, Surplus
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.protocol import journal
from kiosk.protocol.chain import GENESIS, row_hash

ISSUE = Issue(1, 1, "O-1-1", "land", 500, 1, "h")
OPENED = journal.OrderOpened("O", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),))
CREDIT = journal.Credit("O", value=500, credit=500)


def open_ledger(file: Path) -> Ledger:
    return Ledger(file, lambda: Stamp("B", 1_000, 10))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def order(state: OrderState = OrderState.COLLECT, **fields: Any) -> Order:
    return Order("O", 1, (ISSUE,), state=state, **fields)


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    first = open_ledger(tmp_path / "l.db")
    position = CoinPosition("A1", 7, 1234)
    first.commit((CREDIT,), order(credit=500), position, hopper=HopperFill("H1", 60, 9))
    head = first.head
    first.close()
    again = open_ledger(tmp_path / "l.db")
    assert again.open_order() == order(credit=500)
    assert again.coin_position() == position
    assert again.hopper_fill() == HopperFill("H1", 60, 9)
    assert again.head == head
    again.close()


def test_a_step_that_fails_leaves_nothing_behind(ledger: Ledger) -> None:
    ledger.commit((OPENED,), order())
    head = ledger.head
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit((CREDIT,), order(credit=-1), CoinPosition("A1", 1, 1))
    assert ledger.head == head
    assert ledger.coin_position() is None
    assert len(ledger.outbox(10)) == 1


def test_a_row_that_central_can_not_be_told_of_is_not_written_at_all(tmp_path: Path) -> None:
    """Journal and outbox are one step: a row without its place in the outbox would never reach central."""
    open_ledger(tmp_path / "l.db").close()
    with sqlite3.connect(tmp_path / "l.db") as raw:
        raw.execute("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END")
    raw.close()
    ledger = open_ledger(tmp_path / "l.db")
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        ledger.commit((OPENED,), order())
    written, told = [row.seq for row in ledger.journal()], [row.seq for row in ledger.outbox(10)]
    assert written == told, "a row is in the journal that central will never hear of"
    ledger.close()


def test_two_open_orders_are_impossible(ledger: Ledger) -> None:
    ledger.commit((), order())
    other = Order("P", 2, (Issue(1, 1, "P-1-1", "land", 500, 1, "h"),))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit((), other)


def test_one_document_number_belongs_to_one_issue(ledger: Ledger) -> None:
    numbered = Issue(1, 1, "O-1-1", "land", 500, 1, "h", state=IssueState.ISSUED, number="1234567890123456")
    twin = Issue(1, 2, "O-1-2", "land", 500, 1, "h", state=IssueState.ISSUED, number="1234567890123456")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit((), Order("O", 1, (numbered, twin)))


@pytest.mark.parametrize("statement", ["DELETE FROM journal", "UPDATE journal SET body = '{}'"])
def test_the_journal_is_append_only(tmp_path: Path, statement: str) -> None:
    first = open_ledger(tmp_path / "l.db")
    first.commit((journal.Boot(),))
    first.close()
    with (
        sqlite3.connect(tmp_path / "l.db") as raw,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        raw.execute(statement)
    raw.close()


def test_rows_are_chained_from_genesis_without_a_gap(ledger: Ledger) -> None:
    for number in range(5):
        ledger.commit((journal.Survey(number), journal.BundleNotTaken("한글")))
    prev = GENESIS
    for seq, row in enumerate(ledger.journal(), start=1):
        body = msgspec.json.decode(row.body)
        assert (row.seq, row.prev) == (seq, prev)
        hashed = row_hash(
            prev, seq=seq, boot=row.boot, at_ms=row.at_ms, mono_ms=row.mono_ms, kind=row.kind, body=body
        )
        assert row.hash == hashed
        prev = hashed
    assert ledger.head == (10, prev)
    assert ledger.violations() == []


def test_the_outbox_holds_each_row_until_central_has_it(ledger: Ledger) -> None:
    for number in range(4):
        ledger.commit((journal.Survey(number),))
    assert [row.seq for row in ledger.outbox(2)] == [1, 2]
    ledger.acknowledge(3)
    assert [row.seq for row in ledger.outbox(10)] == [4]
    assert ledger.outbox_depth() == (1, 1_000)


def test_a_closed_order_that_owes_money_leaves_a_claim(ledger: Ledger) -> None:
    ledger.commit((), order(OrderState.CLOSED, credit=500, claim=500, outcome=OrderOutcome.CLAIM))
    assert ledger.totals()["claim"] == 500
    assert ledger.violations() == []


def test_money_that_does_not_add_up_is_found(ledger: Ledger) -> None:
    ledger.commit((), order(OrderState.CLOSED, credit=500, claim=400, outcome=OrderOutcome.CLAIM))
    assert ledger.violations() == ["M1 conservation"]


def test_a_fee_without_a_delivery_is_found(tmp_path: Path) -> None:
    first = open_ledger(tmp_path / "l.db")
    done = Issue(1, 1, "O-1-1", "land", 500, 1, "h", state=IssueState.DELIVERED)
    closed = Order("O", 1, (done,), state=OrderState.CLOSED, credit=500, outcome=OrderOutcome.DELIVERED)
    first.commit((), closed)
    assert first.violations() == []
    first.close()
    with sqlite3.connect(tmp_path / "l.db") as raw:
        raw.execute("UPDATE issues SET state = 'UNDELIVERED'")
    raw.close()
    again = open_ledger(tmp_path / "l.db")
    assert again.violations() == ["M2 fee kept if and only if delivered"]
    again.close()


def test_surplus_is_counted_and_belongs_to_no_order(ledger: Ledger) -> None:
    ledger.commit(
        (journal.Surplus("coin", value=500),), position=CoinPosition("A1", 1, 1), surplus=Surplus("coin", 500)
    )
    assert ledger.totals()["surplus"] == 500


def test_a_second_process_can_not_open_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    ledger.commit((journal.Boot(),))
    other = sqlite3.connect(tmp_path / "ledger.db", timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("SELECT count(*) FROM journal")
    other.close()


def test_a_file_that_is_no_ledger_is_refused_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "l.db").write_bytes(b"this is no database at all, " * 100)
    with pytest.raises(LedgerError, match="restore the second copy or call service"):
        open_ledger(tmp_path / "l.db")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "l.db") as raw:
        raw.execute(f"PRAGMA user_version={migrations.SCHEMA_VERSION + 1}")
    raw.close()
    with pytest.raises(LedgerError, match="update first"):
        open_ledger(tmp_path / "l.db")


def test_a_pragma_that_does_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.PRAGMAS, "synchronous", ("NORMAL", 2))
    with pytest.raises(LedgerError, match="synchronous"):
        open_ledger(tmp_path / "l.db")


def test_no_upsert_of_the_library_is_used() -> None:
    """Its first call in a process creates a probe table in the ledger, outside our transaction."""
    source = "".join(file.read_text("utf-8") for file in Path(room.__file__).parent.glob("*.py"))
    for forbidden in (".upsert(", ".transform(", ".create_table(", "alter="):
        assert forbidden not in source
    assert Database.__module__.startswith("sqlite_utils")


def test_a_claim_code_names_the_order_and_nobody_else() -> None:
    assert claim_code("01HZY8M2T6W3V9XQ5R7N4K8B2C") == "7N4K-8B2C"
