"""The terminal's twin at the far end of a virtual cable, which can be cut after any byte, in either direction."""

from simulators.card_terminal import CardTerminal, terminal_memory
from simulators.clock import ManualClock
from simulators.world import CardMoney, World
from tests.unit.drivers.virtual import Clockwork


class Cable:
    """`to_kiosk` and `to_terminal`: so many bytes still get through; None: all. After a cut it is whole again."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork = clockwork
        self._clock = ManualClock()
        self._begun = clockwork.now
        self.world = World(self._clock)
        self.twin = CardTerminal(self._clock, terminal_memory(None), self.world)
        self.to_kiosk: int | None = None
        self.to_terminal: int | None = None
        self.carried = 0
        self.plugged = True

    @property
    def cards(self) -> tuple[CardMoney, ...]:
        """What the bank knows."""
        return self.world.truth().cards

    def advance(self) -> None:
        """Let the twin's time follow the bus's."""
        self._clock.advance(self._clockwork.now - self._begun - self._clock.monotonic())

    def open(self, path: str, speed: int) -> "Plug":
        """As a driver opens its port."""
        if not self.plugged or not self.twin.powered:
            raise ConnectionRefusedError(111, "nobody there")
        self.advance()
        return Plug(self)


class Plug:
    """One connection, seen from both ends: the driver's port and the twin's line."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable
        self._arrived = bytearray()
        self._cut = False
        cable.twin.connected(self)

    # --- the twin's end ---

    def send(self, data: bytes) -> None:
        """The terminal speaks."""
        cable = self._cable
        cable.carried += len(data)
        self._arrived += data if cable.to_kiosk is None else data[: cable.to_kiosk]
        if cable.to_kiosk is not None:
            cable.to_kiosk -= len(data)
            if cable.to_kiosk <= 0:
                cable.to_kiosk = None
                self.cut()

    def cut(self) -> None:
        """What has not been read is lost with the connection."""
        self._cut = True

    # --- the driver's end ---

    def read(self) -> bytes:
        """What has arrived."""
        self._cable.advance()
        data = bytes(self._arrived)
        self._arrived.clear()
        if not data:
            self._check()
        return data

    def write(self, data: bytes) -> int:
        """The kiosk speaks."""
        self._check()
        cable = self._cable
        through = data if cable.to_terminal is None else data[: cable.to_terminal]
        if cable.to_terminal is not None:
            cable.to_terminal -= len(data)
        cable.twin.received(through)
        if cable.to_terminal is not None and cable.to_terminal <= 0:
            cable.to_terminal = None
            self.cut()
        return len(data)

    def discard(self) -> None:
        """Forget what has arrived."""
        self._arrived.clear()
        self._check()

    def close(self) -> None:
        """Hang up."""
        self._cable.twin.disconnected(self)

    def _check(self) -> None:
        if self._cut or not self._cable.plugged or not self._cable.twin.powered:
            raise ConnectionResetError(104, "cut")
