"""The simulated cash devices at the far end of a driver's virtual line: held against each other in no time."""

from drivers.cash.bus import FULL, CashBus
from drivers.contract import Collect, NoteHeld, Outcome, Resume
from simulators.bill import BillValidator, validator_memory
from simulators.cash_bus import CashBus as FarBus
from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.hopper import Hopper, hopper_memory
from simulators.world import SECOND_HOPPER_VALUE, Levels, World
from tests.unit.drivers.virtual import Clockwork, Wire

NOTES = (1_000, 5_000)


class FarDevices:
    """An acceptor, a validator and two hoppers; their clock is the driver's."""

    def __init__(self, began: float, *, counts: bool = True) -> None:
        self._began = began
        self.clock = ManualClock()
        self.world = World(self.clock, Levels(second_hopper=40))
        self.coin = CoinAcceptor(self.clock, acceptor_memory(None), self.world)
        memory = validator_memory(None)
        memory.keep(counts=int(counts))
        self.bill = BillValidator(self.clock, memory, self.world)
        self.hopper = Hopper(self.clock, hopper_memory(None), self.world)
        second = hopper_memory(None, SECOND_HOPPER_VALUE)
        self.second = Hopper(self.clock, second, self.world, SECOND_HOPPER_VALUE, address=4)
        self.bus = FarBus(self.clock, (self.coin, self.bill, self.hopper, self.second))
        self._heard = bytearray()
        self.bus.to_host = self._heard.extend

    def receive(self, data: bytes, now: float) -> None:
        self._until(now)
        self.bus.received(data)

    def send(self, now: float) -> bytes:
        self._until(now)
        heard, self._heard[:] = bytes(self._heard), b""
        return heard

    def _until(self, now: float) -> None:
        ahead = now - self._began - self.clock.monotonic()
        if ahead > 0:
            self.clock.advance(ahead)

    def power(self, up: bool) -> None:
        for device in (self.coin, self.bill, self.hopper, self.second):
            device.power(up)


class NoteBench(Clockwork):
    """A cash bus with a validator, ready and collecting."""

    def __init__(self, *, counts: bool = True) -> None:
        super().__init__()
        self.far = FarDevices(self.now, counts=counts)
        self.wire = Wire(self.far, self.clock)
        self.start_driver()
        assert self.run(Resume, deadline_ms=8_000).outcome is Outcome.DONE
        assert self.run(Collect, denominations=(100, 500), notes=NOTES).outcome is Outcome.DONE

    def start_driver(self) -> None:
        """A new devices process, which knows nothing of the one before."""
        self.bus = CashBus(
            "/dev/none",
            self.emit,
            self.wire.open,
            FULL,
        )

    def offer(self, value: int = 1_000) -> NoteHeld:
        """A note is put in and held."""
        before = len(self.of(NoteHeld))
        landed: list[str] = []
        self.pass_time(0.3)
        self.far.bill.insert(value, landed.append)
        self.until(lambda: len(self.of(NoteHeld)) > before, 5)
        held = self.of(NoteHeld)[-1]
        assert isinstance(held, NoteHeld)
        return held

    def in_the_stacker(self) -> list[int]:
        """The truth."""
        return [note.value for note in self.far.world.truth().notes_in]
