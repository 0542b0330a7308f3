"""What the page printer says about itself and its jobs (RFC 8011; sheet counters of PWG 5100.7 and 5100.22)."""

from collections.abc import Iterable

from simulators.ipp import Attribute, Group, Tag, Value, Worded
from simulators.page_printer import LOW_SHEETS, TRAY_CAPACITY, Names, PagePrinter
from simulators.print_job import JobState, PrintJob

FORMAT = "application/pdf"
OPERATIONS = (0x0002, 0x0004, 0x0005, 0x0006, 0x0008, 0x0009, 0x000A, 0x000B)
HOLDS = ("no-hold", "indefinite")
_A4 = "iso_a4_210x297mm"
_SHORT_NAME = 8
_IDLE, _PROCESSING, _STOPPED = 3, 4, 5
_A4_MM100 = (21_000, 29_700)


def one(name: str, tag: Tag, *contents: int | bool | str | bytes | tuple[int, ...]) -> Attribute:
    """An attribute whose values all have the same tag."""
    return Attribute(name, tuple(Value(tag, content) for content in contents))


def printer_group(printer: PagePrinter, uri: str) -> Group:
    """All printer attributes."""
    return Group(Tag.PRINTER, (*_description(printer, uri), *_state(printer), *_media(printer)))


def _description(printer: PagePrinter, uri: str) -> Iterable[Attribute]:
    serial = printer.memory.text("uuid")
    return (
        one("printer-uri-supported", Tag.URI, uri),
        one("uri-security-supported", Tag.KEYWORD, "none"),
        one("uri-authentication-supported", Tag.KEYWORD, "none"),
        one("printer-name", Tag.NAME, "changgu-a4"),
        one("printer-info", Tag.TEXT, "A4 laser printer"),
        one("printer-location", Tag.TEXT, ""),
        one("printer-make-and-model", Tag.TEXT, "CGS Laser A4"),
        one("printer-uuid", Tag.URI, serial),
        one("printer-more-info", Tag.URI, uri.replace("ipp://", "http://", 1)),
        one("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
        one("operations-supported", Tag.ENUM, *OPERATIONS),
        one("multiple-document-jobs-supported", Tag.BOOLEAN, False),
        one("multiple-operation-time-out", Tag.INTEGER, 60),
        one("charset-configured", Tag.CHARSET, "utf-8"),
        one("charset-supported", Tag.CHARSET, "utf-8", "us-ascii"),
        one("natural-language-configured", Tag.LANGUAGE, "en"),
        one("generated-natural-language-supported", Tag.LANGUAGE, "en"),
        one("document-format-default", Tag.MIME, FORMAT),
        one("document-format-supported", Tag.MIME, FORMAT),
        one("compression-supported", Tag.KEYWORD, "none"),
        one("pdl-override-supported", Tag.KEYWORD, "attempted"),
        one("color-supported", Tag.BOOLEAN, False),
        one("pages-per-minute", Tag.INTEGER, 170),
        one("sides-default", Tag.KEYWORD, "one-sided"),
        one("sides-supported", Tag.KEYWORD, "one-sided"),
        one("copies-default", Tag.INTEGER, 1),
        one("copies-supported", Tag.RANGE, (1, 1)),
        one("printer-resolution-default", Tag.RESOLUTION, (600, 600, 3)),
        one("printer-resolution-supported", Tag.RESOLUTION, (600, 600, 3)),
        one("print-color-mode-default", Tag.KEYWORD, "monochrome"),
        one("print-color-mode-supported", Tag.KEYWORD, "monochrome"),
        one("orientation-requested-default", Tag.ENUM, 3),
        one("orientation-requested-supported", Tag.ENUM, 3),
        one("print-quality-default", Tag.ENUM, 4),
        one("print-quality-supported", Tag.ENUM, 4),
        one("output-bin-default", Tag.KEYWORD, "face-down"),
        one("output-bin-supported", Tag.KEYWORD, "face-down"),
        one("finishings-default", Tag.ENUM, 3),
        one("finishings-supported", Tag.ENUM, 3),
        one("job-creation-attributes-supported", Tag.KEYWORD, "copies", "media", "sides", "job-hold-until"),
        one("job-hold-until-default", Tag.KEYWORD, "no-hold"),
        one("job-hold-until-supported", Tag.KEYWORD, *HOLDS),
        one("which-jobs-supported", Tag.KEYWORD, "completed", "not-completed", "all"),
    )


def _state(printer: PagePrinter) -> Iterable[Attribute]:
    state = _STOPPED if printer.stopped else _PROCESSING if printer.busy else _IDLE
    return (
        one("printer-state", Tag.ENUM, state),
        one("printer-state-reasons", Tag.KEYWORD, *state_reasons(printer)),
        one("printer-is-accepting-jobs", Tag.BOOLEAN, True),
        one("queued-job-count", Tag.INTEGER, sum(not job.ended for job in printer.jobs)),
        one("printer-up-time", Tag.INTEGER, printer.up_time),
        one("printer-media-sheets-completed", Tag.INTEGER, printer.sheets),
        one("printer-impressions-completed", Tag.INTEGER, printer.sheets),
        one("printer-pages-completed", Tag.INTEGER, printer.sheets),
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


def _media(printer: PagePrinter) -> Iterable[Attribute]:
    level = printer.world.levels.tray
    tray = (
        f"type=sheetFeedAutoRemovableTray;mediafeed={_A4_MM100[1]};mediaxfeed={_A4_MM100[0]};"
        f"maxcapacity={TRAY_CAPACITY};level={level};status=0;name=tray-1;"
    )
    size = (one("x-dimension", Tag.INTEGER, _A4_MM100[0]), one("y-dimension", Tag.INTEGER, _A4_MM100[1]))
    column = (Attribute("media-size", (Value(Tag.BEGIN_COLLECTION, size),)),)
    sizes = Attribute("media-size-supported", (Value(Tag.BEGIN_COLLECTION, size),))
    ready = (
        one("media-ready", Tag.KEYWORD, _A4) if level else Attribute("media-ready", (Value(Tag.NO_VALUE),))
    )
    return (
        one("media-default", Tag.KEYWORD, _A4),
        one("media-supported", Tag.KEYWORD, _A4),
        ready,
        sizes,
        Attribute("media-col-default", (Value(Tag.BEGIN_COLLECTION, column),)),
        one("media-col-supported", Tag.KEYWORD, "media-size"),
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
            one("job-impressions", Tag.INTEGER, job.sheets),
            one("job-impressions-completed", Tag.INTEGER, job.sheets_done),
            one("job-media-sheets", Tag.INTEGER, job.sheets),
            one("job-media-sheets-completed", Tag.INTEGER, job.sheets_done),
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
