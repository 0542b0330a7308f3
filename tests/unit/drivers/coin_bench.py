"""A cash bus without a validator in virtual time, and how far it has come: known, resumed, collecting."""

from drivers.cash.bus import CashBus
from drivers.contract import CoinPosition, Collect, Credited, DeviceState, Outcome, Resume, Status
from tests.unit.drivers.cash_far_end import CashFarEnd
from tests.unit.drivers.virtual import Clockwork, Wire


class Bench(Clockwork):
    """A cash bus with an acceptor and a hopper, and its far end."""

    def __init__(self, far: CashFarEnd | None = None) -> None:
        super().__init__()
        self.far = far or CashFarEnd()
        self.wire = Wire(self.far, self.clock)
        self.start_driver()

    def start_driver(self) -> None:
        """A new devices process, which knows nothing of the one before."""
        self.bus = self.cash = CashBus("/dev/none", self.emit, self.wire.open)

    def status(self, device: str = "coin") -> Status:
        return next(status for status in self.cash.statuses() if status.device == device)

    def ready(self) -> "Bench":
        self.until(lambda: self.status().state is DeviceState.READY, 20)
        self.until(lambda: self.status("hopper").state is DeviceState.READY, 20)
        return self

    def resumed(self, position: CoinPosition | None = None) -> "Bench":
        assert self.run(Resume, position=position).outcome is Outcome.DONE
        return self

    def collecting(self) -> "Bench":
        self.ready().resumed()
        assert self.run(Collect, denominations=(100, 500)).outcome is Outcome.DONE
        return self

    def credits(self) -> list[int]:
        return [event.value for event in self.of(Credited)]
