"""What a printer is trusted with after what it has done."""

import pytest

from drivers.contract import DeviceState, Event, StatusChanged
from drivers.page_printer import ipp
from drivers.page_printer.client import Client
from drivers.page_printer.ipp import PRINTER_GROUP, Group
from drivers.page_printer.job import Snapshot
from drivers.page_printer.probe import Verdict
from drivers.page_printer.search import JobSearch
from drivers.page_printer.state import COUNTS_JOBS, COUNTS_SHEETS, KEEPS_JOBS, PrinterState
from drivers.scheduler import Scheduler
from tests.unit.drivers.test_job_search import Printer

UUID = "urn:uuid:1"


def state(told: list[Event], verdict: Verdict | None = None) -> PrinterState:
    """A printer that was looked at, and probed with that end."""
    client, uri = Client(Printer()), "ipp://printer/ipp/print"
    one = PrinterState(Scheduler(), client, JobSearch(client, uri), uri, told.append, None)
    look(one)
    one.examination.verdict = verdict
    look(one)
    return one


def look(one: PrinterState, *, sheets: int | None = 100, up_time: int = 50, uuid: str = UUID) -> None:
    one.note(
        Group(PRINTER_GROUP, (ipp.integer("queued-job-count", 0),)), Snapshot(uuid, up_time, sheets, uuid)
    )


def test_it_is_not_ready_before_it_was_probed() -> None:
    told: list[Event] = []
    state(told)
    states = [event.status.state for event in told if isinstance(event, StatusChanged)]
    assert states == [DeviceState.INITIALISING]


def test_a_printer_that_fails_its_probe_says_why_and_can_nothing_that_depends_on_it() -> None:
    told: list[Event] = []
    one = state(told, Verdict("a job-name came back altered"))
    assert {KEEPS_JOBS} & one.reporter.capabilities == set()
    assert [reason.detail for reason in one.reporter.status.reasons] == ["a job-name came back altered"]
    assert one.reporter.status.state is DeviceState.DEGRADED


def test_another_printer_is_another_question() -> None:
    one = state([], Verdict(counts_job=True))
    assert {KEEPS_JOBS, COUNTS_JOBS, COUNTS_SHEETS} <= one.reporter.capabilities
    look(one, uuid="urn:uuid:2")
    assert not {KEEPS_JOBS, COUNTS_JOBS} & one.reporter.capabilities


@pytest.mark.parametrize(
    ("ends", "believed"),
    [((False,), True), ((False, False), False), ((False, True, False), True), ((False, False, False), False)],
)
def test_counts_that_are_wrong_twice_running_are_believed_no_more(
    ends: tuple[bool, ...], believed: bool
) -> None:
    one = state([], Verdict(counts_job=True))
    for right in ends:
        one.counted(right=right)
    assert ({COUNTS_JOBS, COUNTS_SHEETS} <= one.reporter.capabilities) is believed
    assert not believed or KEEPS_JOBS in one.reporter.capabilities
    look(one, up_time=1)
    assert {COUNTS_JOBS, COUNTS_SHEETS} <= one.reporter.capabilities, "somebody has turned it off and on"


def test_a_count_that_is_missed_for_a_moment_is_still_one_that_the_printer_keeps() -> None:
    one = state([], Verdict())
    look(one, sheets=None)
    assert COUNTS_SHEETS in one.reporter.capabilities
    one._scheduler.now += 11
    look(one, sheets=None)
    assert COUNTS_SHEETS not in one.reporter.capabilities
