"""An append-only journal that may let go of what is old: whole segments, when two others have them, provable after."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.case_file import CaseFile
from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.copies import name_copy, take_copy
from kiosk.ledger.days import close_day
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.segments import DAY_MS, Segment, close_segment, drop, droppable, open_rows, segments
from kiosk.order.model import OrderOutcome, OrderState
from kiosk.protocol.claims import Resolution
from tests.unit.ledger.cutting import Cut, connect, image
from tests.unit.ledger.trade import MORNING_MS, Clock, open_shop, sell

LATER_MS = MORNING_MS + 500 * DAY_MS


def shop(file: Path, connection: sqlite3.Connection | None = None) -> Ledger:
    ledger = Ledger(file, Clock().stamp, connection=connection, machine="YDP-0063")
    open_shop(ledger)
    return ledger


def end_day(ledger: Ledger, date: str = "2025-11-25") -> Segment:
    """The day closed, its rows closed, everything at central and in the second copy."""
    close_day(ledger, date, MORNING_MS, {}, "hour")
    segment = close_segment(ledger, MORNING_MS)
    assert segment is not None
    ledger.acknowledge(ledger.head[0])
    copy_it(ledger)
    return segment


def copy_it(ledger: Ledger) -> None:
    folder = ledger.file.parent / "copy"
    name_copy(ledger, folder, take_copy(ledger, folder, lambda: None), MORNING_MS)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = shop(tmp_path / "ledger.db")
    yield opened
    opened.close()


def test_a_closed_segment_says_where_it_begins_where_it_ends_and_the_journal_says_so_too(
    ledger: Ledger,
) -> None:
    sell(ledger, "01A")
    seq, head = ledger.head
    first = close_segment(ledger, MORNING_MS)
    assert first is not None
    assert (first.first, first.last, first.head) == (1, seq, head)
    said = next(row for row in ledger.journal() if row.kind == "segment-closed")
    assert said.seq == seq + 1
    sell(ledger, "01B")
    second = close_segment(ledger, MORNING_MS)
    assert second is not None
    assert (second.first, second.prev) == (seq + 1, head)
    assert segments(ledger) == (first, second)
    assert open_rows(ledger) == 1


def test_across_what_was_let_go_the_chain_is_whole_and_the_sums_go_on(tmp_path: Path) -> None:
    ledger = shop(tmp_path / "ledger.db")
    for name in ("01A", "01B"):
        sell(ledger, name)
    old = end_day(ledger)
    sell(ledger, "01C", coins=(100, 500))
    before, rows = ledger.totals(), sum(1 for _ in ledger.journal())
    assert droppable(ledger, LATER_MS) == old
    drop(ledger, old)
    chain = check_chain(ledger.db.conn)
    assert (chain.broken, chain.first, chain.dropped) == (0, old.last + 1, old.last)
    assert sum(1 for _ in ledger.journal()) == rows - old.last + 1
    assert ledger.violations() == []
    assert ledger.totals() == before
    assert [order.id for order in ledger.orders()] == ["01C"]
    ledger.close()
    again = Ledger(ledger.file, Clock().stamp)
    assert again.totals() == before
    assert again.head[0] == chain.seq
    again.close()


def test_a_journal_of_nothing_but_what_was_let_go_still_knows_its_next_number(ledger: Ledger) -> None:
    sell(ledger, "01A")
    old = end_day(ledger)
    drop(ledger, old)
    last = check_chain(ledger.db.conn).seq
    sell(ledger, "01B")
    assert next(row for row in ledger.journal() if row.seq == last + 1).kind == "order-opened"


@pytest.mark.parametrize("lacking", ["central", "copy", "term", "day", "end of an order"])
def test_what_is_not_elsewhere_or_not_over_stays(ledger: Ledger, lacking: str) -> None:
    sell(ledger, "01A")
    if lacking != "day":
        close_day(ledger, "2025-11-25", MORNING_MS, {}, "hour")
    segment = close_segment(ledger, MORNING_MS)
    assert segment is not None
    if lacking != "central":
        ledger.acknowledge(segment.last)
    if lacking != "copy":
        copy_it(ledger)
    if lacking == "end of an order":
        leave_open(ledger)
    assert droppable(ledger, MORNING_MS if lacking == "term" else LATER_MS) is None


def leave_open(ledger: Ledger) -> None:
    from drivers.contract import CoinPosition
    from kiosk.order import collecting
    from kiosk.order.model import Issue, Policy

    issue = Issue(1, 1, "01Z-1-1", "land", 500, 1, "h")
    move = collecting.begin("01Z", (issue,), CoinPosition("A1", 0, 0), Policy(), 0, 0)
    ledger.commit(move.records, move.saga.order)


@pytest.mark.parametrize("lacking", ["central", "copy"])
def test_the_database_itself_refuses_to_let_go_of_what_two_others_do_not_have(
    ledger: Ledger, lacking: str
) -> None:
    sell(ledger, "01A")
    segment = close_segment(ledger, MORNING_MS)
    assert segment is not None
    ledger.acknowledge(segment.last) if lacking == "copy" else copy_it(ledger)
    head = ledger.head
    with pytest.raises(sqlite3.IntegrityError, match="only when central and the second copy have it"):
        drop(ledger, segment)
    assert (ledger.head, len(ledger.orders())) == (head, 1)


def test_a_claim_that_is_still_open_stays_with_its_order_however_old(ledger: Ledger) -> None:
    sell(ledger, "01A")
    sell(ledger, "01B", coins=(100, 100, 500), pays_at_most=1)
    before = ledger.totals()
    drop(ledger, end_day(ledger))
    (left,) = ledger.orders()
    assert (left.id, left.state, left.outcome) == ("01B", OrderState.CLOSED, OrderOutcome.CLAIM)
    assert (ledger.owed(), ledger.totals()) == (100, before)
    assert ledger.violations() == []


def test_once_it_is_over_it_goes_with_the_row_that_says_so(ledger: Ledger) -> None:
    sell(ledger, "01B", coins=(100, 100, 500), pays_at_most=1)
    before = ledger.totals()
    drop(ledger, end_day(ledger))
    CaseFile(ledger, lambda: None).heard((Resolution(7, "01B", "redeemed", 0),))
    said = ledger.head[0]
    sell(ledger, "01C")
    segment = end_day(ledger, "2025-11-26")
    assert segment.first <= said <= segment.last
    drop(ledger, segment)
    assert [order.id for order in ledger.orders()] == []
    assert ledger.db.execute("SELECT count(*) FROM claims").fetchone()[0] == 0
    assert ledger.totals()["claim"] == before["claim"] == 100
    assert (check_chain(ledger.db.conn).broken, ledger.violations()) == (0, [])


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM journal WHERE seq = 1", "append-only"),
        ("DELETE FROM journal WHERE seq > 3", "append-only"),
        ("UPDATE journal SET at_ms = 0", "append-only"),
        ("DELETE FROM segments", "kept for ever"),
        ("UPDATE segments SET head = prev", "can only be dropped"),
        ("UPDATE segments SET dropped = 0", "can only be dropped"),
        (
            "INSERT INTO segments (first, last, prev, head, closed_ms) "
            "SELECT last + 2, last + 3, prev, head, 0 FROM segments",
            "begins where the one before",
        ),
    ],
)
def test_with_sql_in_hand_the_journal_can_still_not_be_bent(
    ledger: Ledger, statement: str, says: str
) -> None:
    sell(ledger, "01A")
    end_day(ledger)
    with pytest.raises(sqlite3.IntegrityError, match=says):
        ledger.db.execute(statement)


def test_a_row_bent_behind_the_triggers_back_is_named(ledger: Ledger) -> None:
    sell(ledger, "01A")
    ledger.db.execute("DROP TRIGGER journal_is_append_only_update")
    for column, value in (("at_ms", "1"), ("body", "'{}'"), ("kind", "'paid'")):
        ledger.db.execute("SAVEPOINT before")
        ledger.db.execute(f"UPDATE journal SET {column} = {value} WHERE seq = 7")
        assert check_chain(ledger.db.conn).broken == 7
        ledger.db.execute("ROLLBACK TO before")
        ledger.db.execute("RELEASE before")
    assert check_chain(ledger.db.conn).broken == 0


def test_the_end_of_a_segment_bent_behind_the_triggers_back_is_named(ledger: Ledger) -> None:
    sell(ledger, "01A")
    drop(ledger, end_day(ledger))
    ledger.db.execute("DROP TRIGGER segments_are_only_dropped")
    ledger.db.execute("DROP TRIGGER segments_are_dropped_when_two_others_have_them")
    ledger.db.execute("UPDATE segments SET head = prev")
    assert check_chain(ledger.db.conn).broken > 0
    assert "M9 no gap in the journal" in ledger.violations()


def test_torn_at_any_statement_a_segment_is_gone_or_there_and_the_sums_are_the_same(tmp_path: Path) -> None:
    cut, seen = 0, set()
    while True:
        file = tmp_path / f"{cut}.db"
        ledger = shop(file, connect(file))
        sell(ledger, "01A")
        sell(ledger, "01B", coins=(100, 100, 500), pays_at_most=1)
        old = end_day(ledger)
        before = ledger.totals()
        ledger.db.conn.left = cut  # type: ignore[attr-defined]
        try:
            drop(ledger, old)
        except Cut:
            pass
        else:
            break
        finally:
            ledger.db.conn.left = 1 << 60  # type: ignore[attr-defined]
        after = Ledger(image(file, tmp_path / f"cut{cut}"), Clock().stamp)
        chain = check_chain(after.db.conn)
        assert (chain.broken, after.violations(), after.totals()) == (0, [], before), f"cut at {cut}"
        seen.add(chain.dropped)
        after.close()
        ledger.close()
        cut += 1
    assert cut > 8
    assert seen == {0}  # COMMIT is the last statement: before it nothing has happened
    ledger.close()
