"""The printer's engine: sheets, stops, jams, power cuts, and what is counted."""

from pathlib import Path

import pytest
from PIL import Image

from simulators.paper import document_number, safe_name
from simulators.print_job import JobState, PrintJob

from .desk import PaperDesk, pdf

NUMBER = "1234-5678-9012-3456"


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    desk = PaperDesk(tmp_path)
    desk.ask("H")
    return desk


def submit(desk: PaperDesk, pages: int = 2, name: str = "order-1") -> PrintJob:
    job = desk.printer.create(name, "kiosk")
    desk.printer.take_document(job, pdf(*(f"{NUMBER}  {page + 1}/{pages}" for page in range(pages))))
    return job


def states(job: PrintJob) -> tuple[JobState, str, int]:
    return job.state, job.reason, job.sheets_done


def test_a_sheet_leaves_every_350_ms_after_a_warm_up_of_250_ms(desk: PaperDesk) -> None:
    job = submit(desk, pages=3)
    seen = []
    for step in (0.25, 0.35, 0.35, 0.35):
        desk.clock.advance(step)
        seen.append(job.sheets_done)
    assert seen == [0, 1, 2, 3]
    assert states(job) == (JobState.COMPLETED, "job-completed-successfully", 3)
    assert desk.printer.sheets == 3


def test_the_truth_has_each_sheet_with_its_number_and_picture(desk: PaperDesk, tmp_path: Path) -> None:
    submit(desk, pages=2)
    desk.clock.advance(2)
    sheets = desk.world.truth().sheets
    assert [(s.job, s.sheet, s.of, s.number, s.where) for s in sheets] == [
        ("order-1", 1, 2, NUMBER, "path"),
        ("order-1", 2, 2, NUMBER, "path"),
    ]
    with Image.open(sheets[0].image) as picture:
        assert (picture.mode, picture.size) == ("L", (1653, 2339))
        assert min(picture.tobytes()) < 50
    assert (tmp_path / "pdf" / "order-1.pdf").read_bytes().startswith(b"%PDF")


def test_jobs_are_printed_one_after_the_other(desk: PaperDesk) -> None:
    first, second = submit(desk, 1, "a"), submit(desk, 1, "b")
    desk.clock.advance(0.6)
    assert (first.state, second.state) == (JobState.COMPLETED, JobState.PROCESSING)
    desk.clock.advance(0.6)
    assert [sheet.job for sheet in desk.world.truth().sheets] == ["a", "b"]


def test_an_empty_tray_stops_printer_and_job_until_paper_is_put_in(desk: PaperDesk) -> None:
    desk.world.set_levels(tray=1)
    job = submit(desk, pages=2)
    desk.clock.advance(5)
    assert states(job) == (JobState.STOPPED, "printer-stopped", 1)
    assert desk.printer.stopped
    desk.world.set_levels(tray=10)
    desk.printer.mended()
    desk.clock.advance(1)
    assert states(job) == (JobState.COMPLETED, "job-completed-successfully", 2)
    assert desk.world.levels.tray == 9


def test_the_last_sheet_of_the_tray_still_comes_out(desk: PaperDesk) -> None:
    desk.world.set_levels(tray=1)
    job = submit(desk, pages=1)
    desk.clock.advance(0.3)
    assert not desk.printer.stopped
    desk.clock.advance(0.3)
    assert job.state is JobState.COMPLETED
    assert desk.printer.stopped


def test_a_jam_on_sheet_2_stops_the_job_and_clearing_it_prints_that_sheet_again_once(desk: PaperDesk) -> None:
    desk.printer.jam_sheet = 2
    job = submit(desk, pages=3)
    desk.clock.advance(5)
    assert states(job) == (JobState.STOPPED, "printer-stopped", 1)
    assert desk.printer.jammed
    for _ in range(3):  # impatient hands
        desk.printer.clear_jam()
    desk.clock.advance(5)
    truth = desk.world.truth()
    assert [sheet.sheet for sheet in truth.sheets] == [1, 2, 3]
    assert [(spoiled.job, spoiled.sheet) for spoiled in truth.spoiled] == [("order-1", 2)]
    assert (job.state, desk.printer.sheets) == (JobState.COMPLETED, 3)
    assert desk.world.levels.tray == 250 - 4


def test_a_job_for_a_jammed_printer_waits_for_the_hand(desk: PaperDesk) -> None:
    desk.printer.jam_sheet = 1
    first, second = submit(desk, 1, "a"), submit(desk, 1, "b")
    desk.clock.advance(5)
    assert (first.state, second.state) == (JobState.STOPPED, JobState.PENDING)
    desk.printer.clear_jam()
    desk.clock.advance(5)
    assert (first.state, second.state) == (JobState.COMPLETED, JobState.COMPLETED)


def test_a_job_canceled_while_a_sheet_moves_ends_behind_that_sheet(desk: PaperDesk) -> None:
    job = submit(desk, pages=3)
    desk.clock.advance(0.4)
    desk.printer.cancel(job)
    assert states(job) == (JobState.PROCESSING, "processing-to-stop-point", 0)
    desk.clock.advance(5)
    assert states(job) == (JobState.CANCELED, "job-canceled-by-user", 1)
    assert desk.printer.sheets == 1


def test_a_stopped_job_is_canceled_at_once_and_the_jam_remains(desk: PaperDesk) -> None:
    desk.printer.jam_sheet = 1
    job = submit(desk, pages=1)
    desk.clock.advance(1)
    desk.printer.cancel(job)
    assert job.state is JobState.CANCELED
    assert desk.printer.jammed
    assert not desk.printer.busy


def test_a_canceled_job_that_waited_for_paper_does_not_print_when_paper_comes(desk: PaperDesk) -> None:
    desk.world.set_levels(tray=0)
    job = submit(desk, pages=1)
    desk.clock.advance(1)
    desk.printer.cancel(job)
    desk.world.set_levels(tray=10)
    desk.printer.mended()
    desk.clock.advance(5)
    assert desk.world.truth().sheets == ()


def test_a_power_cut_forgets_jobs_and_leaves_the_moving_sheet_inside(desk: PaperDesk) -> None:
    submit(desk, pages=3)
    desk.clock.advance(0.7)
    desk.printer.power(False)
    desk.printer.power(True)
    desk.clock.advance(5)
    assert desk.printer.jobs == []
    assert desk.printer.jammed
    assert (desk.printer.sheets, len(desk.world.truth().sheets)) == (1, 1)
    assert [s.sheet for s in desk.world.truth().spoiled] == [2]
    assert desk.printer.up_time == 6
    assert submit(desk, 1).number == 1


def test_a_power_cut_between_jobs_leaves_nothing_inside(desk: PaperDesk) -> None:
    submit(desk, pages=1)
    desk.clock.advance(2)
    desk.printer.power(False)
    desk.printer.power(True)
    assert not desk.printer.jammed


@pytest.mark.parametrize("document", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_aborted_without_a_sheet(desk: PaperDesk, document: bytes) -> None:
    job = desk.printer.create("bad", "kiosk")
    desk.printer.take_document(job, document)
    desk.clock.advance(5)
    assert states(job) == (JobState.ABORTED, "document-format-error", 0)
    assert desk.world.truth().sheets == ()


def test_a_job_without_a_document_is_given_up_after_a_minute(desk: PaperDesk) -> None:
    job = desk.printer.create("forgotten", "kiosk")
    desk.clock.advance(59)
    assert job.state is JobState.HELD
    desk.clock.advance(1)
    assert states(job) == (JobState.ABORTED, "aborted-by-system", 0)


def test_only_the_newest_fifty_ended_jobs_are_remembered(desk: PaperDesk) -> None:
    for number in range(60):
        desk.printer.abort(desk.printer.create(f"job-{number}", "kiosk"), "aborted-by-system")
    waiting = desk.printer.create("waiting", "kiosk")
    assert len(desk.printer.jobs) == 51
    assert desk.printer.job(waiting.number) is waiting
    assert desk.printer.job(1) is None


@pytest.mark.parametrize("gap", ["-", "\u2010", "\u2011", "\u2013", "\x02", "\ufffe"])
def test_a_document_number_is_read_whatever_hyphen_the_page_uses(gap: str) -> None:
    assert document_number(f"문서확인번호 {gap.join(('1234', '5678', '9012', '3456'))} 1/2") == NUMBER


@pytest.mark.parametrize(
    "text", ["", "1234-5678-9012-345", "91234-5678-9012-3456", "1234-5678-9012-34567", "1234567890123456"]
)
def test_what_is_no_document_number_is_not_read_as_one(text: str) -> None:
    assert document_number(text) == ""


@pytest.mark.parametrize("name", ["../../etc/passwd", "/absolute", "..", "", "a\x00b", "긴" * 300])
def test_no_job_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    file = (tmp_path / safe_name(name)).resolve()
    assert file.parent == tmp_path
    assert 0 < len(file.name) <= 80
