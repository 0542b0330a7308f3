"""The hopper: throws coins of one value (100 KRW, a second one 500 KRW) into the cup, one every 180 ms.

It remembers over power cuts how many. Headers: docs/protocol.md §3.1. An empty or jammed hopper turns on for two
seconds, then gives up (flag 02 of header 163).
"""

from pathlib import Path

from simulators.cctalk import counter24, next_event
from simulators.clock import Clock
from simulators.memory import Memory
from simulators.station import Refused, Station, exactly
from simulators.world import HOPPER_VALUE, World

COIN_SECONDS = 0.180
GIVE_UP_SECONDS = 2.0
LOW_COINS = 20
_ENABLE = 0xA5
_FLAG_TIMEOUT, _FLAG_DISABLED = 0x02, 0x80
_LOW_REACHED, _LOW_SENSOR = 0x01, 0x10
_DISPENSE_DATA = 4


class Hopper(Station):
    """Address 3. Paid and unpaid of the last payout and the lifetime count 168 are non-volatile."""

    address = 3
    category = b"Payout"
    product = b"H-100"

    def __init__(
        self, clock: Clock, memory: Memory, world: World, value: int = HOPPER_VALUE, address: int = 3
    ) -> None:
        super().__init__(clock, memory)
        self.address = address
        self._value = value
        self._world = world
        self._jam_after: int | None = None
        self.restart()
        self.handlers |= {
            164: self._enable,
            167: self._dispense,
            166: self._status,
            168: lambda data: counter24(memory.number("dispensed")),
            163: lambda data: bytes((self._flags | (0 if self._enabled else _FLAG_DISABLED),)),
            172: self._stop,
            217: lambda data: bytes((_LOW_SENSOR | (_LOW_REACHED if self.low else 0),)),
        }

    def restart(self) -> None:
        """Power-up: disabled, event counter 0; coins still owed become unpaid."""
        self._enabled = False
        self._counter = 0
        self._remaining = 0
        self._flags = 0
        if self.forgets:
            self.memory.keep(dispensed=0, paid=0, unpaid=0)

    @property
    def low(self) -> bool:
        """Whether the coins have fallen below the low sensor."""
        return self._world.coins_in_hopper(self._value) < LOW_COINS

    @property
    def paying(self) -> bool:
        """Whether coins are still to come."""
        return self._remaining > 0

    def jam_after(self, coins: int) -> None:
        """Coins will come out `coins` more times; the next one sticks."""
        self._jam_after = coins

    @property
    def armed(self) -> tuple[str, ...]:
        """The faults that are set, a jam that is still to come or has come too."""
        return (*super().armed, *(("jam",) if self._jam_after is not None else ()))

    def mend(self) -> None:
        """Take all faults away, a jam too."""
        super().mend()
        self._jam_after = None

    def _enable(self, data: bytes) -> bytes:
        self._enabled = exactly(data, 1)[0] == _ENABLE
        return b""

    def _dispense(self, data: bytes) -> bytes:
        count = exactly(data, _DISPENSE_DATA)[3]
        if (
            not self._enabled
            or self.paying
            or count == 0
            or data[:3] != counter24(self.memory.number("serial"))
        ):
            raise Refused
        self._counter = next_event(self._counter)
        self._remaining = count
        self._flags = 0
        self.memory.keep(paid=0, unpaid=count)
        life = self.life
        self.clock.later(self._next_coin_seconds(), lambda: self._coin(life))
        return bytes((self._counter,))

    def _next_coin_seconds(self) -> float:
        stuck = self._jam_after == 0 or self._world.coins_in_hopper(self._value) == 0
        return GIVE_UP_SECONDS if stuck else COIN_SECONDS

    def _coin(self, life: int) -> None:
        if life != self.life or not self.paying:
            return
        if self._jam_after == 0 or not self._world.coin_out(self._value):
            self._flags |= _FLAG_TIMEOUT
            self._remaining = 0
            self._world.tell("hopper-gave-up", unpaid=self.memory.number("unpaid"))
            return
        if self._jam_after is not None:
            self._jam_after -= 1
        self._remaining -= 1
        cells = self.memory
        cells.keep(
            paid=cells.number("paid") + 1,
            unpaid=cells.number("unpaid") - 1,
            dispensed=cells.number("dispensed") + 1,
        )
        if self.paying:
            self.clock.later(self._next_coin_seconds(), lambda: self._coin(life))

    def _status(self, data: bytes) -> bytes:
        unpaid = 0 if self.paying else self.memory.number("unpaid")
        return bytes((self._counter, self._remaining, self.memory.number("paid"), unpaid))

    def _stop(self, data: bytes) -> bytes:
        unpaid = self._remaining
        self._remaining = 0
        return bytes((unpaid,))


def hopper_memory(path: Path | None, value: int = HOPPER_VALUE) -> Memory:
    """The hopper's memory as it left the factory, or as it is in `path`. It pays coins of `value`."""
    return Memory(path, serial=3_309_100 + value, paid=0, unpaid=0, dispensed=0)
