"""Questions on the presenter's line: same SEQ on every attempt, so that a motor never runs twice for one command."""

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.presenter.frames import Frame, Receiver, build
from drivers.scheduler import Task, ask
from drivers.serial_line import LineLost, SerialLine

ANSWER_S = 0.1
ATTEMPTS = 3
REFUSED_CODE = 0x15
_QUIET_S = 0.06
_LOOK_AGAIN_S = 0.004
_STATUS_REPLY_BYTES = 15
_TURNAROUND_S = 0.003

_REFUSALS = {
    1: (ErrorCode.REFUSED, "busy", True),
    2: (ErrorCode.EMPTY, "no paper", False),
    3: (ErrorCode.JAM, "jam", False),
    4: (ErrorCode.FULL, "bin full", False),
    5: (ErrorCode.PROTOCOL, "unknown code", False),
    6: (ErrorCode.PROTOCOL, "bad data", False),
}


class PresenterLine:
    """The host's side of the line. The first question after opening has SEQ 0, the next 1..255 and round."""

    def __init__(self, line: SerialLine) -> None:
        self.line = line
        self._seq = 0
        self._opened = 0

    def ask(self, code: int, data: bytes = b"") -> Task[bytes]:
        """Ask; the answer's data. Raises DeviceError: the refusal (NOT_DONE), TIMEOUT (UNKNOWN), LineLost."""
        return ask(Question(self, Frame(self._next_seq(), code, data)))

    def start_over(self) -> None:
        """The far end may have changed: clear its memory of our numbers with the next question."""
        self._seq = 0

    def _next_seq(self) -> int:
        if self._opened != self.line.opened:
            self._opened = self.line.opened
            self._seq = 0
        seq = self._seq
        self._seq = self._seq % 255 + 1
        return seq


class Question:
    """One question and its answer (an `Exchange`)."""

    def __init__(self, owner: PresenterLine, question: Frame) -> None:
        self._owner = owner
        self._line = owner.line
        self._question = question
        self._receiver = Receiver()
        self._sent: float | None = None
        self._send_at = float("-inf")
        self._tries = 0
        self._answer: Frame | None = None
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        """The line."""
        return self._owner

    def interest(self) -> None:
        """None: bytes come at a known pace."""
        return

    def begin(self, now: float) -> None:
        """Nothing to prepare."""

    def step(self, now: float) -> float | None:
        """Send or listen."""
        try:
            return self._send(now) if self._sent is None else self._listen(now, self._sent)
        except LineLost as error:
            self._failure = error
            return None

    def abandon(self) -> None:
        """Nothing to give back."""

    def result(self) -> bytes:
        """The answer's data. Raises DeviceError."""
        if self._failure is not None:
            raise self._failure
        if self._answer is None:
            raise AssertionError("asked for the result of a question that is still open")
        if self._answer.code == REFUSED_CODE:
            reason = self._answer.data[0] if self._answer.data else 0
            code, detail, retryable = _REFUSALS.get(reason, (ErrorCode.PROTOCOL, f"refusal {reason}", False))
            raise DeviceError(code, detail, retryable=retryable)
        return self._answer.data

    def _send(self, now: float) -> float | None:
        if now < self._send_at:
            return self._send_at
        self._line.discard()
        self._receiver = Receiver()
        self._tries += 1
        self._sent = now
        raw = build(self._question)
        if self._line.write(raw) < len(raw):
            return self._try_again(now)
        return now + (len(raw) + _STATUS_REPLY_BYTES) * self._line.byte_s + _TURNAROUND_S

    def _listen(self, now: float, sent: float) -> float | None:
        for frame in self._receiver.feed(self._line.read(), now):
            if frame.seq == self._question.seq and frame.code in (self._question.code, REFUSED_CODE):
                self._answer = frame
                return None
        if now - sent >= ANSWER_S:
            return self._try_again(now)
        return min(now + _LOOK_AGAIN_S, sent + ANSWER_S)

    def _try_again(self, now: float) -> float | None:
        self._sent = None
        if self._tries < ATTEMPTS:
            self._send_at = now + _QUIET_S
            return self._send_at
        self._failure = DeviceError(
            ErrorCode.TIMEOUT, "the presenter does not answer", outcome=Outcome.UNKNOWN, retryable=True
        )
        return None
