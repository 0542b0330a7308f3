"""The receipt printer's driver: state by real-time status, and no receipt claimed without the fence's answer."""

from drivers.acts import Act
from drivers.contract import (
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    Outcome,
    PrintReceipt,
    Reason,
    ReasonCode,
)
from drivers.receipt_printer.builder import receipt
from drivers.receipt_printer.judgement import JUDGED, blocking, judge
from drivers.receipt_printer.line import ReceiptLink
from drivers.receipt_printer.status import combine
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.serial_line import LineLost, SerialLine, reason_gone
from drivers.status_reporter import GONE, Emit, StatusReporter

BAUD = 115_200
POLL_IDLE_S = 2.0
POLL_PRINTING_S = 0.1
STATUS_PRINTING_S = 0.5
_RECONNECT_S = 0.5
# Paper moves at 60 mm/s at least; a row is about 4 mm. After print time and this much, silence is an answer.
ROW_S = 0.07
FENCE_GRACE_S = 3.0
# A question that is not answered says nothing of the paper: a receipt is not given up for a moment's silence.
PATIENCE_S = 2.0
_REMEMBERED_KEYS = 64


class ReceiptPrinter:
    """One ESC/POS printer on a serial line."""

    def __init__(self, scheduler: Scheduler, line: SerialLine, emit: Emit) -> None:
        self.reporter = StatusReporter(DeviceName.RECEIPT, emit, frozenset({"fence"}))
        self._scheduler = scheduler
        self._link = ReceiptLink(line)
        self._ready = False
        self._printing = False
        self._fences = 0
        self._printed: dict[str, None] = {}

    def run(self) -> Task[None]:
        """Watch the printer and start over whenever it is lost; never ends."""
        while True:
            try:
                yield from self._look()
                yield POLL_IDLE_S
            except DeviceError as error:
                self._lost(error)
                yield _RECONNECT_S

    def _lost(self, error: DeviceError) -> None:
        self._ready = False
        self.reporter.gone(reason_gone(error), error.detail)

    def _look(self) -> Task[dict[ReasonCode, Reason]]:
        """Ask all four real-time questions; the reasons that the answers give."""
        answers = []
        for question in (1, 2, 3, 4):
            answers.append((yield from self._link.real_time(question)))
        reasons = judge(combine(*answers))
        self._ready = True
        self.reporter.clear(*GONE)
        self.reporter.keep_only(reasons, JUDGED)
        self.reporter.enter(DeviceState.BUSY if self._printing else DeviceState.READY)
        return reasons

    def print_receipt(self, command: PrintReceipt, act: Act) -> Task[None]:
        """Print, feed, cut. NOT_DONE when the printer could not begin; UNKNOWN when the fence does not come."""
        self._fences = (self._fences + 1) % 10_000
        fence = b"%04d" % self._fences
        payload = receipt(command.lines, command.qr, fence)
        while self._printing:
            yield POLL_PRINTING_S
        if command.key in self._printed:
            act.begun = True
            raise DeviceError(ErrorCode.REFUSED, "this receipt was sent already", outcome=Outcome.UNKNOWN)
        self._printing = True
        try:
            hindered = blocking((yield from self._look_patiently()))
            if hindered is not None:
                raise DeviceError(*hindered)
            self._remember(command.key)
            act.begun = True
            self.reporter.enter(DeviceState.BUSY)
            yield from self._link.send(payload)
            yield from self._await_fence(fence, len(command.lines))
        except DeviceError as error:
            if isinstance(error, LineLost):
                self._lost(error)
            raise
        finally:
            self._printing = False
            if self._ready:
                self.reporter.enter(DeviceState.READY)

    def _remember(self, key: str) -> None:
        self._printed[key] = None
        while len(self._printed) > _REMEMBERED_KEYS:
            self._printed.pop(next(iter(self._printed)))

    def _look_patiently(self) -> Task[dict[ReasonCode, Reason]]:
        """As `_look`, asking again for a while when nothing comes. Raises DeviceError: TIMEOUT, LineLost."""
        until = self._scheduler.now + PATIENCE_S
        while True:
            try:
                return (yield from self._look())
            except DeviceError as error:
                if isinstance(error, LineLost | DeadlinePassed) or self._scheduler.now >= until:
                    raise
            yield POLL_PRINTING_S

    def _look_meanwhile(self) -> Task[dict[ReasonCode, Reason]]:
        """As `_look`, but silence gives no reason: the fence may be on its way. Raises DeviceError: LineLost."""
        try:
            return (yield from self._look())
        except DeviceError as error:
            if isinstance(error, LineLost | DeadlinePassed):
                raise
            return {}

    def _await_fence(self, fence: bytes, lines: int) -> Task[None]:
        """Until the fence comes, or the time for it is over, or the printer says why it will not come soon."""
        until = self._scheduler.now + lines * ROW_S + FENCE_GRACE_S
        next_look = self._scheduler.now + STATUS_PRINTING_S
        while True:
            if (yield from self._link.heard(fence)):
                return
            if self._scheduler.now >= next_look:
                hindered = blocking((yield from self._look_meanwhile()))
                next_look = self._scheduler.now + STATUS_PRINTING_S
                if hindered is not None and not (yield from self._link.heard(fence)):
                    code, detail = hindered
                    raise DeviceError(code, detail, outcome=Outcome.UNKNOWN)
            if self._scheduler.now >= until:
                raise DeviceError(ErrorCode.TIMEOUT, "no proof of printing", outcome=Outcome.UNKNOWN)
            yield POLL_PRINTING_S
