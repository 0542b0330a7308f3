"""The host's side of a ccTalk bus: one question at a time, three attempts, quiet before each new one.

Half duplex on one wire: we hear our own bytes. A frame equal to what was sent is the echo; once a line has shown that
it echoes, an answer that comes before the echo belongs to an older question and is dropped. Source: ccTalk Generic
Specification 4.7 (timing: an answer within 250 ms, silence of 50 ms ends a frame).
"""

from drivers.cash.frames import HOST, Frame, Receiver, build
from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.serial_line import LineLost, SerialLine
from drivers.turns import Work, ask

ANSWER_S = 0.25
QUIET_S = 0.06
ATTEMPTS = 3
_LOOK_AGAIN_S = 0.004
_TURNAROUND_S = 0.006
_ACK, _NAK, _BUSY = 0, 5, 6


class Master:
    """The bus. `troubles` counts attempts without a proper answer; a rise makes drivers check their device."""

    def __init__(self, line: SerialLine) -> None:
        self.line = line
        self.troubles = 0
        self.echoes = False
        self.quiet_until = float("-inf")

    def ask(
        self, dest: int, header: int, data: bytes = b"", *, size: int | None = None, attempts: int = ATTEMPTS
    ) -> Work[bytes]:
        """Ask device `dest`; the data of its answer, `size` bytes long if given.

        Raises DeviceError: REFUSED (NAK or busy, NOT_DONE), TIMEOUT or PROTOCOL (UNKNOWN) after `attempts`, LineLost.
        """
        return ask(Transaction(self, Frame(dest, HOST, header, data), size, attempts))


class Transaction:
    """One question and its answer on the bus (an `Exchange`)."""

    def __init__(self, master: Master, question: Frame, size: int | None, attempts: int) -> None:
        self._master = master
        self._question = question
        self._raw = build(question)
        self._size = size
        self._attempts = attempts
        self._receiver = Receiver()
        self._sent: float | None = None
        self._quiet_until = float("-inf")
        self._echoed = False
        self._tries = 0
        self._failure: DeviceError | None = None
        self._answer: bytes | None = None

    @property
    def wire(self) -> object:
        """The bus as a whole."""
        return self._master

    def interest(self) -> None:
        """None: bytes come at a known pace, so looking at the right moment costs fewer wake-ups."""
        return

    def begin(self, now: float) -> None:
        """Wait for the quiet that the last question asked for, then send."""
        self._quiet_until = self._master.quiet_until

    def abandon(self) -> None:
        """Nothing to give back."""

    def result(self) -> bytes:
        """The answer's data. Raises DeviceError."""
        if self._failure is not None:
            raise self._failure
        if self._answer is None:
            raise AssertionError("asked for the result of a question that is still open")
        return self._answer

    def step(self, now: float) -> float | None:
        """Send, listen, or wait for quiet."""
        try:
            if self._sent is None:
                return self._wait_for_quiet(now)
            return self._listen(now, self._sent)
        except LineLost as error:
            self._failure = error
            return None

    def _wait_for_quiet(self, now: float) -> float | None:
        line = self._master.line
        if now < self._quiet_until:
            if line.read():
                self._quiet_until = max(self._quiet_until, now + QUIET_S)
            return self._quiet_until
        line.discard()
        self._receiver = Receiver()
        self._echoed = False
        self._tries += 1
        self._sent = now
        if line.write(self._raw) < len(self._raw):
            return self._try_again(now, ErrorCode.TIMEOUT, "the line takes no bytes")
        # Nothing can be there before the line has carried echo and answer: one look at the right moment is enough.
        on_the_line = len(self._raw) + 5 + (self._size or 0)
        return now + on_the_line * line.byte_s + _TURNAROUND_S

    def _listen(self, now: float, sent: float) -> float | None:
        for frame in self._receiver.feed(self._master.line.read(), now):
            if frame == self._question and not self._echoed:
                self._echoed = self._master.echoes = True
            elif frame.dest == HOST and frame.src == self._question.dest:
                if self._master.echoes and not self._echoed:
                    continue
                return self._take(frame, now)
        if self._receiver.deaf:
            return self._try_again(now, ErrorCode.PROTOCOL, "wrong checksum")
        if now - sent >= ANSWER_S:
            return self._try_again(now, ErrorCode.TIMEOUT, f"no answer from address {self._question.dest}")
        wait = max(self._receiver.missing() * self._master.line.byte_s, _LOOK_AGAIN_S)
        return min(now + wait, sent + ANSWER_S)

    def _take(self, frame: Frame, now: float) -> float | None:
        if frame.header in (_NAK, _BUSY):
            what = "NAK" if frame.header == _NAK else "busy"
            self._failure = DeviceError(ErrorCode.REFUSED, f"{what} to header {self._question.header}")
        elif frame.header != _ACK or (self._size is not None and len(frame.data) != self._size):
            return self._try_again(now, ErrorCode.PROTOCOL, f"odd answer to header {self._question.header}")
        else:
            self._answer = frame.data
        if self._tries > 1:
            # The answer to the first attempt may still be on its way and must not meet the next question.
            self._master.quiet_until = now + QUIET_S
        return None

    def _try_again(self, now: float, code: ErrorCode, detail: str) -> float | None:
        self._master.troubles += 1
        self._sent = None
        self._quiet_until = self._master.quiet_until = now + QUIET_S
        if self._tries < self._attempts:
            return self._quiet_until
        self._failure = DeviceError(code, detail, outcome=Outcome.UNKNOWN, retryable=True)
        return None
