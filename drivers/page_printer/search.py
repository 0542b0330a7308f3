"""Which of the printer's jobs is ours: by its id and its name; and when it is proved that the printer has none.

The id is the job, whatever name it has by now, unless that name is another job's of ours: a printer that was restarted
gives its ids anew.
A list of jobs is no proof by itself: a printer may alter names, list a part only, forget jobs as soon as they have
ended. That no job of ours is left to print is proved by the jobs that have not ended: all of them are listed
(`queued-job-count` says so), and none has our name, where names are known to be kept; else there is none at all.
"""

from collections.abc import Collection

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client
from drivers.page_printer.ipp import JOB_GROUP, PRINTER_GROUP, Message
from drivers.scheduler import Task

CALL_S = 2.0


class NotSupportedError(DeviceError):
    """The printer lacks an operation that nothing can be proved without."""


class JobSearch:
    """Looks for jobs at one printer. `names_kept`: it has shown that a job-name comes back as it was sent.

    `names` are those that jobs of ours were given, the probe's among them.
    """

    def __init__(self, client: Client, uri: str, names: Collection[str] = ()) -> None:
        self._client = client
        self._uri = uri
        self._names = names
        self.names_kept = False

    def another(self, view: op.JobView, key: str) -> bool:
        """Whether a job is surely one of ours other than `key`."""
        return view.name != key and view.name in self._names

    def by_id(self, job_id: int) -> Task[op.JobView | None]:
        """The job of this id; None when the printer says that it knows none. Raises DeviceError."""
        answer = yield from self._client.ask(op.get_job(self._uri, job_id), CALL_S)
        if answer.code in op.NO_SUCH_JOB:
            return None
        view = op.job_view(answer.group(JOB_GROUP)) if op.succeeded(answer) else None
        if view is None:
            raise refused("Get-Job-Attributes", answer.code)
        return view

    def ours(self, key: str, job_id: int = 0) -> Task[op.JobView | None]:
        """The job named `key`, known as `job_id` if that is not 0. None: the printer surely has none that may print.

        Raises DeviceError, UNKNOWN when neither is proved.
        """
        known = (yield from self.by_id(job_id)) if job_id else None
        if known is not None and known.name == key:
            return known
        # Jobs that go on are asked for first: one that ends in between is among the ended ones.
        going_on, complete = yield from self.going_on()
        ended, _ = yield from self._listed("completed")
        named = [view for view in (*going_on, *ended) if view.name == key]
        if named:
            return max(named, key=lambda view: view.job_id)
        if known is not None and not self.another(known, key):
            return known
        if not complete or (going_on and not self.names_kept):
            raise _unproved("the printer does not tell whether it has the job")
        return None

    def going_on(self) -> Task[tuple[list[op.JobView], bool]]:
        """The jobs that have not ended, and whether these are surely all."""
        views, readable = yield from self._listed("not-completed")
        answer = yield from self._client.ask(op.get_printer(self._uri, "queued-job-count"), CALL_S)
        queued = answer.group(PRINTER_GROUP).count("queued-job-count") if op.succeeded(answer) else None
        return views, readable and queued is not None and queued <= len(views)

    def _listed(self, which: str) -> Task[tuple[list[op.JobView], bool]]:
        """The jobs of a list, and whether each entry could be read."""
        answer = yield from self._client.ask(op.get_jobs(self._uri, which), CALL_S)
        if not op.succeeded(answer):
            raise refused("Get-Jobs", answer.code)
        views = _views(answer)
        return [view for view in views if view is not None], None not in views


def _views(answer: Message) -> list[op.JobView | None]:
    return [op.job_view(group) for group in answer.groups if group.tag == JOB_GROUP and group.attributes]


def refused(operation: str, code: int) -> DeviceError:
    """A question that this code is the answer to."""
    said = f"IPP status {code:#06x}"
    if code in op.NOT_SUPPORTED:
        return NotSupportedError(
            ErrorCode.PROTOCOL, f"{operation} is not supported: {said}", outcome=Outcome.UNKNOWN
        )
    return _unproved(f"{operation}: {said}")


def _unproved(detail: str) -> DeviceError:
    return DeviceError(ErrorCode.PROTOCOL, detail, outcome=Outcome.UNKNOWN, retryable=True)
