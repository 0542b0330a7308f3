"""The line to the receipt printer: real-time questions one at a time, payload in one piece, fences on the way."""

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.receipt_printer.status import Fence, RealTime, Receiver
from drivers.scheduler import Task, ask
from drivers.serial_line import LineLost, SerialLine

ANSWER_S = 0.2
ATTEMPTS = 2
SEND_PAUSE_S = 0.02
STALLED_S = 2.0
# A receipt is printed while it is sent, in a few seconds.
SENT_S = 8.0
_LOOK_AGAIN_S = 0.01
_REMEMBERED_FENCES = 8


class ReceiptLink:
    """Both directions of the line. Fences that arrive during other questions are remembered."""

    def __init__(self, line: SerialLine) -> None:
        self.line = line
        self._receiver = Receiver()
        self._fences: list[bytes] = []
        self._opened = 0

    def real_time(self, question: int) -> Task[int]:
        """The answer to DLE EOT `question` (1..4). Raises DeviceError: TIMEOUT, LineLost."""
        return ask(_RealTimeQuestion(self, question))

    def send(self, payload: bytes) -> Task[None]:
        """Write it all, with no question in between. Raises DeviceError: TIMEOUT (the line is stopped), LineLost."""
        return ask(_Payload(self, payload))

    def heard(self, fence: bytes) -> Task[bool]:
        """Whether the fence has come, this moment included. Raises LineLost."""
        yield from ask(_Listen(self))
        return fence in self._fences

    def receive(self) -> list[RealTime]:
        """Read what is there: fences are kept, real-time answers returned. Raises LineLost."""
        if self._opened != self.line.opened:
            # Another plug-in: what the old device said is over.
            self._opened = self.line.opened
            self._receiver = Receiver()
            self._fences.clear()
        found = self._receiver.feed(self.line.read())
        self._fences += [answer.fence for answer in found if isinstance(answer, Fence)]
        del self._fences[:-_REMEMBERED_FENCES]
        return [answer for answer in found if isinstance(answer, RealTime)]


class _Listen:
    """Read what has arrived (an `Exchange`, so that it never takes another question's answer)."""

    def __init__(self, owner: ReceiptLink) -> None:
        self._owner = owner
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        return self._owner

    def begin(self, now: float) -> None:
        """Nothing to send."""

    def step(self, now: float) -> None:
        try:
            self._owner.receive()
        except LineLost as error:
            self._failure = error

    def interest(self) -> None:
        return

    def abandon(self) -> None:
        """Nothing to give back."""

    def result(self) -> None:
        if self._failure is not None:
            raise self._failure


class _Payload:
    """A payload on its way out (an `Exchange`): a question in the middle of a command would become part of it."""

    def __init__(self, owner: ReceiptLink, payload: bytes) -> None:
        self._owner = owner
        self._left = payload
        self._moved_at = self._begun_at = 0.0
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        return self._owner

    def begin(self, now: float) -> None:
        self._moved_at = self._begun_at = now

    def step(self, now: float) -> float | None:
        try:
            taken = self._owner.line.write(self._left)
            self._left = self._left[taken:]
            if not self._left:
                return None
            if taken:
                self._moved_at = now
            if now - self._moved_at >= STALLED_S or now - self._begun_at >= SENT_S:
                self._owner.line.discard()
                self._failure = DeviceError(
                    ErrorCode.TIMEOUT, "the receipt printer takes no bytes", outcome=Outcome.UNKNOWN
                )
                return None
        except LineLost as error:
            self._failure = error
            return None
        return now + SEND_PAUSE_S

    def interest(self) -> None:
        return

    def abandon(self) -> None:
        """Nothing to give back."""

    def result(self) -> None:
        if self._failure is not None:
            raise self._failure


class _RealTimeQuestion:
    """One DLE EOT and its one byte (an `Exchange`)."""

    def __init__(self, owner: ReceiptLink, question: int) -> None:
        self._owner = owner
        self._question = question
        self._sent: float | None = None
        self._tries = 0
        self._answer: int | None = None
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        return self._owner

    def begin(self, now: float) -> None:
        """Nothing to prepare."""

    def interest(self) -> None:
        return

    def abandon(self) -> None:
        """Nothing to give back."""

    def step(self, now: float) -> float | None:
        try:
            if self._sent is None:
                return self._send(now)
            answers = self._owner.receive()
        except LineLost as error:
            self._failure = error
            return None
        if answers:
            self._answer = answers[-1].value
            return None
        if now - self._sent < ANSWER_S:
            return now + _LOOK_AGAIN_S
        self._sent = None
        if self._tries < ATTEMPTS:
            return now
        self._failure = DeviceError(
            ErrorCode.TIMEOUT, "the receipt printer does not answer", outcome=Outcome.UNKNOWN, retryable=True
        )
        return None

    def _send(self, now: float) -> float:
        self._owner.receive()  # an answer that came too late belongs to nobody
        self._tries += 1
        self._sent = now
        self._owner.line.write(bytes((0x10, 0x04, self._question)))
        return now + 4 * self._owner.line.byte_s

    def result(self) -> int:
        if self._failure is not None:
            raise self._failure
        if self._answer is None:
            raise AssertionError("asked for the result of a question that is still open")
        return self._answer
