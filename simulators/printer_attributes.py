"""What the page printer says about itself and its jobs (RFC 8011; sheet counters of PWG 5100.7 and 5100.22)."""

from collections.abc import Iterable

from simulators.ipp import Attribute, Group, Tag, Value, Worded
from simulators.page_printer import LOW_SHEETS, TRAY_CAPACITY, Names, PagePrinter
from simulators.print_job import JobState, PrintJob
from simulators.printer_model import A4, one

_SHORT_NAME = 8
_IDLE, _PROCESSING, _STOPPED = 3, 4, 5
_A4_MM100 = (21_000, 29_700)


def printer_group(printer: PagePrinter, uri: str) -> Group:
    """All printer attributes: the model's, and what is this printer's own."""
    owned = (*_address(printer, uri), *_state(printer), *_supplies(printer))
    told = {attribute.name for attribute in printer.model.attributes}
    return Group(
        Tag.PRINTER,
        (*printer.model.attributes, *(attribute for attribute in owned if attribute.name not in told)),
    )


def _address(printer: PagePrinter, uri: str) -> Iterable[Attribute]:
    return (
        one("printer-uri-supported", Tag.URI, uri),
        one("uri-security-supported", Tag.KEYWORD, "none"),
        one("uri-authentication-supported", Tag.KEYWORD, "none"),
        one("printer-name", Tag.NAME, "changgu-a4"),
        one("printer-info", Tag.TEXT, "A4 laser printer"),
        one("printer-location", Tag.TEXT, ""),
        one("printer-uuid", Tag.URI, printer.memory.text("uuid")),
        one("printer-more-info", Tag.URI, uri.replace("ipp://", "http://", 1)),
    )


def _state(printer: PagePrinter) -> Iterable[Attribute]:
    state = _STOPPED if printer.stopped else _PROCESSING if printer.busy else _IDLE
    counted = {"printer-media-sheets-completed": printer.sheets}
    return (
        one("printer-state", Tag.ENUM, state),
        one("printer-state-reasons", Tag.KEYWORD, *state_reasons(printer)),
        one("printer-is-accepting-jobs", Tag.BOOLEAN, True),
        one("queued-job-count", Tag.INTEGER, sum(not job.ended for job in printer.jobs)),
        one("printer-up-time", Tag.INTEGER, printer.up_time),
        *(one(name, Tag.INTEGER, counted.get(name, printer.sides)) for name in printer.model.lifetime),
    )


def state_reasons(printer: PagePrinter) -> tuple[str, ...]:
    """printer-state-reasons, with the suffix that gives the severity."""
    reasons = []
    if printer.jammed:
        reasons.append("media-jam-error")
    if printer.world.levels.tray == 0:
        reasons.append("media-empty-error")
        if printer.busy and printer.stopped:
            reasons.append("media-needed-error")
    elif printer.world.levels.tray < LOW_SHEETS:
        reasons.append("media-low-warning")
    return tuple(reasons) or ("none",)


def _supplies(printer: PagePrinter) -> Iterable[Attribute]:
    level = printer.world.levels.tray
    tray = (
        f"type=sheetFeedAutoRemovableTray;mediafeed={_A4_MM100[1]};mediaxfeed={_A4_MM100[0]};"
        f"maxcapacity={TRAY_CAPACITY};level={level};status=0;name=tray-1;"
    )
    return (
        one("media-ready", Tag.KEYWORD, A4) if level else Attribute("media-ready", (Value(Tag.NO_VALUE),)),
        one("printer-input-tray", Tag.OCTETS, tray.encode()),
        one("marker-names", Tag.NAME, "black toner"),
        one("marker-types", Tag.KEYWORD, "toner"),
        one("marker-colors", Tag.NAME, "#000000"),
        one("marker-levels", Tag.INTEGER, 80),
        one("marker-low-levels", Tag.INTEGER, 10),
        one("marker-high-levels", Tag.INTEGER, 100),
    )


def job_group(printer: PagePrinter, job: PrintJob, uri: str) -> Group:
    """All attributes of a job."""
    counted = {
        "job-impressions-completed": job.sides_done,
        "job-media-sheets-completed": job.sheets_done,
    }
    return Group(
        Tag.JOB,
        (
            one("job-id", Tag.INTEGER, job.number),
            one("job-uri", Tag.URI, f"{uri}/{job.number}"),
            one("job-printer-uri", Tag.URI, uri),
            _name(printer.names, job.name),
            one("job-originating-user-name", Tag.NAME, job.user),
            one("job-state", Tag.ENUM, int(job.state)),
            one("job-state-reasons", Tag.KEYWORD, job.reason),
            one("job-printer-up-time", Tag.INTEGER, printer.up_time),
            one("time-at-creation", Tag.INTEGER, job.created_at),
            _time("time-at-processing", job.processing_at),
            _time("time-at-completed", job.completed_at),
            one("job-impressions", Tag.INTEGER, job.pages),
            one("job-media-sheets", Tag.INTEGER, job.sheets),
            *(one(name, Tag.INTEGER, counted[name]) for name in printer.model.job),
            one("number-of-documents", Tag.INTEGER, 0 if job.state is JobState.HELD else 1),
        ),
    )


def _name(names: Names, name: str) -> Attribute:
    match names:
        case Names.SHORTENED:
            return one("job-name", Tag.NAME, name[:_SHORT_NAME])
        case Names.REPLACED:
            return one("job-name", Tag.NAME, "Document")
        case Names.TAGGED:
            return Attribute("job-name", (Value(Tag.NAME_WITH_LANGUAGE, Worded("en", name)),))
        case Names.KEPT:
            return one("job-name", Tag.NAME, name)


def _time(name: str, at: int | None) -> Attribute:
    return Attribute(name, (Value(Tag.NO_VALUE),)) if at is None else one(name, Tag.INTEGER, at)


_JOB_TEMPLATE_ENDS = ("-default", "-supported", "-ready")
_DESCRIPTION_ONLY = (
    "charset-",
    "document-format-",
    "operations-",
    "ipp-versions-",
    "uri-",
    "compression-",
    "printer-uri",
)


def select(group: Group, requested: tuple[object, ...]) -> Group:
    """The attributes that `requested-attributes` names; no names mean all of them."""
    if not requested or "all" in requested:
        return group
    kept = [a for a in group.attributes if a.name in requested or _kind(a.name, group.tag) in requested]
    return Group(group.tag, tuple(kept))


def _kind(name: str, tag: int) -> str:
    if tag == Tag.JOB:
        return "job-description"
    template = name.endswith(_JOB_TEMPLATE_ENDS) and not name.startswith(_DESCRIPTION_ONLY)
    return "job-template" if template else "printer-description"
