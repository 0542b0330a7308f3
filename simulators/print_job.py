"""One job of the page printer, from Create-Job to its end. States and reasons: RFC 8011 §5.3.7, §5.3.8."""

from dataclasses import dataclass
from enum import IntEnum


class JobState(IntEnum):
    """job-state."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


ENDED = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})


@dataclass(eq=False)
class PrintJob:
    """A job in the printer's (volatile) memory. Times are seconds of printer-up-time; `sheets` of so many `pages`.

    `held`: job-hold-until, it is not printed even with its document.
    """

    number: int
    name: str
    user: str
    created_at: int
    state: JobState = JobState.HELD
    reason: str = "job-incoming"
    document: bytes | None = None
    sheets: int = 0
    sheets_done: int = 0
    processing_at: int | None = None
    completed_at: int | None = None
    cancel_asked: bool = False
    held: bool = False
    two_sided: bool = False
    pages: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in ENDED

    @property
    def sides_done(self) -> int:
        """Printed sides of the sheets that are out."""
        return min(self.pages, self.sheets_done * 2) if self.two_sided else self.sheets_done

    def end(self, state: JobState, reason: str, at: int) -> None:
        """Completed, canceled or aborted; the document is forgotten."""
        self.state, self.reason, self.completed_at = state, reason, at
        self.document = None
