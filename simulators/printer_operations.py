"""The page printer's IPP operations: one request message in, one response message out (RFC 8011 §4)."""

from collections.abc import Callable
from enum import IntEnum

from simulators.ipp import Attribute, Group, Message, Tag, Value, Worded
from simulators.page_printer import PagePrinter
from simulators.print_job import JobState, PrintJob
from simulators.printer_attributes import job_group, printer_group, select
from simulators.printer_model import ONE_SIDED, one

_VERSIONS = ((1, 0), (1, 1), (2, 0))
_GENERIC_FORMAT = "application/octet-stream"
_LISTED_JOBS = 100


class Operation(IntEnum):
    """operation-id."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Status(IntEnum):
    """status-code."""

    OK = 0x0000
    OK_IGNORED = 0x0001
    BAD_REQUEST = 0x0400
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    FORMAT_NOT_SUPPORTED = 0x040A
    ATTRIBUTES_NOT_SUPPORTED = 0x040B
    CHARSET_NOT_SUPPORTED = 0x040D
    COMPRESSION_NOT_SUPPORTED = 0x040F
    OPERATION_NOT_SUPPORTED = 0x0501
    VERSION_NOT_SUPPORTED = 0x0503
    MULTIPLE_DOCUMENTS = 0x0509


class Rejected(Exception):
    """The request ends with this status."""

    def __init__(self, status: Status, why: str) -> None:
        super().__init__(why)
        self.status = status


class PrinterOperations:
    """Answers IPP requests for one printer that is known as `uri`."""

    def __init__(self, printer: PagePrinter, uri: str) -> None:
        self._printer = printer
        self._uri = uri
        self._acts: dict[int, Callable[[Message, Group], tuple[Group, ...]]] = {
            Operation.PRINT_JOB: self._print_job,
            Operation.VALIDATE_JOB: self._validate,
            Operation.CREATE_JOB: self._create_job,
            Operation.SEND_DOCUMENT: self._send_document,
            Operation.CANCEL_JOB: self._cancel,
            Operation.GET_JOB_ATTRIBUTES: self._job_attributes,
            Operation.GET_JOBS: self._get_jobs,
            Operation.GET_PRINTER_ATTRIBUTES: self._printer_attributes,
        }

    def answer(self, request: Message) -> Message:
        """The response to one request."""
        try:
            groups = self._answer(request)
        except Rejected as rejected:
            return _response(request, rejected.status, (), str(rejected))
        ignored = any(group.tag == Tag.UNSUPPORTED_GROUP for group in groups)
        return _response(request, Status.OK_IGNORED if ignored else Status.OK, groups)

    def broken_off(self, request: Message) -> None:
        """The connection ended in the middle of this request's document."""
        operation = request.group(Tag.OPERATION)
        if request.code == Operation.SEND_DOCUMENT:
            try:
                job = self._job(operation)
            except Rejected:
                return
            if job.state is JobState.HELD:
                self._printer.abort(job, "submission-interrupted")
        elif request.code == Operation.PRINT_JOB:
            self._printer.abort(self._create(request, operation), "submission-interrupted")

    def _answer(self, request: Message) -> tuple[Group, ...]:
        if request.version not in _VERSIONS:
            raise Rejected(Status.VERSION_NOT_SUPPORTED, "IPP 1.0, 1.1 and 2.0 are spoken here")
        act = self._acts.get(request.code)
        if act is None:
            raise Rejected(Status.OPERATION_NOT_SUPPORTED, f"operation {request.code:#06x} is not supported")
        operation = _operation_group(request)
        return act(request, operation)

    # --- operations ---

    def _print_job(self, request: Message, operation: Group) -> tuple[Group, ...]:
        unsupported = self._check(request, operation)
        job = self._create(request, operation)
        self._printer.take_document(job, request.data)
        return (*unsupported, self._brief(job))

    def _validate(self, request: Message, operation: Group) -> tuple[Group, ...]:
        return self._check(request, operation)

    def _create_job(self, request: Message, operation: Group) -> tuple[Group, ...]:
        unsupported = self._check(request, operation)
        return (*unsupported, self._brief(self._create(request, operation)))

    def _send_document(self, request: Message, operation: Group) -> tuple[Group, ...]:
        job = self._job(operation)
        last = operation.value("last-document")
        if not isinstance(last, bool):
            raise Rejected(Status.BAD_REQUEST, "last-document is missing")
        if job.document is not None or job.ended:
            status = Status.MULTIPLE_DOCUMENTS if job.document is not None else Status.NOT_POSSIBLE
            raise Rejected(status, "this job takes no document any more")
        self._check_format(operation)
        if not request.data:
            if last:
                self._printer.abort(job, "aborted-by-system")
            return (self._brief(job),)
        self._printer.take_document(job, request.data)
        return (self._brief(job),)

    def _cancel(self, request: Message, operation: Group) -> tuple[Group, ...]:
        job = self._job(operation)
        if job.ended:
            raise Rejected(Status.NOT_POSSIBLE, "the job has ended already")
        self._printer.cancel(job)
        return ()

    def _job_attributes(self, request: Message, operation: Group) -> tuple[Group, ...]:
        job = self._job(operation)
        return (select(job_group(self._printer, job, self._uri), operation.values("requested-attributes")),)

    def _get_jobs(self, request: Message, operation: Group) -> tuple[Group, ...]:
        which = operation.value("which-jobs") or "not-completed"
        if which not in (
            self._printer.model.values("which-jobs-supported") or ("completed", "not-completed")
        ):
            raise Rejected(Status.ATTRIBUTES_NOT_SUPPORTED, f"which-jobs {which!r} is not supported")
        jobs = [job for job in self._printer.jobs if which == "all" or job.ended == (which == "completed")]
        if operation.value("my-jobs") is True:
            user = _text(operation, "requesting-user-name", "anonymous")
            jobs = [job for job in jobs if job.user == user]
        limit = operation.value("limit")
        wanted = operation.values("requested-attributes") or ("job-id", "job-uri")
        newest_first = reversed(jobs) if which != "not-completed" else iter(jobs)
        listed = list(newest_first)[: limit if isinstance(limit, int) and limit > 0 else _LISTED_JOBS]
        return tuple(select(job_group(self._printer, job, self._uri), wanted) for job in listed)

    def _printer_attributes(self, request: Message, operation: Group) -> tuple[Group, ...]:
        self._check_known_format(operation)
        return (select(printer_group(self._printer, self._uri), operation.values("requested-attributes")),)

    # --- parts ---

    def _check(self, request: Message, operation: Group) -> tuple[Group, ...]:
        """Refuses what cannot be printed; returns the group of job attributes that will be ignored."""
        self._check_format(operation)
        model = self._printer.model
        asked = request.group(Tag.JOB).attributes
        bad = tuple(a for a in asked if not all(model.takes(a.name, value.content) for value in a.values))
        if bad and operation.value("ipp-attribute-fidelity") is True:
            raise Rejected(Status.ATTRIBUTES_NOT_SUPPORTED, f"{bad[0].name} cannot be honoured")
        unsupported = tuple(Attribute(a.name, (Value(Tag.UNSUPPORTED),)) for a in bad)
        return (Group(Tag.UNSUPPORTED_GROUP, unsupported),) if unsupported else ()

    def _check_format(self, operation: Group) -> None:
        self._check_known_format(operation)
        if operation.value("compression") not in (None, "none"):
            raise Rejected(Status.COMPRESSION_NOT_SUPPORTED, "documents are taken uncompressed")

    def _check_known_format(self, operation: Group) -> None:
        known = self._printer.model.values("document-format-supported")
        if operation.value("document-format") not in (None, _GENERIC_FORMAT, *known):
            raise Rejected(Status.FORMAT_NOT_SUPPORTED, "a document of this format is not printed")

    def _create(self, request: Message, operation: Group) -> PrintJob:
        name = _text(operation, "job-name", "untitled")
        template, model = request.group(Tag.JOB), self._printer.model
        sides = template.value("sides")
        one_sided = sides == ONE_SIDED and model.takes("sides", sides)
        return self._printer.create(
            name,
            _text(operation, "requesting-user-name", "anonymous"),
            held=template.value("job-hold-until") == "indefinite"
            and model.takes("job-hold-until", "indefinite"),
            two_sided=model.two_sided and not one_sided,
        )

    def _job(self, operation: Group) -> PrintJob:
        number = operation.value("job-id")
        uri = operation.value("job-uri")
        if isinstance(uri, str) and uri.rpartition("/")[2].isdecimal():
            number = int(uri.rpartition("/")[2])
        if not isinstance(number, int):
            raise Rejected(Status.BAD_REQUEST, "no job is named")
        job = self._printer.job(number)
        if job is None:
            raise Rejected(Status.NOT_FOUND, f"there is no job {number}")
        return job

    def _brief(self, job: PrintJob) -> Group:
        names = ("job-id", "job-uri", "job-state", "job-state-reasons")
        return select(job_group(self._printer, job, self._uri), names)


def _operation_group(request: Message) -> Group:
    if request.request_id == 0 or not request.groups or request.groups[0].tag != Tag.OPERATION:
        raise Rejected(Status.BAD_REQUEST, "the operation attributes come first, and request-id is not 0")
    operation = request.groups[0]
    if [a.name for a in operation.attributes[:2]] != ["attributes-charset", "attributes-natural-language"]:
        raise Rejected(Status.BAD_REQUEST, "charset and natural language come first")
    if operation.value("attributes-charset") not in ("utf-8", "us-ascii"):
        raise Rejected(Status.CHARSET_NOT_SUPPORTED, "utf-8 is spoken here")
    if operation.value("printer-uri") is None and operation.value("job-uri") is None:
        raise Rejected(Status.BAD_REQUEST, "no printer-uri or job-uri")
    return operation


def _text(group: Group, name: str, default: str) -> str:
    content = group.value(name)
    content = content.text if isinstance(content, Worded) else content
    return content if isinstance(content, str) and content else default


def _response(request: Message, status: Status, groups: tuple[Group, ...], why: str = "") -> Message:
    head = [
        one("attributes-charset", Tag.CHARSET, "utf-8"),
        one("attributes-natural-language", Tag.LANGUAGE, "en"),
    ]
    if why:
        head.append(one("status-message", Tag.TEXT, why))
    version = request.version if request.version in _VERSIONS else (1, 1)
    return Message(version, status, request.request_id, (Group(Tag.OPERATION, tuple(head)), *groups))
