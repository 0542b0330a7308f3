"""Whatever wire and acceptor do (noise, silence, a reset, a pulled plug), each coin is booked once, and counted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import CashReading, Completed, Event, Outcome, StopCollect
from tests.unit.drivers.test_any_core import ACTS, Core

MISHAPS = ("power_cut", "noise", "silence", "deafness", "unplug", "plug_in")
# Longer than it takes a driver to find its way back to an acceptor.
QUIET_S = 15.0


class CoreOnABadWire(Core):
    """It also has the coins counted. What was told when a count ends is all that fell before it was asked for."""

    def __init__(self) -> None:
        self._wrong = self._missing = self._unheard = 0
        self._fell_before: dict[str, int] = {}
        super().__init__()
        self.bench.far.mangle, self.bench.far.deaf = self._on_the_wire, self._never_heard

    def _on_the_wire(self, dest: int, header: int, reply: bytes) -> bytes | None:
        if self._missing:
            self._missing -= 1
            return None
        if self._wrong:
            self._wrong -= 1
            return reply[:-1] + bytes([reply[-1] ^ 1])
        return reply

    def _never_heard(self, dest: int, header: int) -> bool:
        self._unheard, unheard = max(self._unheard - 1, 0), self._unheard
        return bool(unheard)

    def power_cut(self) -> None:
        self.bench.far.coin.power_cut()

    def noise(self) -> None:
        self._wrong += 2

    def silence(self) -> None:
        self._missing += 2

    def deafness(self) -> None:
        self._unheard += 2

    def unplug(self) -> None:
        self.bench.wire.plugged = False

    def plug_in(self) -> None:
        self.bench.wire.plugged = True

    def count(self) -> None:
        """A last coin in a moment of peace, and core waits for the end."""
        self.all_arrives()
        self.bench.pass_time(0.4)
        self.coin()
        request = self.bench.start(StopCollect)
        self._fell_before[request] = self.fell
        self.bench.pass_time(0.7)
        self.all_arrives()

    def hear(self, event: Event) -> None:
        super().hear(event)
        if isinstance(event, Completed) and event.request in self._fell_before:
            self._counted(event)

    def _counted(self, end: Completed) -> None:
        if end.outcome is not Outcome.DONE:
            return
        assert isinstance(end.result, CashReading)
        assert end.result.accepted == self.booked.accepted
        assert self.coins >= self._fell_before[end.request]

    def at_rest(self) -> None:
        self._wrong = self._missing = self._unheard = 0
        self.plug_in()
        self.bench.pass_time(QUIET_S)
        self.die()
        super().at_rest()


@settings(max_examples=150)
@given(st.lists(st.sampled_from((*ACTS, *ACTS, *MISHAPS, "count", "count")), max_size=60))
def test_each_coin_is_booked_once_and_counted_whatever_the_wire_does(acts: list[str]) -> None:
    core = CoreOnABadWire()
    core.live(acts)
    assert core.coins == core.fell
