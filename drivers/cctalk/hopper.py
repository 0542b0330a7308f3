"""The hopper's driver: one payout at a time, sent once, judged by the counters.

Header 167 is not idempotent and its answer may be lost, so the answer decides nothing: the event counter (166) says
whether the payout began, the lifetime count (168) how many coins are out, also after a power loss in the middle.
"""

from msgspec import Struct

from drivers.acts import Act
from drivers.cctalk.event_buffer import SPAN
from drivers.cctalk.hopper_watch import ADDRESS, GAVE_UP, HopperWatch, Payout
from drivers.cctalk.master import Master
from drivers.contract import (
    CoinOut,
    DeviceError,
    DeviceState,
    Dispense,
    ErrorCode,
    Outcome,
    PaidOut,
    ReasonCode,
    Severity,
)
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.status_reporter import Emit

POLL_PAYING_S = 0.1
# A hopper that has not moved its event counter by then has not begun.
START_S = 0.5
# A coin that leaves as the motor stops is counted within this time.
LAST_COIN_S = 0.2
# Before the command's deadline: stop the motor and read the counters, so that nothing is paid unwatched.
STOP_MARGIN_S = 1.0
MAX_COINS = 255
_REMEMBERED_KEYS = 64
_ENABLE = b"\xa5"


class _Why(Struct, frozen=True):
    """What the counters say about a payout's course."""

    begun: bool
    reset: bool
    stopped: bool


class Hopper(HopperWatch):
    """One hopper. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, scheduler: Scheduler, master: Master, emit: Emit, address: int = ADDRESS) -> None:
        super().__init__(scheduler, master, emit, address)
        self._sent_keys: dict[str, PaidOut | None] = {}

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
        if flags & GAVE_UP:
            self._gave_up = ReasonCode.COIN_JAM if self._low is False else ReasonCode.HOPPER_EMPTY
        self._judge_flags(flags)
        self.reporter.show()
        code = ErrorCode.EMPTY if self._gave_up is ReasonCode.HOPPER_EMPTY else ErrorCode.JAM
        return code, f"test flags {flags:#04x}"
