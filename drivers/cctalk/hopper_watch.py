"""The hopper's life: its counters, flags and level are watched, and it is known again after each reset."""

from msgspec import Struct

from drivers.cash.life import Life
from drivers.cctalk.event_buffer import SPAN
from drivers.cctalk.frames import printable
from drivers.cctalk.master import Master
from drivers.cctalk.memory import FORGETFUL
from drivers.contract import (
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    HopperCount,
    Identity,
    Outcome,
    ReasonCode,
    Severity,
)
from drivers.scheduler import Scheduler, Task
from drivers.status_reporter import GONE, Emit, StatusReporter

ADDRESS = 3
_NAMES = (DeviceName.HOPPER, DeviceName.HOPPER_2)  # by their address from ADDRESS on
POLL_IDLE_S = 1.0
LEVELS_S = 5.0
LOW_SENSOR = "low-sensor"
NV_COUNTER = "nv-dispense-counter"
GAVE_UP = 0x02
_MAX_CURRENT, _FRAUD, _OPTO_SHORT, _BLOCKED = 0x01, 0x08, 0x10, 0x20
_BELOW_LOW, _HAS_LOW_SENSOR = 0x01, 0x10


class Payout(Struct, frozen=True):
    """Answer to header 166: event counter, coins still to pay, paid and unpaid of the last command."""

    counter: int
    remaining: int
    paid: int
    unpaid: int


class HopperWatch(Life):
    """One hopper in serial-number mode, as `run` keeps it. What core asks of it is in hopper.py."""

    what = "hopper"

    def __init__(self, scheduler: Scheduler, master: Master, emit: Emit, address: int = ADDRESS) -> None:
        super().__init__(scheduler, master.line, StatusReporter(_NAMES[address - ADDRESS], emit))
        self._master = master
        self._address = address
        self._emit = emit
        self._serial = b""
        self._counter: int | None = None
        self._levels_at = 0.0
        self._paying_key = ""
        self._seen_troubles = 0
        self._low: bool | None = None
        self._gave_up: ReasonCode | None = None
        self._forgets = False

    def _ask(self, header: int, data: bytes = b"", size: int | None = None, attempts: int = 3) -> Task[bytes]:
        return self._master.ask(self._address, header, data, size=size, attempts=attempts)

    # --- life ---------------------------------------------------------------------------------------------------

    def _turn(self) -> Task[None]:
        """Watch counter, flags and level."""
        yield POLL_IDLE_S
        yield from self._master.stand_aside()
        yield from self._through_noise(self._look)

    def _connect(self) -> Task[None]:
        yield from self._ask(254, size=0, attempts=1)
        self.reporter.clear(*GONE)
        self.reporter.enter(DeviceState.INITIALISING)
        maker = yield from self._ask(246)
        model = yield from self._ask(244)
        self._serial = yield from self._ask(242, size=3)
        firmware = yield from self._ask(241)
        serial = str(int.from_bytes(self._serial, "little"))
        if self.reporter.identity.serial not in ("", serial):
            self.reporter.raise_reason(ReasonCode.OTHER_DEVICE, Severity.ERROR, "another serial number")
            self.reporter.epoch += 1
            self._counter = None
            self.reporter.counters, self._forgets = {}, False
        self.reporter.identity = Identity(printable(maker), printable(model), serial, printable(firmware))
        self._note_counter((yield from self._payout()).counter)
        yield from self._read_levels()
        self._ready = True
        self.reporter.enter(DeviceState.BUSY if self._paying_key else DeviceState.READY)

    def _look(self) -> Task[None]:
        troubles = self._master.troubles[self._address]
        payout = yield from self._payout()
        if (payout.counter == 0 and self._counter) or troubles != self._seen_troubles:
            if (yield from self._ask(242, size=3)) != self._serial:
                raise DeviceError(ErrorCode.IDENTITY, "another hopper", outcome=Outcome.UNKNOWN)
            self._seen_troubles = troubles
        self._note_counter(payout.counter)
        if self._scheduler.now - self._levels_at >= LEVELS_S:
            yield from self._read_levels()
        busy = bool(self._paying_key or payout.remaining)
        self.reporter.enter(DeviceState.BUSY if busy else DeviceState.READY)

    def _note_counter(self, counter: int) -> None:
        """0 after another value: the hopper was reset."""
        if counter == 0 and self._counter:
            self.reporter.epoch += 1
            self.reporter.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "event counter is 0")
        self._counter = counter

    def _read_levels(self) -> Task[None]:
        flags = (yield from self._ask(163))[:1] or b"\0"
        level = (yield from self._ask(217))[:1] or b"\0"
        dispensed = yield from self._dispensed()
        self._levels_at = self._scheduler.now
        before = self.reporter.counters.get("dispensed", dispensed)
        forgot = (dispensed - before) % SPAN > SPAN // 2
        self._forgets = self._forgets or forgot or self.reporter.identity.model in FORGETFUL
        self.reporter.counters = {"dispensed": dispensed}
        has_sensor = bool(level[0] & _HAS_LOW_SENSOR)
        sensor = {LOW_SENSOR} if has_sensor else set()
        self.reporter.capabilities = frozenset(sensor if self._forgets else {*sensor, NV_COUNTER})
        self._low = bool(level[0] & _BELOW_LOW) if has_sensor else None
        self._judge_flags(flags[0])
        self.reporter.show()

    def _judge_flags(self, flags: int) -> None:
        """Flags and level as reasons. Why a payout gave up stays true until the flag is cleared or coins are back."""
        if not flags & GAVE_UP or (self._gave_up is ReasonCode.HOPPER_EMPTY and self._low is False):
            self._gave_up = None
        jammed = flags & (_MAX_CURRENT | _BLOCKED) or self._gave_up is ReasonCode.COIN_JAM
        detail = f"test flags {flags:#04x}"
        self._flag(bool(jammed), ReasonCode.COIN_JAM, detail, Severity.ERROR)
        self._flag(bool(flags & _FRAUD), ReasonCode.OPTO_FRAUD, detail, Severity.SECURITY)
        self._flag(bool(flags & _OPTO_SHORT), ReasonCode.HARDWARE, detail, Severity.ERROR)
        empty = self._gave_up is ReasonCode.HOPPER_EMPTY
        self._flag(empty, ReasonCode.HOPPER_EMPTY, detail, Severity.ERROR)
        self._flag(bool(self._low), ReasonCode.HOPPER_LOW, "below the low level", Severity.WARN)

    # --- questions ----------------------------------------------------------------------------------------------

    def _payout(self) -> Task[Payout]:
        return _unpack_payout(self._ask(166, size=4))

    def _dispensed(self) -> Task[int]:
        answer = yield from self._ask(168, size=3)
        return int.from_bytes(answer, "little")

    def reading(self) -> Task[HopperCount]:
        """The counters, from the device. Raises DeviceError."""
        self._need_ready()
        payout = yield from self._payout()
        dispensed = yield from self._dispensed()
        level = (yield from self._ask(217))[:1] or b"\0"
        low = bool(level[0] & _BELOW_LOW) if level[0] & _HAS_LOW_SENSOR else None
        # A payout whose command is still on its way to the hopper is not over: its coins are yet to come.
        paying = payout.remaining > 0 or bool(self._paying_key)
        return HopperCount(self.reporter.identity.serial, dispensed, paying, low, SPAN)

    def resumed(self) -> None:
        """Core knows this hopper's serial number and epoch now; what an earlier payout met is to be seen anew."""
        self._gave_up = None
        self._levels_at = float("-inf")
        self.reporter.clear(ReasonCode.OTHER_DEVICE, ReasonCode.DEVICE_RESET)
        self.reporter.show()


def _unpack_payout(answer: Task[bytes]) -> Task[Payout]:
    return Payout(*(yield from answer))
