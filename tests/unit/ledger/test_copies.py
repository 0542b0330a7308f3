"""The second copy: good or not named; the old one stays until a better one is there; the machine works on meanwhile."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ledger import copies
from kiosk.ledger.copies import COPY, CopyError, name_copy, read_copy, take_copy
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.problems import LedgerError
from kiosk.protocol.journal import Survey
from tests.unit.ledger.trade import MORNING_MS, Clock, open_shop, sell

MACHINE = "YDP-0063"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / "ledger").mkdir()
    opened = Ledger(tmp_path / "ledger" / "ledger.db", Clock().stamp, machine=MACHINE)
    open_shop(opened)
    sell(opened, "01A")
    yield opened
    opened.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def copy_it(ledger: Ledger, place: Path) -> None:
    name_copy(ledger, place, take_copy(ledger, place, lambda: None), MORNING_MS)


def test_a_copy_holds_every_row_and_is_one_file_that_says_what_it_is(ledger: Ledger, place: Path) -> None:
    head = ledger.head
    copy_it(ledger, place)
    found = read_copy(place / COPY, MACHINE)
    assert (found.machine, found.chain.seq, found.chain.head) == (MACHINE, *head)
    assert [file.name for file in place.iterdir()] == [COPY]
    assert [file.name for file in ledger.file.parent.glob("*copy*")] == []
    assert ledger.about("copied-seq") == str(head[0])
    assert next(row.kind for row in ledger.journal() if row.seq == head[0] + 1) == "copy-made"


def test_a_copy_put_in_the_ledgers_place_by_hand_is_refused(
    ledger: Ledger, place: Path, tmp_path: Path
) -> None:
    copy_it(ledger, place)
    by_hand = Path(shutil.copy(place / COPY, tmp_path / "by-hand.db"))
    with pytest.raises(LedgerError, match="rebuild --from-copy") as no:
        Ledger(by_hand, Clock().stamp, machine=MACHINE)
    assert no.value.code == "second-copy"


@pytest.mark.parametrize("byte", ["first page", "middle", "end"])
def test_a_damaged_copy_is_found_out(ledger: Ledger, place: Path, byte: str) -> None:
    for number in range(40):
        sell(ledger, f"01B{number:02}")
    copy_it(ledger, place)
    spoil(place / COPY, byte)
    with pytest.raises(CopyError) as no:
        read_copy(place / COPY, MACHINE)
    assert no.value.code in ("damaged", "broken-chain")


def spoil(file: Path, where: str) -> None:
    content = bytearray(file.read_bytes())
    at = {"first page": 100, "middle": len(content) // 2, "end": len(content) - 4096}[where]
    content[at : at + 400] = bytes(byte ^ 0xA5 for byte in content[at : at + 400])
    file.write_bytes(content)


def test_a_row_that_was_changed_in_the_copy_is_found_out(ledger: Ledger, place: Path) -> None:
    copy_it(ledger, place)
    with sqlite3.connect(place / COPY) as raw:
        raw.execute("DROP TRIGGER journal_is_append_only_update")
        raw.execute("UPDATE journal SET body = json_set(body, '$.value', 50000) WHERE kind = 'credit'")
    raw.close()
    with pytest.raises(CopyError, match="does not follow from the row before it") as no:
        read_copy(place / COPY, MACHINE)
    assert no.value.code == "broken-chain"


def test_a_copy_cut_short_is_found_out(ledger: Ledger, place: Path) -> None:
    copy_it(ledger, place)
    content = (place / COPY).read_bytes()
    (place / COPY).write_bytes(content[: len(content) // 2])
    with pytest.raises(CopyError):
        read_copy(place / COPY, MACHINE)


def test_a_copy_of_another_machine_is_refused(ledger: Ledger, place: Path) -> None:
    copy_it(ledger, place)
    with pytest.raises(CopyError, match="a copy of YDP-0063's ledger, not of YDP-0064's") as no:
        read_copy(place / COPY, "YDP-0064")
    assert no.value.code == "foreign"


def test_a_copy_whose_last_row_is_not_the_ledgers_never_takes_the_old_ones_place(
    ledger: Ledger, place: Path, tmp_path: Path
) -> None:
    copy_it(ledger, place)
    old = (place / COPY).read_bytes()
    other = Ledger(tmp_path / "other.db", Clock(5).stamp, machine=MACHINE)
    open_shop(other)
    sell(other, "01A")
    stranger = take_copy(other, place, lambda: None)
    with pytest.raises(CopyError) as no:
        name_copy(ledger, place, stranger, MORNING_MS)
    assert no.value.code == "not-ours"
    assert (place / COPY).read_bytes() == old
    other.close()


class Cut(BaseException):
    """The power fails between two pages."""


def test_cut_off_between_any_two_pages_the_old_copy_stays_and_the_next_night_makes_a_new_one(
    ledger: Ledger, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_it(ledger, place)
    old = (place / COPY).read_bytes()
    monkeypatch.setattr(copies, "PAGES_AT_ONCE", 4)
    left, cuts = [0], 0

    def breathe() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Cut

    while True:
        left[0] = cuts
        try:
            take_copy(ledger, place, breathe)
        except Cut:
            cuts += 1
            assert (place / COPY).read_bytes() == old
            ledger.commit((Survey(5),))  # the ledger is none the worse
            continue
        break
    assert cuts > 5
    copy_it(ledger, place)
    assert read_copy(place / COPY, MACHINE).chain.seq == ledger.head[0] - 1


def test_the_machine_goes_on_selling_while_it_is_copied(ledger: Ledger, place: Path) -> None:
    """The copy is of one moment: with whole orders only, whatever was stored meanwhile."""
    for number in range(60):
        sell(ledger, f"01C{number:02}")
    under_way, ended = threading.Event(), threading.Event()
    found: list[copies.Copy] = []

    def beside() -> None:
        found.append(take_copy(ledger, place, under_way.set))
        ended.set()

    thread = threading.Thread(target=beside)
    thread.start()
    assert under_way.wait(10)
    sold = 0
    while not ended.is_set() or not sold:
        sell(ledger, f"01D{sold:04}")
        sold += 1
    thread.join()
    name_copy(ledger, place, found[0], MORNING_MS)
    with sqlite3.connect(f"file:{place / COPY}?mode=ro", uri=True) as copy:
        unended = copy.execute(
            "SELECT count(*) FROM orders WHERE closed_seq > (SELECT max(seq) FROM journal)"
        )
        assert unended.fetchone()[0] == 0
    copy.close()
    assert read_copy(place / COPY, MACHINE).chain.broken == 0
    assert ledger.violations() == []


def test_a_copys_disk_that_is_not_there_is_said_and_nothing_else_happens(
    ledger: Ledger, tmp_path: Path
) -> None:
    (tmp_path / "gone").write_text("a file where the folder should be")
    with pytest.raises(CopyError, match="is the disk of the second copy there") as no:
        take_copy(ledger, tmp_path / "gone", lambda: None)
    assert no.value.code == "unreachable"


def test_without_room_the_old_copy_stays(
    ledger: Ledger, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_it(ledger, place)
    old = (place / COPY).read_bytes()
    usage = shutil.disk_usage(place)._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(CopyError) as no:
        take_copy(ledger, place, lambda: None)
    assert no.value.code == "no-room"
    assert (place / COPY).read_bytes() == old
