"""A lost ledger from what is left: every row proved, what is missing said, no number given out a second time."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.rebuild import RebuildError
from kiosk.ledger.segments import drop, segments
from kiosk.protocol.central import JournalReply
from tests.unit.ledger.lost import MACHINE, Machine, same_books
from tests.unit.ledger.trade import Clock, open_shop, sell


@pytest.mark.parametrize("way", ["from central", "from the copy"])
def test_the_books_are_what_they_were_and_the_next_row_goes_on_from_centrals_last(
    machine: Machine, way: str
) -> None:
    copy = machine.copy()
    copied = machine.ledger.head[0] - 1
    machine.more()
    head = machine.ledger.head
    found, done = machine.rebuild(copy if way == "from the copy" else None)
    same_books(machine.ledger, found)
    assert (done.missing, done.unproved, done.violations) == (0, (), ())
    assert (done.copied, done.fetched) == (
        (copied, head[0] - copied) if way == "from the copy" else (0, head[0])
    )
    said = next(row for row in found.journal() if row.seq == head[0] + 1)
    assert (said.kind, said.prev) == ("ledger-rebuilt", head[1])
    assert [row.seq for row in found.outbox(10)] == [said.seq]
    found.close()


def test_it_is_sold_from_and_central_takes_its_rows(machine: Machine) -> None:
    machine.more()
    found, _ = machine.rebuild(None)
    sell(found, "01N")
    rows = found.outbox(1000)
    prev = machine.central.rows[-1]
    for row in rows:
        assert (row.seq, row.prev) == (prev.seq + 1, prev.hash)
        prev = row
    found.close()


def test_rows_that_nobody_has_are_counted(machine: Machine) -> None:
    machine.more()
    machine.central.told += 5  # named in a heartbeat, and never sent
    found, done = machine.rebuild(None)
    assert done.missing == 5
    said = next(row for row in found.journal() if row.kind == "ledger-rebuilt")
    assert msgspec.json.decode(said.body)["missing"] == 5
    found.close()


def test_a_copy_that_goes_further_than_central_gives_central_the_rest(machine: Machine) -> None:
    machine.central.take(machine.ledger)
    acked = machine.ledger.head[0]
    sell(machine.ledger, "01X")
    copy = machine.copy()
    copied = machine.ledger.head[0] - 1
    found, done = machine.rebuild(copy)
    assert (done.fetched, done.unsent) == (0, copied - acked)
    assert [row.seq for row in found.outbox(1000)][: copied - acked] == list(range(acked + 1, copied + 1))
    found.close()


def test_a_copy_that_central_contradicts_is_refused(machine: Machine, tmp_path: Path) -> None:
    """As one from before an earlier rebuild: its last rows are others than those that went to central since."""
    sell(machine.ledger, "01R")
    copy = machine.copy()
    (tmp_path / "other").mkdir()
    other = Machine(tmp_path / "other")
    sell(other.ledger, "01Q")
    other.more()
    machine.central = other.central
    with pytest.raises(RebuildError, match="keep this copy for whoever looks into it") as no:
        machine.rebuild(copy)
    assert no.value.code == "forked"
    other.ledger.close()


def test_a_shorter_central_that_contradicts_the_copy_is_refused(machine: Machine, tmp_path: Path) -> None:
    copy = machine.copy()
    other = Ledger(tmp_path / "other.db", Clock(5).stamp, machine=MACHINE)
    open_shop(other)
    machine.central.take(other)
    with pytest.raises(RebuildError) as no:
        machine.rebuild(copy)
    assert no.value.code == "forked"
    other.close()


def test_a_copy_that_ends_where_central_does_with_another_row_is_refused(machine: Machine) -> None:
    copy = machine.copy()
    machine.central.take(machine.ledger)
    last = machine.ledger.head[0] - 1  # the copy's own row about itself comes after it
    machine.central.rows = [
        msgspec.structs.replace(row, hash="0" * 64) if row.seq == last else row
        for row in machine.central.rows
        if row.seq <= last
    ]
    with pytest.raises(RebuildError) as no:
        machine.rebuild(copy)
    assert no.value.code == "forked"


@pytest.mark.parametrize("fault", ["gap", "altered", "swapped", "cut off"])
def test_what_central_sends_is_not_believed_either(machine: Machine, fault: str) -> None:
    machine.more()
    rows = machine.central.rows
    end = rows[-1]
    if fault == "gap":
        del rows[20]
    elif fault == "altered":
        rows[20] = msgspec.structs.replace(rows[20], body=msgspec.Raw(b'{"value":1}'))
    elif fault == "swapped":
        rows[20], rows[21] = rows[21], rows[20]
    fetch = machine.central.fetch
    if fault == "cut off":

        def cut(after: int) -> JournalReply:
            page = fetch(after)
            return msgspec.structs.replace(page, rows=tuple(r for r in page.rows if r.seq < 30), seq=end.seq)

        machine.central.fetch = cut  # type: ignore[method-assign]
    with pytest.raises(RebuildError) as no:
        machine.rebuild(None)
    assert no.value.code == "central-broken"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [("damaged", "copy-damaged"), ("foreign", "copy-foreign"), ("gone", "copy-no-copy")],
)
def test_a_copy_that_is_none_is_not_built_upon(machine: Machine, trouble: str, code: str) -> None:
    copy = machine.copy()
    machine.more()
    if trouble == "damaged":
        content = bytearray(copy.read_bytes())
        for page in range(4096, len(content), 4096):
            content[page : page + 8] = bytes(8)
        copy.write_bytes(content)
    elif trouble == "foreign":
        with sqlite3.connect(copy) as raw:
            raw.execute("UPDATE about SET value = 'YDP-0064' WHERE name = 'machine'")
        raw.close()
    else:
        copy.unlink()
    with pytest.raises(RebuildError) as no:
        machine.rebuild(copy)
    assert no.value.code == code


def test_what_was_let_go_comes_back_from_central_and_goes_again_in_its_time(machine: Machine) -> None:
    machine.more()
    machine.copy()
    machine.central.take(machine.ledger)
    before = machine.ledger.totals()
    drop(machine.ledger, segments(machine.ledger)[0])
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    assert [segment.dropped for segment in segments(found)] == [False]
    assert found.totals() == before
    assert check_chain(found.db.conn).first == 1
    found.close()


def test_from_a_copy_without_what_was_let_go_the_chain_still_holds(machine: Machine) -> None:
    machine.more()
    machine.copy()
    machine.central.take(machine.ledger)
    drop(machine.ledger, segments(machine.ledger)[0])
    copy = machine.copy()
    sell(machine.ledger, "01W")
    machine.central.take(machine.ledger)
    before = machine.ledger.totals()
    found, done = machine.rebuild(copy)
    assert (found.totals(), done.chain.dropped, done.violations) == (before, segments(found)[0].last, ())
    found.close()
