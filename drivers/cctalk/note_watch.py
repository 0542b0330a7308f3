"""The bill validator's life: notes are told of exactly once, and one that nobody waits for goes back at once.

Doubt (a reset, more events than the buffer holds) is settled by the validator's own count (225), where it has one.
"""

from drivers.cctalk.event_buffer import SPAN
from drivers.cctalk.master import Master
from drivers.cctalk.note_account import NoteAccount, NoteEvent, Told
from drivers.cctalk.note_trouble import judge
from drivers.cctalk.polled import Polled
from drivers.cctalk.validator import RETURN, Validator
from drivers.contract import (
    DeviceError,
    DeviceName,
    DeviceState,
    NoteHeld,
    NotePosition,
    ReasonCode,
    Severity,
)
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.serial_line import LineLost
from drivers.status_reporter import GONE, Emit, StatusReporter

# A note that the count knows and no event has told of yet may still be moving.
LATE_EVENT_S = 0.5
STACK_COUNT = "nv-stack-counter"

_ALL = 0xFFFF


class NoteWatch(Polled[Validator]):
    """One bill validator, as `run` keeps it. What core asks of it is in note.py."""

    what = "bill validator"

    def __init__(self, scheduler: Scheduler, master: Master, emit: Emit) -> None:
        super().__init__(scheduler, master, emit, StatusReporter(DeviceName.NOTE, emit), Validator(master))
        self._account: NoteAccount | None = None
        # Which wish was carried out last; None: not to its end.
        self._as_set: int | None = None
        self._was_reset = self._overrun = False
        self._settling = False
        self._pending: tuple[NotePosition | None] | None = None
        self._stacking_key = ""

    # --- life ---------------------------------------------------------------------------------------------------

    def _connect(self) -> Task[None]:
        self._mask, self._as_set = 0, None
        yield from self._device.is_there()
        yield from self._device.set_accepting(False)
        self.reporter.clear(*GONE)
        self.reporter.enter(DeviceState.INITIALISING)
        identity = yield from self._device.identity()
        known = self.reporter.identity.serial
        self.reporter.identity = identity
        if known not in ("", identity.serial):
            self._other_device()
        fault = yield from self._device.self_check()
        self._flag(fault != 0, ReasonCode.SELF_CHECK, f"self-check code {fault}")
        self._values = yield from self._device.note_values()
        yield from self._device.hold_notes()
        reset = (yield from self._device.mask()) == 0
        if (yield from self._device.stacked()) is not None:
            self.reporter.capabilities |= {STACK_COUNT}
        self._ready = True
        if self._account is not None:
            self._account.values = self._values
            self._doubtful, self._was_reset = True, reset
            yield from self._poll()
        yield from self._apply_settings()
        if self._pending is not None:
            yield from self._begin(self._pending[0])
        self._show_phase()

    def _other_device(self) -> None:
        super()._other_device()
        self._account = None

    def _look(self) -> Task[None]:
        yield from self._poll()
        yield from self._give_back_unwanted()

    def _begin(self, position: NotePosition | None) -> Task[None]:
        """Report what is past `position`; from now on tell of notes as they come."""
        if position is not None and position.serial != self.reporter.identity.serial:
            self._flag(True, ReasonCode.OTHER_DEVICE, "not the validator that was booked")
            self._pending = None
            self.reporter.show()
            return
        replay = self._account.past(position) if self._account is not None and position is not None else []
        if self._account is None or position is None:
            start = position or (yield from self._present_position())
            self._account = NoteAccount(start, self._values)
        self.reporter.clear(ReasonCode.OTHER_DEVICE, ReasonCode.DEVICE_RESET, ReasonCode.OPTO_FRAUD)
        self._resumed, self._pending = True, None
        self._report(replay)
        self._doubtful = True
        yield from self._poll()
        yield from self._give_back_unwanted()
        self._show_phase()

    def _present_position(self) -> Task[NotePosition]:
        data = yield from self._device.events()
        stacked = yield from self._device.stacked()
        return NotePosition(self.reporter.identity.serial, data[0], stacked, SPAN)

    # --- notes --------------------------------------------------------------------------------------------------

    def _poll(self) -> Task[None]:
        """Read the event buffer and report what is new."""
        data = yield from self._device.events()
        account = self._account
        if account is None:
            return
        told, fresh = account.take(data, recovered=not self._wanted_mask)
        self._report(told)
        if fresh.reset:
            self._was_reset, self._mask, self._as_set = True, 0, None
            self.reporter.epoch += 1
            self.reporter.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "event counter is 0")
        self._overrun = self._overrun or fresh.missed > 0
        self._doubtful = self._doubtful or fresh.reset or self._overrun
        if self._doubtful:
            yield from self._settle(account)
        if fresh.reset:
            yield from self._after_reset()

    def _settle(self, account: NoteAccount) -> Task[None]:
        """Compare our account with the validator's count; notes that it alone knows are told as stacked or lost."""
        if self._settling:
            return
        self._settling = True
        try:
            stacked = yield from self._device.stacked()
            if account.missing(stacked):
                yield LATE_EVENT_S
                told, fresh = account.take((yield from self._device.events()))
                self._report(told)
                self._was_reset, self._overrun = (
                    self._was_reset or fresh.reset,
                    self._overrun or fresh.missed > 0,
                )
                stacked = yield from self._device.stacked()
            lost = self._was_reset and not (yield from self._sticks(account))
            self._report(account.settle(stacked, reset=lost, overrun=self._overrun))
            self._doubtful = self._was_reset = self._overrun = False
        finally:
            self._settling = False

    def _sticks(self, account: NoteAccount) -> Task[bool]:
        """A note that was on its way and is not counted is not back either as long as the path is not clear."""
        return account.stacking is not None and (yield from self._device.self_check()) != 0

    def _after_reset(self) -> Task[None]:
        yield from self._must_be_the_same()
        yield from self._device.hold_notes()
        yield from self._apply_settings()

    def _report(self, told: list[NoteEvent]) -> None:
        for event in told:
            if isinstance(event, Told):
                judge(self.reporter, event.code)
            elif self._resumed and not (isinstance(event, NoteHeld) and not self._wanted(event)):
                self._emit(event)
        if self._account is not None:
            self.reporter.counters = {"events": self._account.position.events}
            if self._account.position.stacked is not None:
                self.reporter.counters["stacked"] = self._account.position.stacked
        self.reporter.show()

    def _wanted(self, held: NoteHeld) -> bool:
        return bool(held.value and self._mask_of((held.value,)) & self._wanted_mask)

    def _give_back_unwanted(self) -> Task[None]:
        """Nobody waits for the note that is held: an unknown one, one of another moment, one of a core that is gone."""
        account = self._account
        if account is None or account.held is None or account.stacking is not None:
            return
        if not self._resumed or not self._wanted(account.held):
            yield from self._route(RETURN)

    def _route(self, where: int) -> Task[None]:
        """The order, once; what became of it is for the events to tell."""
        try:
            yield from self._device.route(where)
        except DeadlinePassed:
            raise
        except DeviceError as error:
            if isinstance(error, LineLost):
                raise

    # --- settings -----------------------------------------------------------------------------------------------

    def _check_settings(self) -> Task[None]:
        troubles = self._troubles
        if self._stacking_key or not self._check_is_due:
            return
        known = self._mask
        mask = yield from self._device.mask()
        if mask == 0 and self._mask == known:
            self._doubtful = self._was_reset = True
            self._mask, self._as_set = 0, None
            yield from self._poll()
            yield from self._after_reset()
        elif self._as_set != self._wanted_mask:
            yield from self._apply_settings()  # an order to do so went wrong
        self._checked(troubles)
        fault = yield from self._device.self_check()
        self._flag(fault != 0, ReasonCode.SELF_CHECK, f"self-check code {fault}")
        if not fault:
            self.reporter.clear(ReasonCode.NOTE_JAM)
        self.reporter.show()

    def _apply_settings(self) -> Task[None]:
        """Take what is wanted and nothing else; to take nothing the validator keeps the mask that it has.

        The mask is never zero: zero is how a reset device is recognised.
        """
        self._as_set = None
        if not self._wanted_mask:
            yield from self._device.set_accepting(False)
        wanted = self._wanted_mask
        if wanted or not self._mask:
            self._mask = 0
            yield from self._device.set_mask(wanted or _ALL)
            self._mask = wanted or _ALL
        if self._wanted_mask:
            yield from self._device.set_accepting(True)
        self._as_set = wanted
        self._checked(self._troubles)

    def _inhibit(self) -> Task[None]:
        as_it_is, self._wanted_mask = self._as_set == 0, 0
        if self._ready and not as_it_is:
            try:
                yield from self._apply_settings()
            except DeadlinePassed:
                raise
            except DeviceError:
                return  # `run` meets the same trouble and begins with acceptance off
            self._show_phase()
