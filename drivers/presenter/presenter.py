"""The presenter's driver: hold, present, retract, and noticing that a person took the paper.

What happened is read from sensors and the lifetime retract counter R, never from the fact that a motor was started.
"""

from drivers.acts import Act
from drivers.contract import (
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    Identity,
    Outcome,
    PaperReading,
    PaperTaken,
    ReasonCode,
    Severity,
)
from drivers.presenter.frames import PresenterStatus, parse_status
from drivers.presenter.line import PresenterLine
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.serial_line import SerialLine, reason_gone
from drivers.status_reporter import GONE, Emit, StatusReporter

BAUD = 19_200
POLL_PAPER_S = 0.25
POLL_IDLE_S = 0.5
POLL_MOTOR_S = 0.1
_RECONNECT_S = 0.2
NV_COUNTER = "nv-retract-counter"
# Documents that fit into the bin, and with so many somebody should come: each one more is a citizen's.
BIN_DOCUMENTS = 20
BIN_NEARLY = 16

IDLE, HOLDING, PRESENTING, PRESENTED, RETRACTING, JAMMED = range(6)
_SERIAL_BYTES = 8


class Presenter:
    """One presenter. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, scheduler: Scheduler, line: SerialLine, emit: Emit) -> None:
        self.reporter = StatusReporter(
            DeviceName.PRESENTER, emit, frozenset({"path-sensor", "mouth-sensor", NV_COUNTER})
        )
        self._scheduler = scheduler
        self._line = PresenterLine(line)
        self._emit = emit
        self._ready = False
        self._opened = 0
        self._last: PresenterStatus | None = None

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Task[None]:
        """Connect, watch the sensors, and start over whenever the device is lost; never ends."""
        while True:
            try:
                yield from self._connect()
                while self._here:
                    status = yield from self._status()
                    yield POLL_IDLE_S if status.clear else POLL_PAPER_S
            except DeviceError as error:
                self._ready = False
                self.reporter.gone(reason_gone(error), error.detail)
                yield _RECONNECT_S

    @property
    def _here(self) -> bool:
        """Known, and on the plug-in on which it was known."""
        return self._ready and self._opened == self._line.line.opened

    def _connect(self) -> Task[None]:
        self._opened = self._line.line.opened
        self._line.start_over()
        data = yield from self._line.ask(ord("I"))
        identity = Identity(model=_text(data[_SERIAL_BYTES:]), serial=_text(data[:_SERIAL_BYTES]))
        self.reporter.clear(*GONE)
        if self.reporter.identity.serial not in ("", identity.serial):
            # Another device's sensors and counter say nothing about our paper.
            self.reporter.epoch += 1
            self._last = None
        self.reporter.identity = identity
        self.reporter.phase = DeviceState.READY
        self._ready = True
        yield from self._status()

    def _status(self) -> Task[PresenterStatus]:
        return self._command("S")

    def _command(self, code: str) -> Task[PresenterStatus]:
        """Ask for something that is answered with a status block, and take note of it."""
        data = yield from self._line.ask(ord(code))
        try:
            status = parse_status(data)
        except ValueError as error:
            raise DeviceError(ErrorCode.PROTOCOL, "odd status block", outcome=Outcome.UNKNOWN) from error
        self._note(status)
        return status

    def _note(self, status: PresenterStatus) -> None:
        before, self._last = self._last, status
        if before is not None and status.retracts < before.retracts:
            self.reporter.epoch += 1
        self._note_bin(status)
        sensors = {"path-sensor": status.sees_path, "mouth-sensor": status.sees_mouth}
        self.reporter.capabilities = frozenset(
            {NV_COUNTER, *(name for name, there in sensors.items() if there)}
        )
        if status.state == JAMMED:
            self.reporter.raise_reason(ReasonCode.PAPER_JAM, Severity.ERROR, "presenter")
        else:
            self.reporter.clear(ReasonCode.PAPER_JAM)
        if status.path:
            self.reporter.raise_reason(ReasonCode.PAPER_IN_PATH, Severity.INFO)
        else:
            self.reporter.clear(ReasonCode.PAPER_IN_PATH)
        self.reporter.counters = {"retracts": status.retracts, "bin": status.bin}
        busy = status.state in (PRESENTING, RETRACTING)
        self.reporter.enter(DeviceState.BUSY if busy else DeviceState.READY)
        if before is not None and _taken(before, status):
            self._emit(PaperTaken())

    def _note_bin(self, status: PresenterStatus) -> None:
        """The device says when its bin is full; by count it is known before, while there is time to send somebody."""
        self.reporter.clear(ReasonCode.BIN_FULL, ReasonCode.BIN_NEAR_FULL)
        if status.bin_full or status.bin >= BIN_DOCUMENTS:
            self.reporter.raise_reason(ReasonCode.BIN_FULL, Severity.ERROR, f"{status.bin} documents")
        elif status.bin >= BIN_NEARLY:
            self.reporter.raise_reason(ReasonCode.BIN_NEAR_FULL, Severity.WARN, f"{status.bin} documents")

    # --- commands -----------------------------------------------------------------------------------------------

    def hold(self, act: Act) -> Task[None]:
        """Close the gate."""
        self._need_ready()
        act.begun = True
        status = yield from self._command("H")
        if status.state != HOLDING:
            raise DeviceError(ErrorCode.REFUSED, f"state {status.state} after hold")

    def present(self, act: Act) -> Task[None]:
        """Push into the mouth. DONE when the paper is at the mouth, or already taken from it."""
        self._need_ready()
        act.begun = True
        serial = self.reporter.identity.serial
        retracts = self._last.retracts if self._last is not None else None
        status = yield from self._start_motor("P", serial)
        while status.state == PRESENTING:
            yield POLL_MOTOR_S
            status = yield from self._status_in_motion(serial)
        act.result = self.reading()
        if status.state == PRESENTED:
            return
        if status.state == JAMMED:
            raise DeviceError(ErrorCode.JAM, "jam while presenting", outcome=Outcome.UNKNOWN)
        if status.state == IDLE and status.clear and status.retracts == retracts:
            return  # taken between two polls; PaperTaken was told when the sensors were read
        inside = status.path and not status.mouth
        raise DeviceError(
            ErrorCode.RESET,
            f"state {status.state} after present",
            outcome=Outcome.NOT_DONE if inside else Outcome.UNKNOWN,
        )

    def retract(self, act: Act) -> Task[None]:
        """Pull in what is in path and mouth. DONE only with both sensors clear and R one higher, or nothing there."""
        self._need_ready()
        status = yield from self._status()
        while status.state in (PRESENTING, RETRACTING):
            yield POLL_MOTOR_S
            status = yield from self._status()
        act.result = self.reading()
        if status.clear and status.state != JAMMED:
            return
        serial, retracts = self.reporter.identity.serial, status.retracts
        act.begun = True
        try:
            status = yield from self._start_motor("R", serial)
        except DeviceError as error:
            if error.code is not ErrorCode.EMPTY:
                raise
            status = yield from self._status()
            act.result = self.reading()
            if status.clear:
                return  # taken at the last moment
            raise
        while status.state == RETRACTING:
            yield POLL_MOTOR_S
            status = yield from self._status_in_motion(serial)
        act.result = self.reading()
        if status.state == JAMMED or not status.clear:
            outcome = Outcome.UNKNOWN if status.clear else Outcome.NOT_DONE
            raise DeviceError(ErrorCode.JAM, "paper is still in path or mouth", outcome=outcome)
        if status.retracts != retracts + 1:
            raise DeviceError(ErrorCode.INTERNAL, "R did not count", outcome=Outcome.UNKNOWN)

    def read(self) -> Task[PaperReading]:
        """Sensors and R, from the device."""
        self._need_ready()
        yield from self._status()
        return self.reading()

    def reading(self) -> PaperReading:
        """The last status as evidence; empty when the presenter is not there."""
        last = self._last
        if last is None or not self._ready:
            return PaperReading()
        return PaperReading(
            presenter_serial=self.reporter.identity.serial,
            retracts=last.retracts,
            path=last.path if last.sees_path else None,
            mouth=last.mouth if last.sees_mouth else None,
        )

    def _start_motor(self, code: str, serial: str) -> Task[PresenterStatus]:
        """Start a motion. A busy presenter is asked again until the deadline; a lost answer is no answer: look."""
        while True:
            try:
                return (yield from self._command(code))
            except DeviceError as error:
                if isinstance(error, DeadlinePassed):
                    raise
                if error.outcome is Outcome.UNKNOWN:
                    return (yield from self._status_in_motion(serial))
                if not (error.retryable and error.code is ErrorCode.REFUSED):
                    raise
            yield POLL_MOTOR_S

    def _status_in_motion(self, serial: str) -> Task[PresenterStatus]:
        """The next status; a presenter that vanishes in motion is waited for until the deadline."""
        while True:
            if self._here:
                if self.reporter.identity.serial != serial:
                    raise DeviceError(ErrorCode.IDENTITY, "another presenter", outcome=Outcome.UNKNOWN)
                try:
                    return (yield from self._status())
                except DeviceError as error:
                    if isinstance(error, DeadlinePassed):
                        raise
            yield POLL_MOTOR_S

    def _need_ready(self) -> None:
        if not self._here:
            raise DeviceError(ErrorCode.NOT_PRESENT, "presenter", outcome=Outcome.UNKNOWN, retryable=True)


def _taken(before: PresenterStatus, now: PresenterStatus) -> bool:
    """The mouth was occupied and is empty, or paper on its way there is nowhere; R says that no motor pulled it in."""
    if now.state not in (IDLE, HOLDING) or now.retracts != before.retracts:
        return False
    if before.state == PRESENTED:
        return before.mouth and not now.mouth
    return before.state == PRESENTING and not before.clear and now.clear


def _text(raw: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in raw).strip()
