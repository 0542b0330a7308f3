"""The first contact with a printer, before anything is sold: does it keep its jobs apart, and tell of them?

A job without a document is created, looked at, and cancelled; no paper moves. A printer that alters job-names, does not
list its jobs or forgets one as soon as it has ended could print a paper whose end nobody can tell.
"""

from msgspec import Struct

from drivers.contract import DeviceError, ErrorCode
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client
from drivers.page_printer.ipp import JOB_GROUP, Attribute
from drivers.page_printer.search import CALL_S, JobSearch, NotSupportedError, refused
from drivers.page_printer.suitability import ignored
from drivers.scheduler import Task

# As long as an issue's key, of the same letters.
NAME = "changgu-probe-ABCDEFGHJKLMNPQR-01-1"
NEVER = "changgu-probe-STUVWXYZ23456789-01-2"
_END_S = 3.0
_LOOK_S = 0.1


class Verdict(Struct, frozen=True):
    """What the probe has shown. `flaw`: why jobs can't be told apart, for technicians; "" when they can.

    `counts_job`: the printer counts the sheets of a job for as long as it remembers it.
    """

    flaw: str = ""
    counts_job: bool = False


class Probe:
    """One probe of one printer. `search.names_kept` says afterwards whether names come back as they were sent."""

    def __init__(self, client: Client, uri: str, search: JobSearch) -> None:
        self._client, self._uri, self._search = client, uri, search

    def run(self, template: tuple[Attribute, ...] = ()) -> Task[Verdict]:
        """Probe it. Raises DeviceError when that could not be brought to an end; it is tried again then."""
        self._search.names_kept = False
        try:
            return (yield from self._run(template))
        except NotSupportedError as error:
            return Verdict(error.detail)

    def _run(self, template: tuple[Attribute, ...]) -> Task[Verdict]:
        yield from self._clear()
        answer = yield from self._client.ask(op.create_job(self._uri, NAME, *template), CALL_S, once=True)
        if answer.code in op.NOT_SUPPORTED:
            raise refused("Create-Job", answer.code)
        if answer.code >= op.SERVER_ERRORS:
            raise DeviceError(ErrorCode.BUSY, f"Create-Job: IPP status {answer.code:#06x}", retryable=True)
        view = op.job_view(answer.group(JOB_GROUP)) if op.succeeded(answer) else None
        if view is None:
            return Verdict(f"Create-Job: IPP status {answer.code:#06x}, and no job")
        seen, lost = yield from self._seen(view.job_id)
        ended = yield from self._end(view.job_id)
        left_out = ignored(answer.groups)
        flaw = (f"{left_out} is ignored" if left_out else "") or lost or ended
        if not flaw:
            self._search.names_kept = True
            flaw = yield from self._proof()
        self._search.names_kept = not flaw
        return Verdict(flaw, seen is not None and seen.counts)

    def _seen(self, job_id: int) -> Task[tuple[op.JobView | None, str]]:
        """Look at the job. One that the printer does not tell of is cancelled at once: nobody else will."""
        try:
            return (yield from self._look(job_id))
        except DeviceError as error:
            if error.code is ErrorCode.PROTOCOL:
                yield from self._client.ask(op.cancel_job(self._uri, job_id), CALL_S)
            raise

    def _clear(self) -> Task[None]:
        """A probe that was cut short has left its job."""
        views, _ = yield from self._search.going_on()
        for view in views:
            if view.name == NAME:
                yield from self._client.ask(op.cancel_job(self._uri, view.job_id), CALL_S)

    def _look(self, job_id: int) -> Task[tuple[op.JobView | None, str]]:
        view = yield from self._search.by_id(job_id)
        if view is None:
            return None, "a job is not found by its id"
        if view.name != NAME:
            return view, f"job-name {NAME!r} came back as {view.name[:40]!r}"
        views, complete = yield from self._search.going_on()
        if not complete or job_id not in {view.job_id for view in views}:
            return view, "a job that waits is not listed"
        return view, ""

    def _end(self, job_id: int) -> Task[str]:
        answer = yield from self._client.ask(op.cancel_job(self._uri, job_id), CALL_S)
        if answer.code in op.NOT_SUPPORTED:
            raise refused("Cancel-Job", answer.code)
        for _look in range(int(_END_S / _LOOK_S)):
            view = yield from self._search.by_id(job_id)
            if view is None:
                return "a job is forgotten as soon as it has ended"
            if view.state in op.ENDED:
                return ""
            yield _LOOK_S
        return "a job is not cancelled"

    def _proof(self) -> Task[str]:
        try:
            found = yield from self._search.ours(NEVER)
        except DeviceError as error:
            if error.code is not ErrorCode.PROTOCOL:
                raise
            return error.detail
        return "" if found is None else "a job of another name is taken for ours"
