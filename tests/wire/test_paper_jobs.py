"""Whose job it is: known by its id and its printer once it was opened, never by a name that the printer may alter."""

import http.client
from collections.abc import Iterator

import pytest

from drivers.contract import (
    CancelJob,
    DeviceState,
    ErrorCode,
    FollowJob,
    Hold,
    JobEnded,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    ReasonCode,
    SheetOut,
)
from drivers.page_printer import ipp, operations, probe
from drivers.page_printer.state import KEEPS_JOBS
from drivers.paper_bus import PaperBus
from tests.wire.desk import Desk, Served, path_of, served
from tests.wire.test_paper_wire import print_job

KEY = "01KBCDEFGHJKMNPQRSTVWXYZ00-1-1"
ALTERED = ("names-shortened", "names-replaced")


@pytest.fixture
def paper(desk: Desk) -> Iterator[Served]:
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "presenter"), emit)) as bus:
        bus.wait_state("printer", DeviceState.READY)
        bus.wait_state("presenter", DeviceState.READY)
        yield bus


def ask(desk: Desk, request: ipp.Message) -> ipp.Message:
    """A question to the printer, without the driver."""
    wire = http.client.HTTPConnection(desk.printer_uri.removeprefix("ipp://").partition("/")[0], timeout=10)
    body = ipp.build(ipp.Message(request.code, 1, request.groups))
    wire.request("POST", "/ipp/print", body, {"Content-Type": "application/ipp"})
    answer = ipp.parse(wire.getresponse().read())
    wire.close()
    return answer


def jobs(desk: Desk) -> list[tuple[int, int]]:
    """Every job that the printer knows: its id and its state."""
    found = []
    for which in ("completed", "not-completed"):
        answer = ask(desk, operations.get_jobs(desk.printer_uri, which))
        views = [operations.job_view(group) for group in answer.groups[1:]]
        found += [(view.job_id, view.state) for view in views if view is not None]
    return sorted(found)


def fault(desk: Desk, name: str) -> None:
    desk.do("fault", device="printer", fault=name)


@pytest.mark.parametrize("name", [*ALTERED, "forgets-jobs"])
def test_a_printer_that_loses_track_of_its_jobs_is_found_out_before_the_first_sale(
    desk: Desk, name: str
) -> None:
    fault(desk, name)
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "presenter"), emit)) as bus:
        status = bus.wait_state("printer", DeviceState.DEGRADED)
        assert KEEPS_JOBS not in status.capabilities
        assert {reason.code for reason in status.reasons} == {ReasonCode.PROTOCOL}
        end = bus.run(OpenJob, key=KEY, sheets=1)
        assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert all(state in operations.ENDED for _, state in jobs(desk))
    assert not desk.truth()["sheets"]


def test_a_name_that_comes_back_with_its_language_is_the_name_that_was_sent(desk: Desk) -> None:
    fault(desk, "names-tagged")
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "presenter"), emit)) as bus:
        assert KEEPS_JOBS in bus.wait_state("printer", DeviceState.READY).capabilities
        bus.run(Hold)
        print_job(bus, KEY, 3)
        bus.wait_for(SheetOut)
        assert bus.run(FollowJob, key=KEY, sheets=3).outcome is Outcome.DONE
        assert bus.run(CancelJob, key=KEY, deadline_ms=10_000).outcome is Outcome.DONE
    assert len(desk.truth()["sheets"]) < 3


@pytest.mark.parametrize("name", ALTERED)
def test_a_job_that_comes_back_under_another_name_never_gets_a_document_or_a_second_one(
    desk: Desk, paper: Served, name: str
) -> None:
    fault(desk, name)
    before = jobs(desk)
    for _ in range(2):
        assert paper.run(OpenJob, key=KEY, sheets=1).result is None
    created = jobs(desk)[len(before) :]
    assert len(created) == 1
    assert created[0][1] == operations.CANCELED
    assert KEEPS_JOBS not in paper.status("printer").capabilities


@pytest.mark.parametrize("name", [*ALTERED, "names-tagged"])
def test_a_job_is_followed_and_cancelled_by_its_id_whatever_its_name_is_by_then(
    desk: Desk, paper: Served, name: str
) -> None:
    paper.run(Hold)
    opened = print_job(paper, KEY, 4)
    fault(desk, name)
    told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "none"), emit)) as fresh:
        assert fresh.run(FollowJob, sheets=4, **told).outcome is Outcome.DONE
        end = fresh.run(CancelJob, deadline_ms=10_000, **told)
        assert isinstance(end.result, PaperReading)
        out = len(desk.truth()["sheets"])
        assert (end.outcome, end.result.sheets) == (Outcome.DONE, out)
        assert out < 4
        assert fresh.wait_for(JobEnded).outcome is not Outcome.DONE


@pytest.mark.parametrize("name", ALTERED)
def test_a_name_that_is_altered_while_it_prints_changes_nothing(desk: Desk, paper: Served, name: str) -> None:
    paper.run(Hold)
    opened = print_job(paper, KEY, 4)
    paper.wait_for(SheetOut)
    fault(desk, name)
    paper.wait_for(SheetOut, sheet=2)
    told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
    assert paper.run(CancelJob, deadline_ms=10_000, **told).outcome is Outcome.DONE
    assert len(desk.truth()["sheets"]) < 4


def test_a_job_that_was_forgotten_is_not_printed_again_under_its_key(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    print_job(paper, KEY, 1)
    paper.wait_for(JobEnded)
    fault(desk, "forgets-jobs")
    print_job(paper, "another-1-1", 1)
    paper.wait_for(JobEnded, key="another-1-1")
    assert not any(state == operations.COMPLETED for _, state in jobs(desk))
    for key in (KEY, "another-1-1"):
        end = paper.run(OpenJob, key=key, sheets=1)
        assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.REFUSED)
    assert len(desk.truth()["sheets"]) == 2


def test_another_printer_proves_nothing_about_a_job(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    opened = print_job(paper, KEY, 1)
    paper.wait_for(JobEnded)
    desk.do("fault", device="printer", fault="serial", serial="another")
    told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
    followed = paper.run(FollowJob, sheets=1, **told)
    cancelled = paper.run(CancelJob, **told)
    for end in (followed, cancelled):
        assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.IDENTITY)
    assert isinstance(cancelled.result, PaperReading)
    assert cancelled.result.printer_serial == "urn:uuid:another"


def test_a_job_that_was_given_up_does_not_stand_in_the_way_of_the_next_one(desk: Desk, paper: Served) -> None:
    first = paper.run(OpenJob, key=KEY, sheets=1)
    assert isinstance(first.result, JobOpened)
    paper.socket_of(first).close()
    paper.run(Hold)
    print_job(paper, "another-1-1", 1)
    assert paper.wait_for(JobEnded, key="another-1-1").outcome is Outcome.DONE
    assert (first.result.job_id, operations.CANCELED) in jobs(desk)


def test_a_probe_that_was_cut_short_leaves_no_job_behind(desk: Desk) -> None:
    hold = ipp.text("job-hold-until", ipp.KEYWORD, "indefinite")
    ask(desk, operations.create_job(desk.printer_uri, probe.NAME, hold))
    desk.do("fault", device="printer", fault="lose-reply", operation="create-job")
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "presenter"), emit)) as bus:
        assert KEEPS_JOBS in bus.wait_state("printer", DeviceState.READY).capabilities
    ended = jobs(desk)
    assert len(ended) == 3  # the one that was left, the one whose answer was lost, and the one that went well
    assert {state for _, state in ended} == {operations.CANCELED}
