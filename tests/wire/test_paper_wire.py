"""Paper over real IPP and the presenter's pty: every claim equals the sheets that physically moved."""

import io
import socket
from collections.abc import Iterator

import pikepdf
import pytest

from drivers.contract import (
    CancelJob,
    DeviceState,
    ErrorCode,
    Event,
    FollowJob,
    Hold,
    JobEnded,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    PaperTaken,
    Present,
    ReadPaper,
    ReasonCode,
    Retract,
    SheetOut,
    StatusChanged,
)
from drivers.page_printer import ipp
from drivers.page_printer.http import Answer, post
from drivers.paper_bus import PaperBus
from tests.wire.desk import Desk, Served, path_of, served


@pytest.fixture
def paper(desk: Desk) -> Iterator[Served]:
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "presenter"), emit)) as bus:
        bus.wait_state("printer", DeviceState.READY)
        bus.wait_state("presenter", DeviceState.READY)
        yield bus


def pdf(sheets: int) -> bytes:
    with pikepdf.new() as document:
        for _sheet in range(sheets):
            document.add_blank_page(page_size=(595, 842))
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()


def send_document(sock: socket.socket, job: JobOpened, data: bytes) -> int:
    """What a worker does with the socket; the IPP status."""
    operation = ipp.Group(
        ipp.OPERATION_GROUP,
        (
            ipp.text("attributes-charset", ipp.CHARSET, "utf-8"),
            ipp.text("attributes-natural-language", ipp.LANGUAGE, "en"),
            ipp.text("printer-uri", ipp.URI, job.printer_uri),
            ipp.integer("job-id", job.job_id),
            ipp.text("document-format", ipp.MIME, "application/pdf"),
            ipp.boolean("last-document", True),
        ),
    )
    with sock:
        sock.settimeout(10)
        sock.sendall(post(job.host, job.path, ipp.build(ipp.Message(0x0006, 1, (operation,), data))))
        answer = Answer()
        while not answer.complete:
            answer.feed(sock.recv(4096))
    return ipp.parse(answer.body).code


def print_job(paper: Served, key: str, sheets: int) -> JobOpened:
    end = paper.run(OpenJob, key=key, sheets=sheets)
    assert isinstance(end.result, JobOpened), end
    assert send_document(paper.socket_of(end), end.result, pdf(sheets)) == 0
    return end.result


def test_a_document_is_printed_held_presented_and_taken(desk: Desk, paper: Served) -> None:
    assert paper.run(Hold).outcome is Outcome.DONE
    print_job(paper, "issue-1", 2)
    assert paper.wait_for(JobEnded) == JobEnded("issue-1", Outcome.DONE, 2)
    assert paper.told(SheetOut) == [SheetOut("issue-1", 1), SheetOut("issue-1", 2)]
    held = paper.run(ReadPaper).result
    assert isinstance(held, PaperReading)
    assert (held.sheets, held.path, held.mouth) == (2, True, False)
    assert paper.run(Present).outcome is Outcome.DONE
    assert len(desk.do("take")["sheets"]) == 2
    paper.wait_for(PaperTaken)
    assert {sheet["where"] for sheet in desk.truth()["sheets"]} == {"taken"}


def test_paper_that_nobody_takes_is_pulled_into_the_bin(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    print_job(paper, "issue-1", 1)
    paper.wait_for(JobEnded)
    paper.run(Present)
    end = paper.run(Retract)
    assert isinstance(end.result, PaperReading)
    assert (end.outcome, end.result.retracts, end.result.mouth) == (Outcome.DONE, 1, False)
    assert [sheet["where"] for sheet in desk.truth()["sheets"]] == ["bin"]
    assert not paper.told(PaperTaken)


def test_without_paper_no_job_is_opened(desk: Desk, paper: Served) -> None:
    desk.do("tray", sheets=0)
    end = paper.run(OpenJob, key="issue-1", sheets=1)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.EMPTY)
    status = paper.wait_state("printer", DeviceState.BLOCKED)
    assert ReasonCode.PAPER_OUT in {reason.code for reason in status.reasons}


def test_a_jam_blocks_and_after_mending_every_sheet_is_counted_once(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    desk.do("jam", sheet=2)
    print_job(paper, "issue-1", 3)
    status = paper.wait_state("printer", DeviceState.BLOCKED)
    assert ReasonCode.PAPER_JAM in {reason.code for reason in status.reasons}
    desk.do("unjam")
    assert paper.wait_for(JobEnded) == JobEnded("issue-1", Outcome.DONE, 3)
    assert len(desk.truth()["sheets"]) == 3


def test_a_sheet_that_came_out_before_the_jam_is_told_before_it(desk: Desk, paper: Served) -> None:
    """Told after it, that sheet would look like a printer that goes on again."""
    paper.run(Hold)
    desk.do("jam", sheet=2)
    print_job(paper, "issue-1", 2)
    paper.wait_state("printer", DeviceState.BLOCKED)
    paper.wait_for(SheetOut)
    told = [e for e in paper.events if isinstance(e, SheetOut) or is_blocked(e)]
    assert [type(event) for event in told] == [SheetOut, StatusChanged]


def is_blocked(event: Event) -> bool:
    return isinstance(event, StatusChanged) and event.status.state is DeviceState.BLOCKED


def test_a_jammed_job_is_cancelled_and_its_end_is_not_a_success(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    desk.do("jam", sheet=2)
    print_job(paper, "issue-1", 2)
    paper.wait_state("printer", DeviceState.BLOCKED)
    end = paper.run(CancelJob, key="issue-1", deadline_ms=10_000)
    assert isinstance(end.result, PaperReading)
    assert (end.outcome, end.result.sheets) == (Outcome.DONE, 1)
    over = paper.wait_for(JobEnded)
    assert (over.outcome, over.sheets, over.code) == (Outcome.UNKNOWN, 1, ErrorCode.CANCELLED)


def test_a_job_without_a_document_is_cancelled_and_proved_not_done(desk: Desk, paper: Served) -> None:
    end = paper.run(OpenJob, key="issue-1", sheets=1)
    paper.socket_of(end).close()
    assert paper.run(CancelJob, key="issue-1").outcome is Outcome.DONE
    assert paper.wait_for(JobEnded) == JobEnded("issue-1", Outcome.NOT_DONE, 0, ErrorCode.CANCELLED)


def test_a_power_cut_in_mid_job_is_unknown_with_the_sheets_that_came(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    print_job(paper, "issue-1", 4)
    paper.wait_for(SheetOut)
    desk.do("power", up=False)
    paper.wait_state("printer", DeviceState.ABSENT)
    desk.do("power", up=True)
    over = paper.wait_for(JobEnded)
    assert (over.outcome, over.code) == (Outcome.UNKNOWN, ErrorCode.RESET)
    assert over.sheets == len(desk.truth()["sheets"])
    assert paper.run(FollowJob, key="issue-1", sheets=4).outcome is Outcome.NOT_DONE


def test_a_lost_answer_to_create_job_creates_one_job(desk: Desk, paper: Served) -> None:
    desk.do("fault", device="printer", fault="lose-reply", operation="create-job")
    paper.run(Hold)
    print_job(paper, "issue-1", 1)
    assert paper.wait_for(JobEnded) == JobEnded("issue-1", Outcome.DONE, 1)
    assert len(desk.truth()["sheets"]) == 1


def test_opening_the_same_key_again_uses_the_waiting_job_and_never_prints_twice(
    desk: Desk, paper: Served
) -> None:
    first = paper.run(OpenJob, key="issue-1", sheets=1)
    paper.socket_of(first).close()
    paper.run(Hold)
    again = print_job(paper, "issue-1", 1)
    assert isinstance(first.result, JobOpened)
    assert again.job_id == first.result.job_id
    paper.wait_for(JobEnded)
    end = paper.run(OpenJob, key="issue-1", sheets=1)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.REFUSED)
    assert len(desk.truth()["sheets"]) == 1


def test_a_new_process_finds_the_job_and_follows_it_to_its_end(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    print_job(paper, "issue-1", 3)
    with served(lambda emit: PaperBus(desk.printer_uri, path_of(desk.run, "none"), emit)) as fresh:
        assert fresh.run(FollowJob, key="issue-1", sheets=3).outcome is Outcome.DONE
        assert fresh.wait_for(JobEnded) == JobEnded("issue-1", Outcome.DONE, 3)
        assert fresh.run(FollowJob, key="issue-2", sheets=1).outcome is Outcome.NOT_DONE


@pytest.mark.parametrize(("device", "command"), [("printer", ReadPaper), ("presenter", Hold)])
def test_unplugged_and_plugged_again(desk: Desk, paper: Served, device: str, command: type) -> None:
    before = len(paper.events)
    desk.do("unplug", device=device)
    paper.wait_state(device, DeviceState.ABSENT, since=before)
    reading = paper.run(ReadPaper).result
    assert isinstance(reading, PaperReading)
    assert (reading.sheets is None) == (device == "printer")
    assert (reading.retracts is None) == (device == "presenter")
    before = len(paper.events)
    desk.do("plug", device=device)
    paper.wait_state(device, DeviceState.READY, since=before)
    assert paper.run(command).outcome is Outcome.DONE


def test_a_printer_that_hangs_proves_nothing_and_comes_back(desk: Desk, paper: Served) -> None:
    desk.do("fault", device="printer", fault="hang")
    end = paper.run(FollowJob, key="issue-1", sheets=1, deadline_ms=1_000)
    assert end.outcome is Outcome.UNKNOWN
    status = paper.wait_state("printer", DeviceState.ABSENT)
    assert {reason.code for reason in status.reasons} == {ReasonCode.SILENT}
    before = len(paper.events)
    desk.do("fault", device="printer", fault="none")
    paper.wait_state("printer", DeviceState.READY, since=before)


def test_a_noisy_presenter_line_moves_nothing_twice(desk: Desk, paper: Served) -> None:
    paper.run(Hold)
    print_job(paper, "issue-1", 1)
    paper.wait_for(JobEnded)
    desk.do("fault", device="presenter", fault="flip", rate=0.01)
    paper.run(Present, deadline_ms=10_000)
    end = paper.run(Retract, deadline_ms=10_000)
    desk.do("fault", device="presenter", fault="none")
    if end.outcome is not Outcome.DONE:
        end = paper.run(Retract, deadline_ms=10_000)
    assert end.outcome is Outcome.DONE
    assert [sheet["where"] for sheet in desk.truth()["sheets"]] == ["bin"]
