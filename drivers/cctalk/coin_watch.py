"""The coin acceptor's life: polled for ever, each coin told of exactly once, its settings kept.

It rejects coins when it is not polled for a second, so it is polled whether it accepts or not. Every doubt (wrong
answer, reset, more events than the buffer holds) ends in comparing our account with header 225.
"""

from drivers.cctalk.acceptor import Acceptor
from drivers.cctalk.credits import CashEvent, Credits
from drivers.cctalk.event_buffer import Fresh
from drivers.cctalk.master import Master
from drivers.cctalk.memory import FORGETFUL
from drivers.cctalk.polled import Polled
from drivers.contract import (
    CoinPosition,
    CoinRejected,
    Credited,
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    ReasonCode,
    Severity,
)
from drivers.scheduler import Scheduler, Task
from drivers.status_reporter import GONE, Emit, StatusReporter

_LATE_EVENT_S = 0.3

NV_COUNTER = "nv-accept-counter"
# Answers kept until core says from where to count. Nothing is taken until then, so it is the oldest ones that matter.
_KEPT_ANSWERS = 64
_STRING_TRICKS = frozenset(range(16, 21))
_BLOCKED = frozenset({14, 15, 26, 36})


class CoinWatch(Polled[Acceptor]):
    """One coin acceptor, as `run` keeps it. What core asks of it is in coin.py."""

    what = "coin acceptor"

    def __init__(self, scheduler: Scheduler, master: Master, emit: Emit) -> None:
        reporter = StatusReporter(DeviceName.COIN, emit, frozenset({NV_COUNTER}))
        super().__init__(scheduler, master, emit, reporter, Acceptor(master))
        self._credits: Credits | None = None
        self._before_account: list[bytes] = []
        self._told: CoinPosition | None = None
        self._draining = False
        self._missed = 0
        self._inhibited_at = 0.0
        self._compared: tuple[int, int] | None = None
        self._changing = 0
        self._changes = 0

    # --- life ---------------------------------------------------------------------------------------------------

    def _connect(self) -> Task[None]:
        """What happened while nobody could ask; then identity and settings, as far as they can have changed."""
        self._mask = 0
        yield from self._device.is_there()
        known = self.reporter.identity.serial
        if not known:
            yield from self._device.set_accepting(False)
            # Before names are asked for: coins given back meanwhile would push what was taken out of the buffer.
            self._before_account = [(yield from self._device.events())]
        self.reporter.clear(*GONE)
        self.reporter.enter(DeviceState.INITIALISING)
        serial = yield from self._device.serial()
        if serial == known:
            # Read the buffer before anything else: coins given back meanwhile would push credits out of it.
            yield from self._poll()
        mask = yield from self._device.mask()
        if mask == 0 or serial != known:
            yield from self._device.set_accepting(False)
            yield from self._get_to_know(serial)
        self._ready = True
        if self._credits is not None:
            self._credits.values = self._values
            yield from self._account(after_reset=mask == 0)
        yield from self._apply_settings()
        self._checked(self._troubles)
        self._show_phase()

    def _get_to_know(self, serial: str) -> Task[None]:
        """A device that was reset, or was never seen: who it is, whether it is well, which coins it takes."""
        identity = yield from self._device.identity()
        fault = yield from self._device.self_check()
        self._values = yield from self._device.coin_values()
        self._flag(fault != 0, ReasonCode.SELF_CHECK, f"self-check code {fault}")
        if self.reporter.identity.serial not in ("", serial):
            self._other_device()
        if identity.model in FORGETFUL:
            self.reporter.capabilities -= {NV_COUNTER}
        self.reporter.identity = identity

    def _other_device(self) -> None:
        super()._other_device()
        self._credits = self._told = None
        self._before_account = []
        self._compared = None

    def _all_channels(self) -> int:
        """A mask that is never zero: zero is how a reset device is recognised."""
        return sum(1 << (channel - 1) for channel in self._values) or 0xFFFF

    # --- coins --------------------------------------------------------------------------------------------------

    def _look(self) -> Task[None]:
        yield from self._poll()

    def _poll(self) -> Task[int]:
        """Read the credit buffer and report what is new; the event counter."""
        data = yield from self._device.events()
        if self._credits is None:
            if len(self._before_account) < _KEPT_ANSWERS and data not in self._before_account[-1:]:
                self._before_account.append(data)
            return data[0]
        told, fresh = self._credits.take(data, recovered=self._unexpected)
        self._report(told)
        if fresh.reset:
            self._note_reset("event counter is 0")
        self._note_doubt(fresh)
        if self._doubtful:
            yield from self._settle()
        if fresh.reset:
            yield from self._restore_settings()
        return data[0]

    def _note_doubt(self, fresh: Fresh) -> None:
        """Until `_settle` has gone through: noise on the line must not make us forget that coins may be missing."""
        self._missed += fresh.missed
        self._doubtful = self._doubtful or fresh.reset or fresh.missed > 0

    def _account(self, *, after_reset: bool) -> Task[None]:
        """After a gap: new events, then the lifetime counter."""
        yield from self._poll()
        if after_reset and not self.reporter.has(ReasonCode.DEVICE_RESET):
            self._note_reset("channel mask is cleared")
        yield from self._settle()

    def _settle(self) -> Task[None]:
        """Compare our account with the lifetime counter; coins that it alone knows are lost credits.

        A doubt that arises in the comparison itself stands: the next poll compares again.
        """
        account = self._credits
        if account is None:
            return
        accepted, missing, doubt = yield from self._compare(account)
        if missing:
            yield _LATE_EVENT_S
            accepted, missing, doubt = yield from self._compare(account)
        if missing is None:
            self.reporter.capabilities -= {NV_COUNTER}
        if missing != 0:
            self._report(account.settle(accepted, self._missed if missing is None else missing))
        self._missed, self._doubtful = 0, doubt

    def _compare(self, account: Credits) -> Task[tuple[int, int | None, bool]]:
        """The lifetime counter, how many coins it knows beyond the events read after it, and if there is a doubt."""
        accepted = yield from self._device.accepted()
        data = yield from self._device.events()
        told, fresh = account.take(data, recovered=self._unexpected)
        self._note_doubt(fresh)
        self._report(told)
        self._compared = (data[0], accepted)
        return accepted, account.missing(accepted), fresh.reset or fresh.missed > 0

    @property
    def _unexpected(self) -> bool:
        """Whether a coin that falls now was not asked for."""
        return not (self._wanted_mask or self._draining)

    def _report(self, told: list[CashEvent]) -> None:
        """Pass events on. Coins wait for Resume when core is not there; the account remembers them."""
        for event in told:
            if isinstance(event, CoinRejected):
                self._judge_rejection(event.code)
            elif isinstance(event, Credited):
                self.reporter.clear(ReasonCode.COIN_JAM)
            if self._resumed:
                self._emit(event)
                if not isinstance(event, CoinRejected):
                    self._told = event.position
        if self._credits is not None:
            position = self._credits.position
            self.reporter.counters = {"events": position.events, "accepted": position.accepted}
        self.reporter.show()

    def _judge_rejection(self, code: int) -> None:
        if code in _STRING_TRICKS:
            self.reporter.raise_reason(ReasonCode.OPTO_FRAUD, Severity.SECURITY, f"coin event {code}")
        elif code in _BLOCKED:
            self.reporter.raise_reason(ReasonCode.COIN_JAM, Severity.WARN, f"coin event {code}")

    # --- resets and settings ------------------------------------------------------------------------------------

    def _check_settings(self) -> Task[None]:
        if self._changing or not self._check_is_due:
            return
        troubles, changes = self._troubles, self._changes
        mask = yield from self._device.mask()
        accepting = yield from self._device.accepting()
        self._checked(troubles)
        expected = (self._wanted_mask or self._mask or self._all_channels(), bool(self._wanted_mask))
        as_set = self._changes != changes or (mask, accepting) == expected
        if not as_set:
            self._note_reset("settings differ")
        yield from self._settle()
        if not as_set:
            yield from self._restore_settings()

    def _note_reset(self, detail: str) -> None:
        self.reporter.epoch += 1
        self.reporter.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, detail)
        self.reporter.show()

    def _restore_settings(self) -> Task[None]:
        self._mask = 0
        yield from self._must_be_the_same()
        yield from self._apply_settings()

    def _apply_settings(self) -> Task[None]:
        """Make the device accept what is wanted and nothing else; to take nothing it keeps the mask that it has."""
        self._changing += 1
        self._changes += 1
        try:
            if not self._wanted_mask:
                yield from self._device.set_accepting(False)
                self._inhibited_at = self._scheduler.now
            if self._wanted_mask or not self._mask:
                yield from self._set_mask(self._wanted_mask or self._all_channels())
            if self._wanted_mask:
                yield from self._device.set_accepting(True)
        finally:
            self._changing -= 1
            self._changes += 1

    def _set_mask(self, mask: int) -> Task[None]:
        """Set the channel mask and read it back. What it is in between nobody knows."""
        self._mask = 0
        yield from self._device.set_mask(mask)
        if (yield from self._device.mask()) != mask:
            raise DeviceError(ErrorCode.PROTOCOL, "the acceptor did not take the channel mask")
        self._mask = mask
