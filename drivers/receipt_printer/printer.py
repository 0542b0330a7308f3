"""The receipt printer's driver: state by real-time status, and no receipt claimed without the fence's answer."""

from drivers.acts import Act
from drivers.contract import (
    DeviceError,
    DeviceState,
    ErrorCode,
    Outcome,
    PrintReceipt,
    Reason,
    ReasonCode,
    Severity,
)
from drivers.face import Emit, Face
from drivers.receipt_printer.builder import receipt
from drivers.receipt_printer.line import ReceiptLink
from drivers.receipt_printer.status import PrinterState, combine
from drivers.serial_line import LineLost, SerialLine
from drivers.turns import Turns, Work

BAUD = 115_200
POLL_IDLE_S = 2.0
POLL_PRINTING_S = 0.1
STATUS_PRINTING_S = 0.5
_RECONNECT_S = 0.5
# Paper moves at 60 mm/s at least; a row is about 4 mm. After print time and this much, silence is an answer.
ROW_S = 0.07
FENCE_GRACE_S = 3.0
_REMEMBERED_KEYS = 64
_JUDGED = frozenset(
    {
        ReasonCode.PAPER_OUT,
        ReasonCode.PAPER_LOW,
        ReasonCode.COVER_OPEN,
        ReasonCode.CUTTER,
        ReasonCode.HARDWARE,
    }
)
_ERRORS = {
    ReasonCode.PAPER_OUT: ErrorCode.EMPTY,
    ReasonCode.COVER_OPEN: ErrorCode.COVER,
    ReasonCode.CUTTER: ErrorCode.JAM,
}


class ReceiptPrinter:
    """One ESC/POS printer on a serial line."""

    def __init__(self, turns: Turns, line: SerialLine, emit: Emit) -> None:
        self.face = Face("receipt", emit, frozenset({"fence"}))
        self._turns = turns
        self._link = ReceiptLink(line)
        self._ready = False
        self._printing = False
        self._fences = 0
        self._printed: dict[str, None] = {}

    def run(self) -> Work[None]:
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
        lost = isinstance(error, LineLost)
        self.face.gone(ReasonCode.UNPLUGGED if lost else ReasonCode.SILENT, error.detail)

    def _look(self) -> Work[dict[ReasonCode, Reason]]:
        """Ask all four real-time questions; the reasons that the answers give."""
        answers = []
        for question in (1, 2, 3, 4):
            answers.append((yield from self._link.real_time(question)))
        reasons = _judge(combine(*answers))
        self._ready = True
        self.face.clear(ReasonCode.UNPLUGGED, ReasonCode.SILENT)
        self.face.keep_only(reasons, _JUDGED)
        self.face.enter(DeviceState.BUSY if self._printing else DeviceState.READY)
        return reasons

    def print_receipt(self, command: PrintReceipt, act: Act) -> Work[None]:
        """Print, feed, cut. NOT_DONE when the printer could not begin; UNKNOWN when the fence does not come."""
        if command.key in self._printed:
            act.begun = True
            raise DeviceError(ErrorCode.REFUSED, "this receipt was sent already", outcome=Outcome.UNKNOWN)
        self._fences = (self._fences + 1) % 10_000
        fence = b"%04d" % self._fences
        payload = receipt(command.lines, command.qr, fence)
        reasons = yield from self._look()
        blocked = _blocking(reasons)
        if blocked is not None:
            raise DeviceError(*blocked)
        self._printed[command.key] = None
        while len(self._printed) > _REMEMBERED_KEYS:
            self._printed.pop(next(iter(self._printed)))
        act.begun = True
        self._printing = True
        try:
            self.face.enter(DeviceState.BUSY)
            yield from self._link.send(payload)
            yield from self._await_fence(fence, len(command.lines))
        except DeviceError as error:
            if isinstance(error, LineLost):
                self._lost(error)
            raise
        finally:
            self._printing = False
            if self._ready:
                self.face.enter(DeviceState.READY)

    def _await_fence(self, fence: bytes, lines: int) -> Work[None]:
        """Until the fence comes, or the time for it is over, or the printer says why it will not come soon."""
        until = self._turns.now + lines * ROW_S + FENCE_GRACE_S
        next_look = self._turns.now + STATUS_PRINTING_S
        while True:
            if (yield from self._link.heard(fence)):
                return
            if self._turns.now >= next_look:
                blocked = _blocking((yield from self._look()))
                next_look = self._turns.now + STATUS_PRINTING_S
                if blocked is not None and not (yield from self._link.heard(fence)):
                    code, detail = blocked
                    raise DeviceError(code, detail, outcome=Outcome.UNKNOWN)
            if self._turns.now >= until:
                raise DeviceError(ErrorCode.TIMEOUT, "no proof of printing", outcome=Outcome.UNKNOWN)
            yield POLL_PRINTING_S


def _judge(state: PrinterState) -> dict[ReasonCode, Reason]:
    found = {}
    for stands, code, severity in (
        (state.paper_out, ReasonCode.PAPER_OUT, Severity.ERROR),
        (state.paper_low and not state.paper_out, ReasonCode.PAPER_LOW, Severity.WARN),
        (state.cover_open, ReasonCode.COVER_OPEN, Severity.ERROR),
        (state.cutter, ReasonCode.CUTTER, Severity.ERROR),
        (state.hardware, ReasonCode.HARDWARE, Severity.ERROR),
    ):
        if stands:
            found[code] = Reason(code, severity)
    if state.offline and not any(reason.severity is Severity.ERROR for reason in found.values()):
        found[ReasonCode.HARDWARE] = Reason(ReasonCode.HARDWARE, Severity.ERROR, "offline")
    return found


def _blocking(reasons: dict[ReasonCode, Reason]) -> tuple[ErrorCode, str] | None:
    for code, reason in reasons.items():
        if reason.severity is Severity.ERROR:
            return _ERRORS.get(code, ErrorCode.REFUSED), f"receipt printer: {code} {reason.detail}".strip()
    return None
