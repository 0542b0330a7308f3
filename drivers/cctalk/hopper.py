"""The hopper's driver: one payout at a time, sent once, judged by the counters.

Header 167 is not idempotent and its answer may be lost, so the answer decides nothing: the event counter (166) says
whether the payout began, the lifetime count (168) how many coins are out, also after a power loss in the middle.
"""

from msgspec import Struct

from drivers.acts import Act
from drivers.cash.life import Life
from drivers.cctalk.event_buffer import SPAN
from drivers.cctalk.frames import printable
from drivers.cctalk.master import Master
from drivers.cctalk.memory import FORGETFUL
from drivers.contract import (
    CoinOut,
    DeviceError,
    DeviceName,
    DeviceState,
    Dispense,
    ErrorCode,
    HopperCount,
    Identity,
    Outcome,
    PaidOut,
    ReasonCode,
    Severity,
)
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.status_reporter import GONE, Emit, StatusReporter

ADDRESS = 3
_NAMES = (DeviceName.HOPPER, DeviceName.HOPPER_2)  # by their address from ADDRESS on
POLL_PAYING_S = 0.1
POLL_IDLE_S = 1.0
LEVELS_S = 5.0
# A hopper that has not moved its event counter by then has not begun.
START_S = 0.5
# A coin that leaves as the motor stops is counted within this time.
LAST_COIN_S = 0.2
# Before the command's deadline: stop the motor and read the counters, so that nothing is paid unwatched.
STOP_MARGIN_S = 1.0
MAX_COINS = 255
_REMEMBERED_KEYS = 64
LOW_SENSOR = "low-sensor"
NV_COUNTER = "nv-dispense-counter"
_ENABLE = b"\xa5"
_MAX_CURRENT, _GAVE_UP, _FRAUD, _OPTO_SHORT, _BLOCKED = 0x01, 0x02, 0x08, 0x10, 0x20
_BELOW_LOW, _HAS_LOW_SENSOR = 0x01, 0x10


class Payout(Struct, frozen=True):
    """Answer to header 166: event counter, coins still to pay, paid and unpaid of the last command."""

    counter: int
    remaining: int
    paid: int
    unpaid: int


class _Why(Struct, frozen=True):
    """What the counters say about a payout's course."""

    begun: bool
    reset: bool
    stopped: bool


class Hopper(Life):
    """One hopper in serial-number mode."""

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
        self._sent_keys: dict[str, PaidOut | None] = {}

    def _ask(self, header: int, data: bytes = b"", size: int | None = None, attempts: int = 3) -> Task[bytes]:
        return self._master.ask(self._address, header, data, size=size, attempts=attempts)

    # --- life ---------------------------------------------------------------------------------------------------

    def _turn(self) -> Task[None]:
        """Watch counter, flags and level."""
        yield POLL_IDLE_S
        yield from self._master.stand_aside()
        yield from self._look_through_noise()

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
        if not flags & _GAVE_UP or (self._gave_up is ReasonCode.HOPPER_EMPTY and self._low is False):
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

    # --- payout -------------------------------------------------------------------------------------------------

    def dispense(self, command: Dispense, act: Act) -> Task[None]:
        """Pay out. `act.result` is a PaidOut whenever the counters could be read to the end.

        DONE: coins are out, `code` set when fewer than asked. NOT_DONE: none is out. UNKNOWN: the counters are silent.
        """
        stop_at = self._scheduler.now + command.deadline_ms / 1000 - STOP_MARGIN_S
        self._may_pay(command, act)
        self._paying_key = command.key
        try:
            before = yield from self._payout()
            dispensed = yield from self._dispensed()
            if before.remaining:
                raise DeviceError(ErrorCode.REFUSED, "the hopper is still paying", retryable=True)
            yield from self._ask(164, _ENABLE, size=0)
            self._sent_keys[command.key] = None
            while len(self._sent_keys) > _REMEMBERED_KEYS:
                self._sent_keys.pop(next(iter(self._sent_keys)))
            act.begun = True
            self.reporter.enter(DeviceState.BUSY)
            try:
                yield from self._ask(167, self._serial + bytes((command.count,)), attempts=1)
            except DeadlinePassed:
                raise
            except DeviceError:
                pass  # a refusal, too, is believed only when the counters agree
            yield from self._follow(command, act, before, dispensed, stop_at)
        finally:
            self._paying_key = ""
            self._levels_at = float("-inf")

    def _may_pay(self, command: Dispense, act: Act) -> None:
        if not 1 <= command.count <= MAX_COINS:
            raise DeviceError(ErrorCode.REFUSED, f"{command.count} coins cannot be asked of a hopper")
        if command.key in self._sent_keys:
            act.begun = True
            act.result = self._sent_keys[command.key]
            raise DeviceError(ErrorCode.REFUSED, "this payout was sent already", outcome=Outcome.UNKNOWN)
        self._need_ready()
        if self._paying_key:
            raise DeviceError(ErrorCode.REFUSED, "another payout is running", retryable=True)
        for code in (ReasonCode.OTHER_DEVICE, ReasonCode.OPTO_FRAUD):
            if self.reporter.has(code):
                raise DeviceError(ErrorCode.SECURITY, f"hopper: {code}")

    def _follow(
        self, command: Dispense, act: Act, before: Payout, dispensed: int, stop_at: float
    ) -> Task[None]:
        """Poll until the counters have said the last word."""
        sent, stopped, told = self._scheduler.now, False, 0
        serial, doubtful = self._serial, False
        while True:
            yield POLL_PAYING_S
            if self._scheduler.now >= stop_at and not stopped:
                stopped = yield from self._stop()
            try:
                if doubtful:
                    yield from self._same_hopper(serial)
                doubtful = False
                payout = yield from self._payout()
                self._note_counter(payout.counter)
                begun = payout.counter == before.counter % 255 + 1
                if begun and payout.paid > told:
                    told = payout.paid
                    self._emit(CoinOut(command.key, told))
                if payout.remaining:
                    continue
                out = yield from self._settled_count(dispensed)
            except DeviceError as error:
                if isinstance(error, DeadlinePassed) or error.code is ErrorCode.IDENTITY:
                    raise
                doubtful = True
                continue
            if not begun and out == 0 and self._scheduler.now - sent < START_S:
                continue
            if out > told:
                self._emit(CoinOut(command.key, out))
            reset = not begun and (out > 0 or payout.counter != before.counter)
            why = _Why(begun=begun, reset=reset, stopped=stopped)
            yield from self._conclude(command, act, out, dispensed, why)
            return

    def _same_hopper(self, serial: bytes) -> Task[None]:
        """Another hopper's counters prove nothing about this payout."""
        if (yield from self._ask(242, size=3)) != serial:
            raise DeviceError(ErrorCode.IDENTITY, "another hopper", outcome=Outcome.UNKNOWN)

    def _settled_count(self, dispensed: int) -> Task[int]:
        """Coins out since `dispensed`, read twice the same."""
        out = -1
        while True:
            again = ((yield from self._dispensed()) - dispensed) % SPAN
            if again == out:
                return out
            out = again
            yield LAST_COIN_S

    def _stop(self) -> Task[bool]:
        try:
            yield from self._ask(172)
        except DeadlinePassed:
            raise
        except DeviceError:
            return False
        return True

    def _conclude(self, command: Dispense, act: Act, out: int, dispensed: int, why: "_Why") -> Task[None]:
        unpaid = max(command.count - out, 0)
        paid_out = PaidOut(command.key, out, unpaid, (dispensed + out) % SPAN, SPAN)
        act.result = self._sent_keys[command.key] = paid_out
        if out > command.count:
            self.reporter.raise_reason(ReasonCode.HARDWARE, Severity.ERROR, "paid more than asked")
            act.code, act.detail = ErrorCode.PROTOCOL, f"{out} coins instead of {command.count}"
        elif unpaid:
            act.code, act.detail = yield from self._why_short(why)
        else:
            self._gave_up = None
        if out == 0:
            raise DeviceError(act.code or ErrorCode.INTERNAL, act.detail, outcome=Outcome.NOT_DONE)

    def _why_short(self, why: "_Why") -> Task[tuple[ErrorCode, str]]:
        if why.stopped:
            return ErrorCode.TIMEOUT, "stopped at the deadline"
        if why.reset:
            return ErrorCode.RESET, "the hopper was reset"
        if not why.begun:
            return ErrorCode.REFUSED, "the hopper did not begin"
        try:
            yield from self._read_levels()
            flags = ((yield from self._ask(163))[:1] or b"\0")[0]
        except DeadlinePassed:
            raise
        except DeviceError:
            return ErrorCode.INTERNAL, "the hopper stopped and does not say why"
        if flags & _GAVE_UP:
            self._gave_up = ReasonCode.COIN_JAM if self._low is False else ReasonCode.HOPPER_EMPTY
        self._judge_flags(flags)
        self.reporter.show()
        code = ErrorCode.EMPTY if self._gave_up is ReasonCode.HOPPER_EMPTY else ErrorCode.JAM
        return code, f"test flags {flags:#04x}"


def _unpack_payout(answer: Task[bytes]) -> Task[Payout]:
    return Payout(*(yield from answer))
