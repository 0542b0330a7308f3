"""The host's side of a ccTalk bus: one question at a time, three attempts, quiet after each doubt.

The acceptor goes first: it takes coins only while it is asked often. What a silent neighbour is given: patience.py.

Half duplex on one wire: we hear our own bytes. A frame equal to what was sent is the echo; once a line has shown that
it echoes, an answer that comes before the echo belongs to an older question and is dropped. Source: ccTalk Generic
Specification 4.7 (timing: an answer within 250 ms, silence of 50 ms ends a frame).
"""

from collections import Counter

from drivers.cctalk.frames import HOST, UNTOLD, Frame, Receiver, build
from drivers.cctalk.patience import ANSWER_S, QUIET_S, Patience
from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.scheduler import Task, Urgent, ask
from drivers.serial_line import LineLost, SerialLine

ATTEMPTS = 3
ACCEPTOR = 2
_LOOK_AGAIN_S = 0.004
_GAP_STEP_S, _GAP_STEPS = 0.004, 60
_STAND_ASIDE_S = 0.02
_TURNAROUND_S = 0.006
_ACK, _NAK, _BUSY = 0, 5, 6


class Master:
    """The bus. `troubles` counts each address's attempts without a proper answer; a rise makes drivers look closer.

    `crc` holds the addresses that are spoken to in CRC mode, `awaited` how many orders a citizen waits for just now.
    """

    def __init__(self, line: SerialLine) -> None:
        self.line = line
        self.troubles: Counter[int] = Counter()
        self.echoes = False
        self.quiet = False
        self.awaited = 0
        self.crc: set[int] = set()
        self.patience = Patience()
        # Answers of the acceptor; behind which of them the last gap was taken.
        self.polls = self._gap_taken = 0

    def ask(
        self, dest: int, header: int, data: bytes = b"", *, size: int | None = None, attempts: int = ATTEMPTS
    ) -> Task[bytes]:
        """Ask device `dest`; the data of its answer, `size` bytes long if given.

        Between attempts others may ask: a dead hopper must not keep the acceptor waiting. Raises DeviceError: REFUSED
        (NAK or busy, NOT_DONE), TIMEOUT or PROTOCOL (UNKNOWN) after `attempts`, LineLost.
        """
        question = Frame(dest, HOST, header, data)
        for attempt in range(1, attempts + 1):
            yield from self._find_a_gap(question.dest)
            try:
                answer = yield from ask(self._transaction(question, size))
            except DeviceError as error:
                # A deadline is no DeviceError of the line; LineLost and a refusal are final, too.
                again = type(error) is DeviceError and error.outcome is Outcome.UNKNOWN
                if not again or attempt == attempts:
                    raise
                continue
            if attempt > 1:
                # The answer to the first attempt may still be on its way and must not meet the next question.
                self.be_quiet()
            return answer
        raise AssertionError("a question needs at least one attempt")

    def _transaction(self, question: Frame, size: int | None) -> "Transaction":
        kind = UrgentTransaction if question.dest == ACCEPTOR else Transaction
        return kind(self, question, size)

    def _find_a_gap(self, dest: int) -> Task[None]:
        """A silent address is asked just after the acceptor has answered, one a time: it is over before the next poll.

        Without an acceptor, and when a citizen waits for the order, there is nothing to wait for.
        """
        if dest == ACCEPTOR or not self.patience.silent(dest):
            return
        since = self.polls
        for _ in range(_GAP_STEPS):
            if self.polls > max(since, self._gap_taken) or self.awaited:
                break
            yield _GAP_STEP_S
        self._gap_taken = self.polls

    def stand_aside(self) -> Task[None]:
        """What is asked again and again lets an order go first that a citizen waits for."""
        while self.awaited:
            yield _STAND_ASIDE_S

    def be_quiet(self) -> None:
        """The next question waits until nothing has been heard for QUIET_S."""
        self.quiet = True


class Transaction:
    """One question and its answer on the bus, tried once (an `Exchange`)."""

    def __init__(self, master: Master, question: Frame, size: int | None) -> None:
        self._master = master
        self._line = master.line
        self._question = question
        crc = question.dest in master.crc
        self._raw = build(question, crc=crc)
        self._size = size
        self._receiver = Receiver(crc=crc)
        self._patience_s = master.patience.of(question)
        self._sent: float | None = None
        self._quiet_until = float("-inf")
        self._echoed = False
        self._heard_bytes = 0
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
        """Wait for quiet if the last question ended in doubt, then send."""
        if self._master.quiet:
            self._quiet_until = now + QUIET_S
            self._master.quiet = False

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
        """Wait for quiet, send, listen."""
        try:
            if self._sent is None:
                return self._send(now)
            return self._listen(now, self._sent)
        except LineLost as error:
            self._failure = error
            return None

    def _send(self, now: float) -> float | None:
        if now < self._quiet_until:
            if self._line.read():
                self._quiet_until = now + QUIET_S
            return self._quiet_until
        self._line.discard()
        self._sent = now
        if self._line.write(self._raw) < len(self._raw):
            self._fail(ErrorCode.TIMEOUT, "the line takes no bytes")
            self._master.be_quiet()  # no time has passed: whoever asks again at once would ask for ever
            return None
        # Nothing can be there before the line has carried echo and answer: one look at the right moment is enough.
        on_the_line = len(self._raw) + 5 + (self._size or 0)
        return now + on_the_line * self._line.byte_s + _TURNAROUND_S

    def _listen(self, now: float, sent: float) -> float | None:
        heard = self._line.read()
        self._heard_bytes += len(heard)
        for frame in self._receiver.feed(heard, now):
            if frame == self._question and not self._echoed:
                self._echoed = self._master.echoes = True
            elif frame.dest == HOST and frame.src in (self._question.dest, UNTOLD):
                if self._master.echoes and not self._echoed:
                    continue
                self._master.patience.answered(self._question.dest, now - self._asked(sent))
                self._master.polls += self._question.dest == ACCEPTOR
                self._take(frame)
                return None
        if self._receiver.deaf:
            self._fail(ErrorCode.PROTOCOL, "wrong checksum")
            return None
        give_up = self._asked(sent) + self._patience_s
        if now >= give_up:
            self._master.patience.unanswered(self._question)
            self._fail(ErrorCode.TIMEOUT, f"no answer from address {self._question.dest}")
            return None
        wait = max(self._receiver.missing() * self._line.byte_s, _LOOK_AGAIN_S)
        return min(now + wait, give_up)

    def _asked(self, sent: float) -> float:
        """When the question's last byte has left."""
        return sent + len(self._raw) * self._line.byte_s

    @property
    def _was_quiet(self) -> bool:
        """Whether nothing but our own bytes was heard, for as long as quiet has to last, by who expects no more."""
        own = len(self._raw) if self._echoed else 0
        return self._heard_bytes == own and QUIET_S <= self._patience_s < ANSWER_S

    def _take(self, frame: Frame) -> None:
        if frame.header in (_NAK, _BUSY):
            what = "NAK" if frame.header == _NAK else "busy"
            self._failure = DeviceError(ErrorCode.REFUSED, f"{what} to header {self._question.header}")
        elif frame.header != _ACK or (self._size is not None and len(frame.data) != self._size):
            self._fail(ErrorCode.PROTOCOL, f"odd answer to header {self._question.header}")
        else:
            self._answer = frame.data

    def _fail(self, code: ErrorCode, detail: str) -> None:
        self._master.troubles[self._question.dest] += 1
        if code is not ErrorCode.TIMEOUT or not self._was_quiet:
            self._master.be_quiet()
        self._failure = DeviceError(code, detail, outcome=Outcome.UNKNOWN, retryable=True)


class UrgentTransaction(Transaction, Urgent):
    """A question to the acceptor: it goes first."""
