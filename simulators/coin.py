"""The coin acceptor: what happens between the slot and the credit event.

A coin needs 80 ms from the slot to the gate and 60 ms from the gate to the sensor that makes the credit, so one may be
past the gate when the host inhibits. Headers: docs/protocol.md §3.1.
"""

from collections.abc import Callable
from pathlib import Path

from simulators.cctalk import counter24
from simulators.clock import Clock
from simulators.inlet import Inlet
from simulators.memory import Memory
from simulators.station import exactly
from simulators.world import World

TO_GATE_SECONDS = 0.080
TO_CREDIT_SECONDS = 0.060
CHANNELS = {1: 10, 2: 50, 3: 100, 4: 500}
_NAMES = {1: b"KR010A", 2: b"KR050A", 3: b"KR100A", 4: b"KR500A"}
_NO_COIN = b"......"
_CODE_REJECTED, _CODE_INHIBITED, _CODE_INHIBITED_CHANNEL = 1, 2, 127

ACCEPTED, REJECTED, RETURNED = "accepted", "rejected", "returned"


class CoinAcceptor(Inlet):
    """Address 2. Lifetime counters 226 (seen) and 225 (accepted) are non-volatile; events and inhibits are not."""

    address = 2
    category = b"Coin Acceptor"
    product = b"CA-4"
    values = CHANNELS
    told = "acceptance"

    def __init__(self, clock: Clock, memory: Memory, world: World) -> None:
        super().__init__(clock, memory, world, poll=229)
        self.restart()
        self.handlers |= {
            226: lambda data: counter24(memory.number("seen")),
            225: lambda data: counter24(memory.number("accepted")),
            184: lambda data: _NAMES.get(exactly(data, 1)[0], _NO_COIN),
            232: lambda data: b"\x00",
        }

    def restart(self) -> None:
        """Power-up: no events, everything inhibited, and the counts gone where the model forgets them."""
        super().restart()
        if self.forgets:
            self.memory.keep(seen=0, accepted=0)

    def drop(self, value: int, landed: Callable[[str], None]) -> None:
        """A hand lets a coin go into the slot; `landed` is told accepted, rejected or returned."""
        if not self.alive:
            self._world.coin_back(value, "no power")
            landed(RETURNED)
            return
        self.clock.later(TO_GATE_SECONDS, lambda: self._at_gate(value, landed))

    def force(self, value: int) -> None:
        """A coin is past the gate already, whatever the host has said since."""
        self._world.coin_in(value)
        life = self.life
        self.clock.later(TO_CREDIT_SECONDS, lambda: self._credit(value, life))

    def credit_at_once(self, value: int) -> None:
        """A coin has just made its credit event, which nobody has read yet."""
        self._world.coin_in(value)
        self._credit(value, self.life)

    def _at_gate(self, value: int, landed: Callable[[str], None]) -> None:
        if not self.alive:
            self._world.coin_back(value, "no power")
            landed(RETURNED)
            return
        if value in self.accepting:
            landed(ACCEPTED)
            self.force(value)
            return
        why = self._reject(value)
        self._world.coin_back(value, why)
        landed(REJECTED)

    def _reject(self, value: int) -> str:
        self._count("seen")
        channel = next((number for number, known in CHANNELS.items() if known == value), 0)
        if not self.polled:
            return "not polled"
        if not channel:
            self._event(0, _CODE_REJECTED)
            return "unknown coin"
        code = _CODE_INHIBITED_CHANNEL + channel if self._master else _CODE_INHIBITED
        self._event(0, code)
        return "inhibited"

    def _credit(self, value: int, life: int) -> None:
        if life != self.life:
            return
        channel = next(number for number, known in CHANNELS.items() if known == value)
        self._count("seen", "accepted")
        self._event(channel, 1)

    def _count(self, *counters: str) -> None:
        self.memory.keep(**{name: self.memory.number(name) + 1 for name in counters})


def acceptor_memory(path: Path | None) -> Memory:
    """The acceptor's memory as it left the factory, or as it is in `path`."""
    return Memory(path, serial=1_204_771, seen=0, accepted=0)
