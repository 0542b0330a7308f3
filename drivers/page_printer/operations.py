"""The IPP operations that the kiosk uses, as messages. Pure. Source: RFC 8011 section 4; PWG 5100.7 (counters)."""

from msgspec import Struct

from drivers.page_printer import ipp
from drivers.page_printer.ipp import Attribute, Group, Message

CREATE_JOB, SEND_DOCUMENT, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = (
    0x0005, 0x0006, 0x0008, 0x0009, 0x000A, 0x000B,
)  # fmt: skip
NOT_POSSIBLE, NOT_FOUND, GONE = 0x0404, 0x0406, 0x0407
# Both say that the printer has no job of this id.
NO_SUCH_JOB = frozenset({NOT_FOUND, GONE})
CANCELED, ABORTED, COMPLETED = 7, 8, 9
PENDING, HELD = 3, 4
ENDED = frozenset({CANCELED, ABORTED, COMPLETED})
# No paper of such a job has moved yet.
WAITING = frozenset({PENDING, HELD})
# Status codes from here on are the printer's own trouble, which may pass (RFC 8011 appendix B.1.5).
SERVER_ERRORS = 0x0500
# These of them do not pass: the printer lacks the operation, or IPP/1.1.
NOT_SUPPORTED = frozenset({0x0501, 0x0503})

PRINTER_ATTRIBUTES = (
    "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "queued-job-count", "printer-up-time",
    "printer-uuid", "printer-make-and-model", "printer-firmware-string-version", "printer-input-tray",
    "printer-media-sheets-completed", "printer-impressions-completed", "document-format-supported", "sides-supported",
    "sides-default", "media-supported", "media-default", "media-ready", "copies-supported", "job-hold-until-supported",
    "job-creation-attributes-supported",
)  # fmt: skip
JOB_ATTRIBUTES = (
    "job-id", "job-name", "job-state", "job-state-reasons", "job-impressions-completed",
    "job-media-sheets-completed",
)  # fmt: skip


# On one-sided paper they are the same.
_JOB_COUNTERS = ("job-media-sheets-completed", "job-impressions-completed")
UNSUPPORTED = 0x10


class JobView(Struct, frozen=True):
    """A job as the printer describes it; None for what it does not tell. `counts`: it has a count of its sheets, if
    only one that is not known yet.
    """

    job_id: int
    name: str
    state: int
    sheets: int | None
    counts: bool = False


def succeeded(answer: Message) -> bool:
    """Whether the status is one of the successful ones (RFC 8011 appendix B.1.2)."""
    return answer.code < 0x0100


def job_view(group: Group) -> JobView | None:
    """A job's group, if it names job and state."""
    job_id, state = group.integer("job-id"), group.integer("job-state")
    if job_id is None or job_id < 1 or state is None:  # integer(1:MAX): RFC 8011, section 5.3.2
        return None
    counts = [group.count(name) for name in _JOB_COUNTERS]
    sheets = next((count for count in counts if count is not None), None)
    told = any(value.tag != UNSUPPORTED for name in _JOB_COUNTERS for value in group.values(name))
    return JobView(job_id, group.text("job-name"), state, sheets, told)


def get_printer(uri: str, *names: str) -> Message:
    """Get-Printer-Attributes: these, or all that the kiosk looks at."""
    wanted = names or PRINTER_ATTRIBUTES
    return _message(GET_PRINTER, uri, ipp.text("requested-attributes", ipp.KEYWORD, *wanted))


def get_jobs(uri: str, which: str) -> Message:
    """Get-Jobs of anybody, `which` "not-completed" or "completed": few printers know "all"."""
    return _message(
        GET_JOBS,
        uri,
        ipp.text("which-jobs", ipp.KEYWORD, which),
        ipp.boolean("my-jobs", False),
        ipp.text("requested-attributes", ipp.KEYWORD, *JOB_ATTRIBUTES),
    )


def get_job(uri: str, job_id: int) -> Message:
    """Get-Job-Attributes."""
    return _message(
        GET_JOB,
        uri,
        ipp.integer("job-id", job_id),
        ipp.text("requested-attributes", ipp.KEYWORD, *JOB_ATTRIBUTES),
    )


def create_job(uri: str, name: str, *template: Attribute) -> Message:
    """Create-Job; `template` says how it is printed."""
    message = _message(CREATE_JOB, uri, ipp.text("job-name", ipp.NAME, name))
    if not template:
        return message
    groups = (*message.groups, Group(ipp.JOB_GROUP, template))
    return Message(message.code, message.request_id, groups)


def cancel_job(uri: str, job_id: int) -> Message:
    """Cancel-Job."""
    return _message(CANCEL_JOB, uri, ipp.integer("job-id", job_id))


def _message(operation: int, uri: str, *attributes: Attribute) -> Message:
    """Charset, language and target come first, in this order (RFC 8011 section 4.1.4)."""
    target = (
        ipp.text("attributes-charset", ipp.CHARSET, "utf-8"),
        ipp.text("attributes-natural-language", ipp.LANGUAGE, "en"),
        ipp.text("printer-uri", ipp.URI, uri),
    )
    jobs_first = tuple(a for a in attributes if a.name == "job-id")
    rest = tuple(a for a in attributes if a.name != "job-id")
    user = ipp.text("requesting-user-name", ipp.NAME, "kiosk")
    return Message(operation, 0, (Group(ipp.OPERATION_GROUP, (*target, *jobs_first, user, *rest)),))
