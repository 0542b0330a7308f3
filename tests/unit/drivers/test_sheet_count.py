"""P is one count: once a printer has told which, another is never taken for it, however long the first is silent."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import (
    AnyCommand,
    CancelJob,
    Completed,
    Event,
    FollowJob,
    PaperReading,
    ReadPaper,
    Retract,
)
from drivers.page_printer import ipp
from drivers.page_printer.ipp import PRINTER_GROUP, Attribute, Group, Message, Value
from drivers.page_printer.sheet_count import MOST_NAMES, SheetCount
from drivers.page_printer.snmp import LifeCount
from drivers.paper_bus import PaperBus
from drivers.scheduler import Exchange, Scheduler, Task
from tests.unit.drivers.test_job_search import Answered

UUID = "urn:uuid:1"
SHEETS, IMPRESSIONS = "printer-media-sheets-completed", "printer-impressions-completed"
UNKNOWN, UNSUPPORTED = 0x12, 0x10


class Agent(LifeCount):
    """Its life count, or None while it is silent."""

    def __init__(self, count: int | None) -> None:
        self.count = count

    def read(self, now: float, *, patiently: bool = False) -> Task[int | None]:
        return self.count
        yield 0.0


def attribute(name: str, said: int | str | None) -> tuple[Attribute, ...]:
    """A number, one of the out-of-band values, or nothing at all."""
    if said is None:
        return ()
    if isinstance(said, int):
        return (ipp.integer(name, said),)
    return (Attribute(name, (Value({"unknown": UNKNOWN, "unsupported": UNSUPPORTED}[said], b""),)),)


class Counted:
    """One printer's counts and who reads them."""

    def __init__(self, life: int | None = None) -> None:
        self.agent = Agent(life)
        self.counts = SheetCount(Scheduler(), self.agent)

    def read(
        self, *, sheets: int | str | None = None, impressions: int | str | None = None, uuid: str = UUID
    ) -> tuple[str, int | None]:
        who = ipp.text("printer-uuid", ipp.URI, uuid)
        told = (who, *attribute(SHEETS, sheets), *attribute(IMPRESSIONS, impressions))
        work = self.counts.read(Group(PRINTER_GROUP, told), patiently=True)
        try:
            while True:
                next(work)
        except StopIteration as end:
            return end.value.serial, end.value.sheets


def test_a_count_that_is_unknown_for_a_while_is_no_reason_to_take_another() -> None:
    one = Counted(life=5_000)
    assert one.read(impressions=100) == (f"{UUID} impressions", 100)
    assert one.read(impressions="unknown") == (f"{UUID} impressions", None)
    assert one.read() == (f"{UUID} impressions", None)
    assert one.read(sheets=70, impressions=101) == (f"{UUID} impressions", 101)


def test_an_agent_that_is_silent_is_no_reason_to_take_another_count() -> None:
    one = Counted(life=5_000)
    assert one.read(impressions="unknown") == (f"{UUID} life-count", 5_000)
    one.agent.count = None
    assert one.read(impressions=100) == (f"{UUID} life-count", None)


def test_while_none_has_told_a_number_it_is_the_printer_alone() -> None:
    one = Counted()
    assert one.read(sheets="unknown") == (UUID, None)
    assert one.read(sheets="unknown", impressions=-2) == (UUID, None)
    assert one.read(sheets="unknown", impressions=3) == (f"{UUID} impressions", 3)


def test_another_printer_has_a_count_of_its_own() -> None:
    one = Counted(life=9)
    assert one.read(sheets=100) == (UUID, 100)
    assert one.read(uuid="urn:uuid:2") == ("urn:uuid:2 life-count", 9)
    assert one.read(sheets=101) == (UUID, 101)


def test_a_printer_that_calls_itself_otherwise_at_each_look_fills_no_memory() -> None:
    one = Counted()
    for number in range(1_000):
        one.read(sheets=number, uuid=f"urn:uuid:{number}")
        one.counts.named(f"urn:uuid:{number} impressions")
    kept = one.counts
    assert max(len(kept._sources), len(kept._highest), len(kept._named)) <= MOST_NAMES
    assert one.read(sheets=998, uuid="urn:uuid:999") == ("urn:uuid:999", None), (
        "the newest is known: it went back"
    )


def test_after_a_restart_the_count_that_a_job_was_begun_with_is_the_one_that_is_read() -> None:
    one = Counted(life=5_000)
    assert one.read(impressions="unknown") == (f"{UUID} life-count", 5_000)
    one.counts.named(f"{UUID} impressions")
    assert one.read(impressions="unknown") == (f"{UUID} impressions", None)
    assert one.read(impressions=100) == (f"{UUID} impressions", 100)


@pytest.mark.parametrize("serial", ["", UUID, f"{UUID} impressions", "urn:uuid:2 impressions", f"{UUID} x"])
def test_a_count_that_the_printer_does_not_have_is_not_waited_for(serial: str) -> None:
    one = Counted(life=5_000)
    one.counts.named(serial)
    assert one.read(sheets="unsupported") == (f"{UUID} life-count", 5_000)


said = st.none() | st.just("unknown") | st.integers(0, 9)


@given(st.lists(st.tuples(said, said, st.none() | st.integers(0, 9)), min_size=1))
def test_all_numbers_ever_told_of_one_printer_are_of_one_count(
    looks: list[tuple[int | str | None, int | str | None, int | None]],
) -> None:
    one, serials = Counted(), set()
    for sheets, impressions, life in looks:
        one.agent.count = life
        serial, count = one.read(sheets=sheets, impressions=impressions)
        if count is not None:
            serials.add(serial)
    assert len(serials) <= 1


def test_a_uuid_with_a_space_in_it_is_still_one_word() -> None:
    assert Counted().read(impressions=1, uuid="urn uuid 1") == ("urnuuid1 impressions", 1)


def test_a_uuid_without_end_is_cut_to_what_core_can_write() -> None:
    serial, _count = Counted().read(impressions=1, uuid="x" * 30_000)
    assert serial == "x" * 128 + " impressions"


class Printer:
    """Tells two counts; no job."""

    def __init__(self) -> None:
        self.told = attribute(IMPRESSIONS, 10)

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> Answered:
        told = (ipp.text("printer-uuid", ipp.URI, UUID), ipp.integer("queued-job-count", 0), *self.told)
        return Answered(
            self, ipp.build(Message(0, ipp.parse(body).request_id, (Group(PRINTER_GROUP, told),)))
        )

    def connect(self, timeout_s: float) -> Exchange[socket.socket]:
        raise NotImplementedError

    def close(self) -> None: ...


def about_a_job(serial: str) -> list[AnyCommand]:
    return [
        ReadPaper(request="r", printer_serial=serial),
        FollowJob(request="r", key="k", sheets=1, printer_serial=serial),
        CancelJob(request="r", key="k", printer_serial=serial),
        Retract(request="r", printer_serial=serial),
    ]


@pytest.mark.parametrize("command", about_a_job(UUID), ids=lambda command: type(command).__name__)
def test_each_command_about_a_job_names_the_count_that_it_was_begun_with(command: AnyCommand) -> None:
    printer, now, ends = Printer(), 0.0, list[Completed]()
    bus = PaperBus("ipp://printer/ipp/print", "/nowhere", lambda _event: None, wire=printer)

    def pass_time() -> None:
        nonlocal now
        until = now + 10.0
        while now < until:
            now = bus.tick(now)

    def reply(end: Event, _handed: socket.socket | None) -> None:
        assert isinstance(end, Completed)
        ends.append(end)

    def reading() -> PaperReading:
        bus.submit(ReadPaper(request="r"), reply)
        pass_time()
        assert isinstance(ends[-1].result, PaperReading)
        return ends[-1].result

    assert (reading().printer_serial, reading().sheets) == (f"{UUID} impressions", 10)
    printer.told += attribute(SHEETS, "unknown")
    assert reading().sheets == 10
    bus.submit(command, reply)
    pass_time()
    assert (reading().printer_serial, reading().sheets) == (UUID, None)
    printer.told = attribute(SHEETS, 7) + attribute(IMPRESSIONS, 11)
    assert (reading().printer_serial, reading().sheets) == (UUID, 7)
