"""The life of a device on a serial line: connect, look at it for ever, start over whenever it is lost."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from drivers.contract import DeviceError, ErrorCode, Outcome, ReasonCode, Severity
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import LineLost, SerialLine, reason_gone
from drivers.status_reporter import StatusReporter

# So long a device may fail to answer before it is taken for lost.
SILENT_S = 1.5
# Short, so that a device that is back is found within a few seconds.
ASK_AGAIN_S = (0.2, 0.5, 1.0, 2.0)


class Life(ABC):
    """One device: its reporter, and whether it can be asked at all."""

    what: str
    """Its name in an error."""

    def __init__(self, scheduler: Scheduler, line: SerialLine, reporter: StatusReporter) -> None:
        self.reporter = reporter
        self._scheduler = scheduler
        self._line = line
        self._ready = False
        self._opened = 0

    @abstractmethod
    def _connect(self) -> Task[None]:
        """From an open line to a device that is known and set. Raises DeviceError."""

    @abstractmethod
    def _turn(self) -> Task[None]:
        """One turn: look at the device, do what has to follow, pause. Raises DeviceError."""

    def run(self) -> Task[None]:
        """Connect, look, and start over whenever the device is lost; never ends."""
        failures = 0
        while True:
            try:
                self._opened = self._line.opened
                yield from self._connect()
                failures = 0
                while True:
                    yield from self._turn()
            except DeviceError as error:
                self._ready = False
                self.reporter.gone(reason_gone(error), error.detail)
                failures = 0 if isinstance(error, LineLost) else failures + 1
                yield ask_again_s(failures)

    def _through_noise(self, look: Callable[[], Task[None]]) -> Task[None]:
        """Look once. A few failed attempts are noise, and starting over would cost more than trying again.

        Another device on the address is none: it would answer the next question well.
        """
        since = self._scheduler.now
        self._need_same_line()
        while True:
            try:
                yield from look()
                return
            except DeviceError as error:
                final = isinstance(error, LineLost) or error.code is ErrorCode.IDENTITY
                if final or self._scheduler.now - since >= SILENT_S:
                    raise

    def _need_same_line(self) -> None:
        """Raises LineLost: the port was opened anew, so that another device may be there."""
        if self._opened != self._line.opened:
            raise LineLost("plugged in again")

    def _flag(
        self, stands: bool, code: ReasonCode, detail: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        if stands:
            self.reporter.raise_reason(code, severity, detail)
        else:
            self.reporter.clear(code)

    def _need_ready(self) -> None:
        if not self._ready:
            raise DeviceError(ErrorCode.NOT_PRESENT, self.what, outcome=Outcome.UNKNOWN, retryable=True)


def ask_again_s(failures: int) -> float:
    """The pause before a device that is gone is asked again; 0 failures: the line is gone, and nobody is asked."""
    return ASK_AGAIN_S[min(max(failures - 1, 0), len(ASK_AGAIN_S) - 1)]
