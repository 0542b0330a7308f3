"""IPP requests and their answers, without the network."""

from pathlib import Path

import pytest

from simulators.ipp import Attribute, Group, Message, Tag, Value, Worded
from simulators.page_printer import Names
from simulators.print_job import JobState
from simulators.printer_model import bought, load, one, own
from simulators.printer_operations import Operation, PrinterOperations

from .desk import PaperDesk, pdf

URI = "ipp://127.0.0.1:631/ipp/print"


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return PaperDesk(tmp_path)


@pytest.fixture
def ipp(desk: PaperDesk) -> PrinterOperations:
    return PrinterOperations(desk.printer, URI)


def request(operation: int, *extra: Attribute, data: bytes = b"", job: tuple[Attribute, ...] = ()) -> Message:
    head = (
        one("attributes-charset", Tag.CHARSET, "utf-8"),
        one("attributes-natural-language", Tag.LANGUAGE, "en"),
        one("printer-uri", Tag.URI, URI),
    )
    groups = (Group(Tag.OPERATION, (*head, *extra)), *((Group(Tag.JOB, job),) if job else ()))
    return Message((1, 1), operation, 7, groups, data)


def number(job_id: int) -> Attribute:
    return one("job-id", Tag.INTEGER, job_id)


LAST = one("last-document", Tag.BOOLEAN, True)


def test_a_certificate_goes_through_create_job_and_send_document(
    desk: PaperDesk, ipp: PrinterOperations
) -> None:
    created = ipp.answer(request(Operation.CREATE_JOB, one("job-name", Tag.NAME, "issue-1")))
    job = created.group(Tag.JOB)
    assert (created.code, created.request_id) == (0, 7)
    assert (job.value("job-id"), job.value("job-state"), job.value("job-state-reasons")) == (
        1,
        JobState.HELD,
        "job-incoming",
    )
    sent = ipp.answer(request(Operation.SEND_DOCUMENT, number(1), LAST, data=pdf("a", "b")))
    assert sent.code == 0
    desk.clock.advance(5)
    followed = ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).group(Tag.JOB)
    assert followed.value("job-name") == "issue-1"
    assert followed.value("job-state") == JobState.COMPLETED
    assert followed.value("job-media-sheets-completed") == 2
    assert followed.value("job-impressions-completed") == 2


def test_a_jammed_printer_says_stopped_and_why(desk: PaperDesk, ipp: PrinterOperations) -> None:
    desk.printer.jam_sheet = 1
    ipp.answer(request(Operation.PRINT_JOB, data=pdf("a")))
    desk.clock.advance(1)
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    job = ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).group(Tag.JOB)
    assert (printer.value("printer-state"), printer.values("printer-state-reasons")) == (
        5,
        ("media-jam-error",),
    )
    assert (job.value("job-state"), job.value("job-state-reasons")) == (JobState.STOPPED, "printer-stopped")


@pytest.mark.parametrize(
    ("sheets", "state", "reasons", "ready"),
    [
        (0, 5, ("media-empty-error",), None),
        (19, 3, ("media-low-warning",), "iso_a4_210x297mm"),
        (20, 3, ("none",), "iso_a4_210x297mm"),
    ],
)
def test_the_tray_s_level_is_told(
    desk: PaperDesk, ipp: PrinterOperations, sheets: int, state: int, reasons: tuple[str], ready: str | None
) -> None:
    desk.world.set_levels(tray=sheets)
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert printer.value("printer-state") == state
    assert printer.values("printer-state-reasons") == reasons
    assert printer.value("media-ready") == ready
    tray = printer.value("printer-input-tray")
    assert isinstance(tray, bytes)
    assert f"level={sheets};".encode() in tray


def test_an_empty_printer_with_a_job_needs_media(desk: PaperDesk, ipp: PrinterOperations) -> None:
    desk.world.set_levels(tray=0)
    ipp.answer(request(Operation.PRINT_JOB, data=pdf("a")))
    desk.clock.advance(1)
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert printer.values("printer-state-reasons") == ("media-empty-error", "media-needed-error")


def test_only_the_requested_attributes_are_answered(ipp: PrinterOperations) -> None:
    wanted = one("requested-attributes", Tag.KEYWORD, "printer-up-time", "printer-media-sheets-completed")
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES, wanted)).group(Tag.PRINTER)
    assert {a.name for a in printer.attributes} == {"printer-up-time", "printer-media-sheets-completed"}


def test_a_job_is_found_by_its_name_after_its_answer_was_lost(
    desk: PaperDesk, ipp: PrinterOperations
) -> None:
    ipp.answer(request(Operation.CREATE_JOB, one("job-name", Tag.NAME, "issue-9")))
    wanted = one("requested-attributes", Tag.KEYWORD, "job-id", "job-name")
    listed = ipp.answer(request(Operation.GET_JOBS, one("which-jobs", Tag.KEYWORD, "all"), wanted))
    assert [(g.value("job-id"), g.value("job-name")) for g in listed.groups[1:]] == [(1, "issue-9")]


def test_jobs_are_listed_by_whether_they_have_ended(desk: PaperDesk, ipp: PrinterOperations) -> None:
    ipp.answer(request(Operation.PRINT_JOB, data=pdf("a")))
    desk.clock.advance(5)
    ipp.answer(request(Operation.CREATE_JOB))

    def listed(which: str) -> list[object]:
        answer = ipp.answer(request(Operation.GET_JOBS, one("which-jobs", Tag.KEYWORD, which)))
        return [group.value("job-id") for group in answer.groups[1:]]

    assert (listed("completed"), listed("not-completed"), listed("all")) == ([1], [2], [2, 1])


def test_a_canceled_job_cannot_be_canceled_again(ipp: PrinterOperations) -> None:
    ipp.answer(request(Operation.CREATE_JOB))
    assert ipp.answer(request(Operation.CANCEL_JOB, number(1))).code == 0
    assert ipp.answer(request(Operation.CANCEL_JOB, number(1))).code == 0x0404


def test_a_second_document_for_a_job_is_refused(ipp: PrinterOperations) -> None:
    ipp.answer(request(Operation.CREATE_JOB))
    ipp.answer(request(Operation.SEND_DOCUMENT, number(1), LAST, data=pdf("a")))
    assert ipp.answer(request(Operation.SEND_DOCUMENT, number(1), LAST, data=pdf("a"))).code == 0x0509


def test_a_document_that_breaks_off_aborts_its_job(desk: PaperDesk, ipp: PrinterOperations) -> None:
    ipp.answer(request(Operation.CREATE_JOB))
    ipp.broken_off(request(Operation.SEND_DOCUMENT, number(1), LAST, data=b"%PDF-1.7 half"))
    job = desk.printer.jobs[0]
    assert (job.state, job.reason) == (JobState.ABORTED, "submission-interrupted")


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (request(0x4002), 0x0501),
        (request(Operation.GET_JOB_ATTRIBUTES, number(99)), 0x0406),
        (request(Operation.GET_JOB_ATTRIBUTES), 0x0400),
        (request(Operation.PRINT_JOB, one("document-format", Tag.MIME, "text/plain"), data=b"x"), 0x040A),
        (request(Operation.PRINT_JOB, one("compression", Tag.KEYWORD, "gzip"), data=b"x"), 0x040F),
        (request(Operation.GET_JOBS, one("which-jobs", Tag.KEYWORD, "proof-print")), 0x040B),
        (Message((9, 9), 0x000B, 1, request(0x000B).groups), 0x0503),
        (Message((1, 1), 0x000B, 0, request(0x000B).groups), 0x0400),
        (Message((1, 1), 0x000B, 1), 0x0400),
        (
            Message((1, 1), 0x000B, 1, (Group(Tag.OPERATION, request(0x000B).groups[0].attributes[::-1]),)),
            0x0400,
        ),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_standard_s_status(
    ipp: PrinterOperations, message: Message, status: int
) -> None:
    answer = ipp.answer(message)
    assert answer.code == status
    assert answer.group(Tag.OPERATION).value("status-message")


def test_what_cannot_be_honoured_is_ignored_and_said_or_refused_when_fidelity_is_asked(
    ipp: PrinterOperations,
) -> None:
    copies = (one("copies", Tag.INTEGER, 3),)
    lenient = ipp.answer(request(Operation.VALIDATE_JOB, job=copies))
    strict = ipp.answer(
        request(Operation.VALIDATE_JOB, one("ipp-attribute-fidelity", Tag.BOOLEAN, True), job=copies)
    )
    assert (lenient.code, strict.code) == (0x0001, 0x040B)
    assert [a.name for a in lenient.group(Tag.UNSUPPORTED_GROUP).attributes] == ["copies"]


@pytest.mark.parametrize(
    ("lacks", "sides", "sheets", "impressions"),
    [
        ((), (), 3, 3),
        (("one-sided-default",), (), 2, 3),
        (("one-sided-default",), ("one-sided",), 3, 3),
        (("one-side",), ("one-sided",), 2, 3),
    ],
)
def test_a_model_that_prints_on_both_sides_does_so_unless_it_can_be_told_otherwise(
    tmp_path: Path, lacks: tuple[str, ...], sides: tuple[str, ...], sheets: int, impressions: int
) -> None:
    desk = PaperDesk(tmp_path)
    desk.printer.model = own(lacks)
    ipp = PrinterOperations(desk.printer, URI)
    asked = tuple(one("sides", Tag.KEYWORD, side) for side in sides)
    answer = ipp.answer(request(Operation.PRINT_JOB, data=pdf("a", "b", "c"), job=asked))
    ignored = answer.group(Tag.UNSUPPORTED_GROUP).values("sides")
    assert bool(ignored) == (bool(sides) and not desk.printer.model.takes("sides", "one-sided"))
    desk.clock.advance(10)
    job = ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).group(Tag.JOB)
    assert job.value("job-media-sheets-completed") == sheets
    assert job.value("job-impressions-completed") == impressions
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert printer.value("printer-media-sheets-completed") == sheets
    assert printer.value("printer-impressions-completed") == impressions


@pytest.mark.parametrize("model", bought())
def test_a_bought_model_tells_what_its_file_says_and_no_count_for_life(tmp_path: Path, model: str) -> None:
    desk = PaperDesk(tmp_path)
    desk.printer.model = load(model)
    ipp = PrinterOperations(desk.printer, URI)
    printer = ipp.answer(request(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert not any(name.endswith("-completed") for name in (a.name for a in printer.attributes))
    assert printer.value("printer-make-and-model") == load(model).values("printer-make-and-model")[0]
    assert printer.value("sides-default") == "one-sided"
    names = [attribute.name for attribute in printer.attributes]
    assert len(names) == len(set(names))
    everything = ipp.answer(request(Operation.GET_JOBS, one("which-jobs", Tag.KEYWORD, "all")))
    assert (everything.code == 0) == ("all" in load(model).values("which-jobs-supported"))


def test_a_held_job_is_not_printed_with_its_document(desk: PaperDesk, ipp: PrinterOperations) -> None:
    hold = one("job-hold-until", Tag.KEYWORD, "indefinite")
    ipp.answer(request(Operation.PRINT_JOB, data=pdf("a"), job=(hold,)))
    desk.clock.advance(10)
    job = ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).group(Tag.JOB)
    assert (job.value("job-state"), job.value("job-state-reasons")) == (
        JobState.HELD,
        "job-hold-until-specified",
    )


@pytest.mark.parametrize(
    ("names", "told"),
    [("shortened", "01KBCDEF"), ("replaced", "Document"), ("tagged", Worded("en", "01KBCDEFGH"))],
)
def test_a_name_comes_back_as_the_fault_has_it(
    desk: PaperDesk, ipp: PrinterOperations, names: str, told: object
) -> None:
    desk.printer.names = Names(names)
    sent = Attribute("job-name", (Value(Tag.NAME_WITH_LANGUAGE, Worded("en", "01KBCDEFGH")),))
    ipp.answer(request(Operation.CREATE_JOB, sent))
    assert desk.printer.jobs[0].name == "01KBCDEFGH"
    job = ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).group(Tag.JOB)
    assert job.value("job-name") == told


def test_a_printer_that_forgets_knows_an_ended_job_no_more(desk: PaperDesk, ipp: PrinterOperations) -> None:
    desk.printer.forgets_jobs = True
    ipp.answer(request(Operation.CREATE_JOB))
    ipp.answer(request(Operation.CANCEL_JOB, number(1)))
    assert ipp.answer(request(Operation.GET_JOB_ATTRIBUTES, number(1))).code == 0x0406
