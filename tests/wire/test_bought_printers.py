"""Printers that can be bought, as far as they tell of themselves: what each proves, and that it is used for no more."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.contract import (
    CancelJob,
    DeviceState,
    ErrorCode,
    Hold,
    JobEnded,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    ReadPaper,
    SheetOut,
    StatusChanged,
)
from drivers.page_printer.snmp import SnmpSettings
from drivers.paper_bus import PaperBus
from simulators.memory import replace_file
from simulators.printer_model import bought
from tests.rig import snmp_agent
from tests.wire.desk import Desk, Served, desk, path_of, served
from tests.wire.test_paper_wire import pdf, print_job, send_document

KEY = "01KBCDEFGHJKMNPQRSTVWXYZ00-1-1"
KYOCERA = "kyocera-m2040dn"
FIT = {"one-sided", "a4", "jobs-by-name"}
needs_snmpd = pytest.mark.skipif(bool(snmp_agent.WHY_NOT), reason=snmp_agent.WHY_NOT)
# What each of them can be trusted with. None of the five tells a count for life over IPP; one of them prints PDF.
BOUGHT = {
    KYOCERA: FIT | {"pdf", "job-sheet-counter"},
    "xerox-b235": FIT,
    "brother-j5320dw": FIT,
    "epson-xp6000": FIT,
    "hp-6830": FIT,
}
OURS = FIT | {"pdf", "job-sheet-counter", "nv-sheet-counter"}
CHEAPER = {
    ("sheet-count",): OURS - {"nv-sheet-counter"},
    ("job-count",): OURS - {"job-sheet-counter"},
    ("sheet-count", "job-count"): OURS - {"nv-sheet-counter", "job-sheet-counter"},
    ("pdf",): OURS - {"pdf"},
    ("one-side",): OURS - {"one-sided"},
    ("one-sided-default",): OURS,
}


def bus_of(one: Desk, snmp: SnmpSettings | None = None) -> Callable[..., PaperBus]:
    return lambda emit: PaperBus(one.printer_uri, path_of(one.run, "presenter"), emit, snmp=snmp)


def ready(bus: Served) -> frozenset[str]:
    """Wait until the printer is known; what it can do."""
    capabilities = bus.wait_state("printer", DeviceState.READY).capabilities
    bus.wait_state("presenter", DeviceState.READY)
    return capabilities


def read(bus: Served, opened: JobOpened) -> PaperReading:
    told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
    reading = bus.run(ReadPaper, **told).result
    assert isinstance(reading, PaperReading)
    return reading


def test_there_is_a_row_for_each_of_them() -> None:
    assert set(BOUGHT) == set(bought())


@pytest.mark.parametrize("model", BOUGHT)
def test_a_bought_printer_says_what_it_can_be_trusted_with(model: str) -> None:
    with desk("--printer", model) as one, served(bus_of(one)) as bus:
        assert ready(bus) == BOUGHT[model]
        if "pdf" not in BOUGHT[model]:
            end = bus.run(OpenJob, key=KEY, sheets=1)
            assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
            return
        bus.run(Hold)
        opened = print_job(bus, KEY, 3)
        assert bus.wait_for(JobEnded) == JobEnded(KEY, Outcome.DONE, 3)
        assert bus.told(SheetOut) == [SheetOut(KEY, sheet) for sheet in (1, 2, 3)]
        reading = read(bus, opened)
        assert (reading.sheets, reading.job_sheets) == (None, 3)


@pytest.mark.parametrize("lacks", CHEAPER, ids="+".join)
def test_a_cheaper_printer_prints_one_side_a_sheet_or_nothing(lacks: tuple[str, ...]) -> None:
    options = [word for lack in lacks for word in ("--lacks", f"printer-{lack}")]
    with desk(*options) as one, served(bus_of(one)) as bus:
        assert ready(bus) == CHEAPER[lacks]
        bus.run(Hold)
        if not {"pdf", "one-sided"} <= CHEAPER[lacks]:
            assert bus.run(OpenJob, key=KEY, sheets=3).outcome is Outcome.NOT_DONE
            assert not one.truth()["sheets"]
            return
        print_job(bus, KEY, 3)
        proved = CHEAPER[lacks] & {"nv-sheet-counter", "job-sheet-counter"}
        outcome = Outcome.DONE if proved else Outcome.UNKNOWN
        assert bus.wait_for(JobEnded).outcome is outcome
        assert len(one.truth()["sheets"]) == 3


@pytest.mark.parametrize("lacks", [(), ("sheet-count",)])
def test_a_job_that_was_cut_short_is_counted_as_far_as_it_came(lacks: tuple[str, ...]) -> None:
    options = [word for lack in lacks for word in ("--lacks", f"printer-{lack}")]
    with desk(*options) as one, served(bus_of(one)) as bus:
        ready(bus)
        bus.run(Hold)
        opened = print_job(bus, KEY, 4)
        bus.wait_for(SheetOut)
        told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
        end = bus.run(CancelJob, deadline_ms=10_000, **told)
        out = len(one.truth()["sheets"])
        assert isinstance(end.result, PaperReading)
        assert (end.outcome, end.result.job_sheets) == (Outcome.DONE, out)
        assert end.result.sheets == (None if lacks else out)


@needs_snmpd
@pytest.mark.parametrize("version", ["1", "2c"])
def test_with_its_life_count_by_snmp_it_proves_what_came_out_over_a_power_cut(version: str) -> None:
    with (
        desk("--printer", KYOCERA) as one,
        snmp_agent.agent(one.run / "sim" / "printer.json") as snmp,
    ):
        settings = SnmpSettings(snmp_agent.COMMUNITY, snmp.port, version)
        one.do("tray", sheets=200)
        with served(bus_of(one, settings)) as bus:
            assert ready(bus) == BOUGHT[KYOCERA] | {"nv-sheet-counter"}
            bus.run(Hold)
            opened = print_job(bus, KEY, 4)
            assert opened.printer_serial.endswith(" life-count")
            bus.wait_for(SheetOut)
            one.do("power", up=False)
            bus.wait_state("printer", DeviceState.ABSENT)
            one.do("power", up=True)
            over = bus.wait_for(JobEnded)
            out = len(one.truth()["sheets"])
            assert (over.outcome, over.sheets) == (Outcome.UNKNOWN, out)
            reading = read(bus, opened)
            assert (reading.sheets, reading.job_sheets) == (out, None)
            assert reading.printer_serial == opened.printer_serial


@needs_snmpd
def test_an_agent_that_is_gone_costs_the_count_and_nothing_else() -> None:
    with desk("--printer", KYOCERA) as one, snmp_agent.agent(one.run / "sim" / "printer.json") as snmp:
        settings = SnmpSettings(snmp_agent.COMMUNITY, snmp.port)
        with served(bus_of(one, settings)) as bus:
            assert "nv-sheet-counter" in ready(bus)
            bus.run(Hold)
            end = bus.run(OpenJob, key=KEY, sheets=1)
            assert isinstance(end.result, JobOpened)
            snmp.close()
            assert send_document(bus.socket_of(end), end.result, pdf(1)) == 0
            over = bus.wait_for(JobEnded)
            assert (over.outcome, over.sheets) == (Outcome.UNKNOWN, 1)
            reading = read(bus, end.result)
            assert (reading.sheets, reading.job_sheets) == (None, 1)
            assert reading.printer_serial == end.result.printer_serial


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[tuple[Served, Callable[[int], None]]]:
    """A bought printer whose life count is what the test says it is."""
    file = tmp_path / "count.json"

    def count(sides: int) -> None:
        replace_file(file, f'{{"sides": {sides}}}'.encode())

    count(1_000)
    with desk("--printer", KYOCERA) as one, snmp_agent.agent(file) as snmp:
        settings = SnmpSettings(snmp_agent.COMMUNITY, snmp.port)
        with served(bus_of(one, settings)) as bus:
            ready(bus)
            bus.run(Hold)
            yield bus, count


@needs_snmpd
def test_a_count_that_comes_late_is_waited_for(
    counted: tuple[Served, Callable[[int], None]],
) -> None:
    bus, count = counted
    print_job(bus, KEY, 2)
    bus.wait_for(SheetOut, sheet=2)
    assert not bus.told(JobEnded)
    count(1_002)
    assert bus.wait_for(JobEnded) == JobEnded(KEY, Outcome.DONE, 2)


@needs_snmpd
@pytest.mark.parametrize("told", [1_001, 1_003, 1_004])
def test_a_count_that_says_something_else_in_the_end_proves_nothing(
    counted: tuple[Served, Callable[[int], None]], told: int
) -> None:
    bus, count = counted
    print_job(bus, KEY, 2)
    bus.wait_for(SheetOut)
    count(told)
    end = bus.wait_for(JobEnded)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.PROTOCOL)


@needs_snmpd
def test_a_count_that_goes_back_is_none_for_life(
    counted: tuple[Served, Callable[[int], None]],
) -> None:
    bus, count = counted
    count(3)
    reading = bus.run(ReadPaper).result
    assert isinstance(reading, PaperReading)
    assert reading.sheets is None
    bus.wait(
        lambda event: (
            event
            if isinstance(event, StatusChanged)
            and event.status.device == "printer"
            and "nv-sheet-counter" not in event.status.capabilities
            else None
        ),
        since=len(bus.events),
    )
    count(1_000)
    reading = bus.run(ReadPaper).result
    assert isinstance(reading, PaperReading)
    assert reading.sheets == 1_000
