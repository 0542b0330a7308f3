"""While nobody is here the ledger is kept fit; and what would end badly is not begun, and said."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers import contract as device
from kiosk.clocks import Clocks
from kiosk.core.day_close import DayClose, seoul_date
from kiosk.core.ledger_admin import LedgerAdmin
from kiosk.core.ledger_upkeep import COPY_AGAIN_MS, NO_ROOM, QUIET_MS, REFUSED, UNPROVED, Disk, LedgerUpkeep
from kiosk.ipc.peer import Bus, Done
from kiosk.ledger.copies import COPY, read_copy
from kiosk.ledger.days import closed_days, last_day
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.room import Room
from kiosk.ledger.segments import DAY_MS, open_rows, segments
from kiosk.ledger.terms import LedgerTerms
from kiosk.settings import Printer, Settings
from kiosk.visit.order_view import Slip
from tests.unit.ledger.trade import open_shop, sell

SETTINGS = Settings(
    "YDP-0063", "/nowhere", "로비", "63-1", "영등포구", "02", "https://c.test", Printer("ipp://p.test/ipp")
)
TERMS = LedgerTerms(keep_days=30, segment_rows=1_000)
NOON_MS = 1_764_039_600_000  # 2025-11-25 12:00 in Seoul
HOUR_MS = 3_600_000


class Meters(Bus):
    """A devices process that counts; a command while it is down ends as not present."""

    def __init__(self, name: str) -> None:
        super().__init__(name, Path("nowhere"), lambda _task: None)
        self.there, self.reading, self.printed = True, 0, list[Any]()
        self.before_answer: Callable[[], None] = lambda: None

    @property
    def up(self) -> bool:
        return self.there

    def ask(self, command: Any, done: Done) -> None:
        self.before_answer()
        if not self.there:
            code = device.ErrorCode.NOT_PRESENT
            done(device.Completed(command.request, device.Outcome.NOT_DONE, code=code), None)
            return
        n = self.reading
        match command:
            case device.ReadCash():
                result: Any = device.CashReading("A1", n, n, "H1", n, paying=False, low=False)
            case device.ReadPaper():
                result = device.PaperReading("P1", n, "R1", n, path=False, mouth=False)
            case _:
                self.printed.append(command)
                result = None
        done(device.Completed(command.request, device.Outcome.DONE, result=result), None)


class Place:
    """A ledger with its upkeep on a virtual clock; copies are made at once, on this thread."""

    def __init__(self, folder: Path) -> None:
        self.now_ms, self.wall_ms, self.quiet = 0, NOON_MS, True
        (folder / "ledger").mkdir()
        self.folder = folder
        self.ledger = Ledger(folder / "ledger" / "ledger.db", self.stamp, machine="YDP-0063")
        open_shop(self.ledger)
        self.cash, self.printer, self.receipt = Meters("cash"), Meters("printer"), Meters("receipt")
        self.room = Room(folder / "ledger", room_mb=1, ballast_mb=1)
        self.room.settle()
        self.posted: list[Callable[[], None]] = []
        self.told: list[tuple[Any, ...]] = []
        self.upkeep = self.start()

    def changed(self) -> None:
        """What ails the machine may be other than before."""
        self.told.append(self.upkeep.ailments())

    def start(self) -> LedgerUpkeep:
        """The machine starts anew on this ledger."""
        clocks = Clocks(lambda: self.now_ms, lambda: self.wall_ms, str, "B")
        buses = (self.cash, self.printer, self.receipt)
        self.days = DayClose(
            SETTINGS, self.ledger, buses, clocks.wall_ms, idle=lambda: self.quiet, settle=lambda call: call()
        )
        disk = Disk(self.room, self.folder / "copy", lambda job: job(), lambda task: task())
        self.upkeep = LedgerUpkeep(
            TERMS, self.ledger, clocks, disk, self.days, idle=lambda: self.quiet, changed=self.changed
        )
        self.upkeep.booted()
        return self.upkeep

    def stamp(self) -> Stamp:
        return Stamp("B", self.wall_ms, self.now_ms)

    def wait(self, ms: int, wall_ms: int | None = None) -> None:
        """Time passes, in ticks of a minute at most; the wall clock with it unless told otherwise."""
        end = self.now_ms + ms
        while self.now_ms < end:
            step = min(QUIET_MS, end - self.now_ms)
            self.now_ms += step
            self.wall_ms += step
            self.upkeep.tick()
        if wall_ms is not None:
            self.wall_ms = wall_ms

    def ack(self) -> None:
        """Central has everything, and says what time it is."""
        self.ledger.acknowledge(self.ledger.head[0])
        self.upkeep.acked(self.ledger.head[0])
        self.upkeep.central_said(self.wall_ms)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    made.ack()
    yield made
    made.ledger.close()


def test_the_first_quiet_minutes_read_the_meters_and_make_the_first_copy(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    mark = last_day(place.ledger)
    assert mark is not None
    assert mark.number == 0
    assert set(mark.meters) == {"coins-in", "coins-out", "sheets", "retracts"}
    assert read_copy(place.folder / "copy" / COPY, "YDP-0063").chain.broken == 0
    assert place.upkeep.copy_age_s() >= 0


def test_each_night_closes_the_day_and_its_rows_once_and_makes_one_copy(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    for number in (1, 2, 3):
        sell(place.ledger, f"01A{number}")
        place.wait(24 * HOUR_MS)
        assert [close.number for close in closed_days(place.ledger)] == list(range(1, number + 1))
        assert len(segments(place.ledger)) == number
    made = [row for row in place.ledger.journal() if row.kind == "copy-made"]
    assert len(made) == 4  # the first at once, then one a night
    nights = {seoul_date(row.at_ms) for row in made}
    assert len(nights) == 4
    hours = {(row.at_ms + 9 * HOUR_MS) % DAY_MS // HOUR_MS for row in made[1:]}
    assert hours == {TERMS.copy_hour}


def test_nothing_is_done_while_somebody_is_here_or_has_just_been(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    head = place.ledger.head
    place.quiet = False
    place.wait(48 * HOUR_MS)
    assert place.ledger.head == head
    place.quiet = True
    place.wait(QUIET_MS - 1_000)
    assert place.ledger.head == head
    place.wait(2 * QUIET_MS)
    assert place.ledger.head != head


def test_a_clock_that_goes_back_closes_no_day_by_itself_until_central_says_it_is_right(place: Place) -> None:
    place.wait(24 * HOUR_MS)
    closes = len(closed_days(place.ledger))
    place.upkeep.central_said(place.wall_ms)
    place.wall_ms -= 20 * DAY_MS
    place.wait(24 * HOUR_MS)
    assert len(closed_days(place.ledger)) == closes
    place.upkeep.central_said(place.wall_ms)
    place.wait(HOUR_MS)
    assert len(closed_days(place.ledger)) == closes + 1


def test_rows_are_closed_at_their_size_too(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    for number in range(80):
        sell(place.ledger, f"01B{number:03}", copies=2, coins=(500, 500))
    assert open_rows(place.ledger) > TERMS.segment_rows
    place.wait(QUIET_MS * 2)
    assert open_rows(place.ledger) < 10


def night_after_night(place: Place, days: int) -> None:
    for day in range(days):
        sell(place.ledger, f"01N{day:03}")
        place.wait(24 * HOUR_MS)
        place.ack()


def test_past_their_term_segments_go_one_after_the_other_and_the_ledger_stays_as_long_as_it_is(
    place: Place,
) -> None:
    night_after_night(place, 20)
    before = place.ledger.totals()
    night_after_night_rows = sum(1 for _ in place.ledger.journal())
    for day in range(25):
        sell(place.ledger, f"01M{day:03}")
        place.wait(24 * HOUR_MS)
        place.ack()
    gone = [segment for segment in segments(place.ledger) if segment.dropped]
    assert 10 <= len(gone) <= 16
    assert "segment-dropped" in {row.kind for row in place.ledger.journal()}
    assert place.ledger.totals()["orders"] == before["orders"] + 25
    assert sum(1 for _ in place.ledger.journal()) < night_after_night_rows * 2
    assert place.ledger.violations() == []


@pytest.mark.parametrize("wrong", ["far ahead", "unknown at central"])
def test_a_wrong_clock_lets_nothing_go(place: Place, wrong: str) -> None:
    night_after_night(place, 3)
    if wrong == "far ahead":
        place.wall_ms += 400 * DAY_MS
    else:
        place.start()
        place.upkeep.acked(place.ledger.head[0])
        place.wall_ms += 400 * DAY_MS
    place.wait(2 * HOUR_MS)
    assert not any(segment.dropped for segment in segments(place.ledger))


def test_before_central_has_this_starts_first_row_nothing_is_sold(place: Place) -> None:
    place.ledger.commit(())
    open_shop(place.ledger)
    upkeep = place.start()
    assert upkeep.ailments() == (UNPROVED,)
    upkeep.acked(place.ledger.head[0] - 1)
    assert upkeep.ailments() == (UNPROVED,)
    upkeep.acked(place.ledger.head[0])
    assert upkeep.ailments() == ()


def test_a_central_that_lacks_this_starts_first_row_again_has_not_confirmed_it(place: Place) -> None:
    place.ledger.commit(())
    open_shop(place.ledger)
    upkeep = place.start()
    upkeep.acked(place.ledger.head[0])
    upkeep.lacking(place.ledger.head[0])
    assert upkeep.ailments() == ()
    upkeep.lacking(place.ledger.head[0] - 1)
    assert upkeep.ailments() == (UNPROVED,)
    upkeep.acked(place.ledger.head[0])
    assert upkeep.ailments() == ()


def test_a_journal_that_central_refuses_sells_nothing(place: Place) -> None:
    place.told.clear()
    place.upkeep.refused()
    assert place.told == [(REFUSED,)]
    place.upkeep.acked(place.ledger.head[0])
    assert place.upkeep.ailments() == ()


def test_too_little_room_is_seen_within_seconds_and_seen_to_be_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.upkeep.look_at_room()
    monkeypatch.setattr(Room, "_free", lambda _self: 500_000)
    place.wait(3_000)
    assert place.upkeep.ailments() == (NO_ROOM,)
    assert place.upkeep.counters()["room-low"] == 1
    monkeypatch.undo()
    place.wait(3_000)
    assert place.upkeep.ailments() == ()


def test_a_failed_copy_is_said_once_and_tried_again_after_an_hour(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.folder)._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    place.wait(10 * QUIET_MS)
    assert place.upkeep.copy_trouble == "no-room"
    assert place.upkeep.counters()["copy-failed"] == 1
    assert place.upkeep.copy_age_s() == -1
    place.wait(2 * COPY_AGAIN_MS)
    assert [row.kind for row in place.ledger.journal()].count("copy-failed") == 1
    monkeypatch.undo()
    place.wait(2 * COPY_AGAIN_MS)
    assert (place.upkeep.copy_trouble, place.upkeep.counters()["copy-failed"]) == ("", 0)


def test_a_copy_waits_while_somebody_is_here_and_leaves_when_the_machine_stops(place: Place) -> None:
    place.quiet = False
    place.upkeep.tick()
    left = threading.Event()

    def beside() -> None:
        place.upkeep._take()
        left.set()

    thread = threading.Thread(target=beside)
    thread.start()
    assert not left.wait(0.05)
    place.upkeep.stop()
    assert left.wait(10)
    thread.join()
    assert not (place.folder / "copy" / COPY).exists()


def test_who_comes_while_the_meters_are_read_is_not_in_between_two_days(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    ended: list[Any] = []
    place.printer.before_answer = lambda: setattr(place, "quiet", False)
    place.days.close("hand", ended.append)
    assert ended == [None]
    assert closed_days(place.ledger) == ()


def test_a_bus_that_is_not_there_has_counted_nothing(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    place.printer.there = False
    ended: list[Any] = []
    place.days.close("hand", ended.append)
    assert {line.what: line.why for line in ended[0].lines}["sheets"] == "silent"
    assert not ended[0].differs


def test_the_summary_is_printed_when_asked_for(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    place.cash.reading = 2  # two coins that no row explains
    ended: list[Any] = []
    place.days.close("hand", ended.append)
    assert ended[0].differs
    slips: list[Slip] = []
    place.days.print(ended[0], "ko", slips.append)
    assert slips == [Slip.PRINTED]
    text = "\n".join(line.text for line in place.receipt.printed[0].lines)
    assert "장부와 기기가 다릅니다" in text
    assert "장부 0, 기기 2" in text
    place.receipt.there = False
    place.days.print(ended[0], "ko", slips.append)
    assert slips[-1] is Slip.FAILED


# --- what somebody with a shell asks ---


class Asked:
    """The desk on the machine of a place."""

    def __init__(self, place: Place) -> None:
        self.days, self.upkeep, self.idle = place.days, place.upkeep, lambda: place.quiet
        machine: Any = self
        self.desk = LedgerAdmin(machine, place.ledger)

    def ask(self, word: str, **more: object) -> dict[str, Any]:
        return self.desk.asks()[word]({"do": word, **more})


def test_a_date_is_closed_by_hand_once_until_something_is_booked(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    asked = Asked(place)
    assert asked.ask("close-day") == {"begun": True, "why": "", "number": 0}
    closed = asked.ask("ledger")["day"]
    assert asked.ask("close-day") == {"begun": False, "why": "closed", "number": closed}
    assert len(closed_days(place.ledger)) == 1
    sell(place.ledger, "01S009")
    assert asked.ask("close-day")["begun"]
    place.quiet = False
    assert asked.ask("close-day") == {"begun": False, "why": "busy", "number": 0}
    assert asked.ask("ledger")["day_ms"] == place.wall_ms


def test_a_closed_day_is_printed_by_its_number_as_often_as_it_is_asked_for(place: Place) -> None:
    place.wait(5 * QUIET_MS)
    asked = Asked(place)
    assert asked.ask("day", number=0) == {"close": None}
    asked.ask("close-day")
    assert asked.ask("day", number=0)["close"]["number"] == asked.ask("day", number=1)["close"]["number"] == 1
    place.receipt.there = False
    assert asked.ask("print-day", number=1, lang="en") == {"begun": True}
    assert asked.ask("ledger")["slip"] == "failed"
    place.receipt.there = True
    assert asked.ask("print-day", number=1, lang="en") == {"begun": True}
    assert asked.ask("ledger")["slip"] == "printed"
    assert place.receipt.printed[0].lines[0].text == "Day closed"
    assert len(closed_days(place.ledger)) == 1


@pytest.mark.parametrize("number", [2, -1, True, "1", None, 1.0, 10**30])
def test_a_close_that_there_is_not_is_neither_told_nor_printed(place: Place, number: object) -> None:
    place.wait(5 * QUIET_MS)
    asked = Asked(place)
    asked.ask("close-day")
    assert asked.ask("day", number=number) == {"close": None}
    assert asked.ask("print-day", number=number, lang="ko") == {"begun": False}
    assert asked.ask("print-day", number=1, lang="jp") == {"begun": False}
    assert place.receipt.printed == []
