"""The coin acceptor: what happens between the slot and the credit event.

A coin needs 80 ms from the slot to the gate and 60 ms from the gate to the sensor that makes the credit, so one may be
past the gate when the host inhibits. Everything is inhibited at power-up, and when nobody polled for a second.
Headers: docs/protocol.md §3.1.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from simulators.cctalk import counter24, next_event
from simulators.clock import Clock
from simulators.memory import Memory
from simulators.station import Refused, Station, exactly
from simulators.world import World

TO_GATE_SECONDS = 0.080
TO_CREDIT_SECONDS = 0.060
UNPOLLED_SECONDS = 1.0
CHANNELS = {1: 10, 2: 50, 3: 100, 4: 500}
_NAMES = {1: b"KR010A", 2: b"KR050A", 3: b"KR100A", 4: b"KR500A"}
_NO_COIN = b"......"
_BUFFERED_EVENTS = 5
_CODE_REJECTED, _CODE_INHIBITED, _CODE_INHIBITED_CHANNEL = 1, 2, 127

ACCEPTED, REJECTED, RETURNED = "accepted", "rejected", "returned"


class CoinAcceptor(Station):
    """Address 2. Lifetime counters 226 (seen) and 225 (accepted) are non-volatile; events and inhibits are not."""

    address = 2
    category = b"Coin Acceptor"
    product = b"CA-4"

    def __init__(self, clock: Clock, memory: Memory, world: World) -> None:
        super().__init__(clock, memory)
        self._world = world
        self.restart()
        self.handlers |= {
            231: self._set_mask,
            230: lambda data: self._mask.to_bytes(2, "little"),
            228: self._set_master,
            227: lambda data: bytes((self._master,)),
            229: self._poll,
            226: lambda data: counter24(memory.number("seen")),
            225: lambda data: counter24(memory.number("accepted")),
            184: lambda data: _NAMES.get(exactly(data, 1)[0], _NO_COIN),
            232: lambda data: b"\x00",
        }

    def restart(self) -> None:
        """Power-up: no events, everything inhibited."""
        self._events: deque[tuple[int, int]] = deque(maxlen=_BUFFERED_EVENTS)
        self._counter = 0
        self._mask = 0
        self._master = 0
        self._polled_at = float("-inf")
        if self.forgets:
            self.memory.keep(seen=0, accepted=0)

    @property
    def polled(self) -> bool:
        """Whether the host asked for events within the last second."""
        return self.clock.monotonic() - self._polled_at <= UNPOLLED_SECONDS

    @property
    def accepting(self) -> tuple[int, ...]:
        """The values (KRW) that would be accepted now."""
        if not (self.alive and self._master and self.polled):
            return ()
        return tuple(value for channel, value in CHANNELS.items() if self._mask >> (channel - 1) & 1)

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

    def _event(self, first: int, second: int) -> None:
        self._counter = next_event(self._counter)
        self._events.appendleft((first, second))

    def _poll(self, data: bytes) -> bytes:
        self._polled_at = self.clock.monotonic()
        events = [*self._events, *[(0, 0)] * (_BUFFERED_EVENTS - len(self._events))]
        return bytes((self._counter, *(byte for event in events for byte in event)))

    def _set_mask(self, data: bytes) -> bytes:
        self._mask = int.from_bytes(exactly(data, 2), "little")
        self._world.tell("acceptance", values=list(self.accepting))
        return b""

    def _set_master(self, data: bytes) -> bytes:
        if exactly(data, 1)[0] > 1:
            raise Refused
        self._master = data[0]
        self._world.tell("acceptance", values=list(self.accepting))
        return b""


def acceptor_memory(path: Path | None) -> Memory:
    """The acceptor's memory as it left the factory, or as it is in `path`."""
    return Memory(path, serial=1_204_771, seen=0, accepted=0)
