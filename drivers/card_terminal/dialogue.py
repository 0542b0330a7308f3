"""One dialogue with the terminal: a command, its acknowledgement, what the terminal says meanwhile, and how it ends.

Everything that the terminal says is acknowledged; printed receipts are acknowledged and dropped unread.
"""

from collections.abc import Callable
from typing import NamedTuple

from drivers.card_terminal import messages as zvt
from drivers.card_terminal.apdu import Apdu, Breach, ProtocolError, Reader
from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.serial_line import SerialLine

# The terminal must acknowledge a command within this time (ZVT: T3).
ACKNOWLEDGE_S = 5.0
# Where nobody presents a card all is said by then; terminals need a few seconds, and longer to get going.
WHOLE_S = 30.0
# A payment is some dozens of messages. Each is acknowledged, whether the terminal reads that or not.
MOST_MESSAGES = 2_000
LOOK_AGAIN_S = 0.02


class Ending(NamedTuple):
    """How a dialogue ended: completion, abort, or `refused` at once; `told` is the last status before."""

    completion: Apdu | None = None
    abort: zvt.Aborted | None = None
    refused: int = 0
    told: zvt.Told | None = None


class Dialogue:
    """One command on the terminal's line. `prompted` hears what the terminal asks of the citizen.

    `brief`: it is over with the acknowledgement. `whole_s`: its longest time, whatever the terminal says meanwhile.
    `stop_at` (monotonic s) is when the terminal is told to wait no longer; `stop` moves it to now.
    """

    def __init__(
        self,
        line: SerialLine,
        command: Apdu,
        prompted: Callable[[str], None] = lambda _prompt: None,
        *,
        brief: bool = False,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._line, self._command, self._prompted, self._brief = line, command, prompted, brief
        self._whole_s = whole_s
        self._over_by = 0.0
        self._messages = 0
        self._reader = Reader()
        self._outgoing = bytearray()
        self._acknowledge_by = 0.0
        self._acknowledged = False
        self._stops = 0
        self._told: zvt.Told | None = None
        self._ending: Ending | None = None
        self.stop_at = float("inf")

    def begin(self, now: float) -> None:
        """What came before it was for nobody. Raises LineLost."""
        self._acknowledge_by = now + ACKNOWLEDGE_S
        self._over_by = now + self._whole_s
        self._line.discard()
        self._outgoing += self._command.encode()

    def stop(self) -> None:
        """The terminal shall wait no longer."""
        self.stop_at = float("-inf")

    def step(self, now: float) -> Ending | None:
        """Send and listen, without waiting; how it ended, if it has. Raises DeviceError."""
        self._send(now)
        for apdu in self._reader.feed(self._line.read()):
            self._hear(apdu)
            if self._ending is not None:
                break
        self._send(now)
        if self._ending is None:
            self._check_time(now)
        return self._ending

    def _check_time(self, now: float) -> None:
        late = "no end" if now >= self._over_by else ""
        if not self._acknowledged and now >= self._acknowledge_by:
            late = "no acknowledgement"
        if late:
            raise DeviceError(ErrorCode.TIMEOUT, late, outcome=Outcome.UNKNOWN, retryable=True)

    def _send(self, now: float) -> None:
        if self._acknowledged and now >= self.stop_at and not self._stops:
            self._stops = 1
            self._outgoing += zvt.stop().encode()
        if self._outgoing:
            del self._outgoing[: self._line.write(bytes(self._outgoing))]

    def _hear(self, apdu: Apdu) -> None:
        self._messages += 1
        if self._messages > MOST_MESSAGES:
            raise ProtocolError(Breach.TOO_LONG, "dialogue")
        if apdu.code >> 8 in (zvt.ACKNOWLEDGED >> 8, zvt.REFUSED_CLASS):
            self._hear_answer(apdu)
            return
        if not self._acknowledged:
            raise ProtocolError(Breach.UNEXPECTED, f"message {apdu.code:04x}")
        self._outgoing += Apdu(zvt.ACKNOWLEDGED).encode()
        match apdu.code:
            case zvt.STATUS:
                self._told = zvt.told(apdu)
            case zvt.INTERMEDIATE:
                self._prompted(zvt.prompt(apdu))
            case zvt.COMPLETION:
                self._ending = Ending(completion=apdu, told=self._told)
            case zvt.ABORTED:
                self._ending = Ending(abort=zvt.aborted(apdu), told=self._told)
            case code if code in zvt.PRINTS:
                pass
            case code:
                raise ProtocolError(Breach.UNEXPECTED, f"message {code:04x}")

    def _hear_answer(self, apdu: Apdu) -> None:
        """To the command, then to a stop: whether the terminal stops is told by how the dialogue ends."""
        if self._acknowledged:
            if not self._stops:
                raise ProtocolError(Breach.UNEXPECTED, "a second answer")
            return
        self._acknowledged = True
        if apdu.code != zvt.ACKNOWLEDGED and apdu.code != zvt.REFUSED_CLASS << 8:
            self._ending = Ending(refused=apdu.code & 0xFF)
        elif self._brief:
            self._ending = Ending()
