"""What takes money from a hand: it keeps its last five events for whoever polls, and takes only what it is told to.

Everything is inhibited at power-up, and when nobody polled for a second. Headers: docs/protocol.md §3.1.
"""

from collections import deque
from collections.abc import Mapping

from simulators.cctalk import next_event
from simulators.clock import Clock
from simulators.memory import Memory
from simulators.station import Refused, Station, exactly
from simulators.world import World

UNPOLLED_SECONDS = 1.0
_BUFFERED_EVENTS = 5


class Inlet(Station):
    """A coin acceptor or a bill validator. `values`: KRW by channel or type. `told`: what the world hears of it as."""

    values: Mapping[int, int]
    told: str

    def __init__(self, clock: Clock, memory: Memory, world: World, poll: int) -> None:
        super().__init__(clock, memory)
        self._world = world
        self.handlers |= {
            231: self._set_mask,
            230: lambda data: self._mask.to_bytes(2, "little"),
            228: self._set_master,
            227: lambda data: bytes((self._master,)),
            poll: self._poll,
        }

    def restart(self) -> None:
        """Power-up: no events, everything inhibited."""
        self._events: deque[tuple[int, int]] = deque(maxlen=_BUFFERED_EVENTS)
        self._counter = 0
        self._mask = self._master = 0
        self._polled_at = float("-inf")

    @property
    def polled(self) -> bool:
        """Whether the host asked for events within the last second."""
        return self.clock.monotonic() - self._polled_at <= UNPOLLED_SECONDS

    @property
    def ready(self) -> bool:
        """Whether the device takes anything at all now."""
        return self.alive and bool(self._master) and self.polled

    @property
    def accepting(self) -> tuple[int, ...]:
        """The coins or notes (KRW) that would be taken now."""
        if not self.ready:
            return ()
        return tuple(value for kind, value in self.values.items() if self._mask >> (kind - 1) & 1)

    def _event(self, first: int, second: int) -> None:
        self._counter = next_event(self._counter)
        self._events.appendleft((first, second))

    def _poll(self, data: bytes) -> bytes:
        self._polled_at = self.clock.monotonic()
        events = [*self._events, *[(0, 0)] * (_BUFFERED_EVENTS - len(self._events))]
        return bytes((self._counter, *(byte for event in events for byte in event)))

    def _set_mask(self, data: bytes) -> bytes:
        self._mask = int.from_bytes(exactly(data, 2), "little")
        self._world.tell(self.told, values=list(self.accepting))
        return b""

    def _set_master(self, data: bytes) -> bytes:
        if exactly(data, 1)[0] > 1:
            raise Refused
        self._master = data[0]
        self._world.tell(self.told, values=list(self.accepting))
        return b""
