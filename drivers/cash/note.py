"""The bill validator's driver: polls for ever, tells of each note exactly once, holds one only while core collects.

A note is held in escrow until core decides; what core does not want, or nobody waits for, goes back at once. It counts
when the validator says that it is stacked (159), never on the answer to the order to stack it (154). Doubt (a reset,
more events than the buffer holds) is settled by the validator's own count (225), where it has one.
"""

from drivers.acts import Act
from drivers.cash.master import Master
from drivers.cash.note_account import NoteAccount, NoteEvent, Told
from drivers.cash.validator import ADDRESS, RETURN, STACK, Validator
from drivers.contract import (
    BookNote,
    DeviceError,
    DeviceState,
    ErrorCode,
    NoteBack,
    NoteHeld,
    NotePosition,
    NoteStacked,
    Outcome,
    ReasonCode,
    ReturnNote,
    Severity,
    StackNote,
)
from drivers.face import Emit, Face
from drivers.serial_line import LineLost
from drivers.turns import DeadlinePassed, Turns, Work

POLL_TAKING_S = 0.1
POLL_IDLE_S = 0.2
CHECK_SETTINGS_S = 5.0
SILENT_S = 1.5
# A note that the count knows and no event has told of yet may still be moving.
LATE_EVENT_S = 0.5
# An order to stack that seems not to have been heard is given again after so long, so many times in all.
HEARD_S = 1.0
ORDERS = 3
# Names, notes and settings of a validator take so long to ask for.
CONNECTS_S = 3.0
_RECONNECT_S = 0.2
STACK_COUNT = "nv-stack-counter"

_ALL = 0xFFFF
_JAMS = frozenset({6, 7, 15, 16})
_FRAUDS = frozenset({9, 17, 18})
_STACKER_OK, _REMOVED, _INSERTED, _FAULTY, _FULL = 10, 11, 12, 13, 14


class Note:
    """One bill validator. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, turns: Turns, master: Master, emit: Emit) -> None:
        self.face = Face("note", emit)
        self._turns = turns
        self._master = master
        self._device = Validator(master)
        self._emit = emit
        self._values: dict[int, int] = {}
        self._account: NoteAccount | None = None
        self._ready = False
        self._opened = 0
        self._resumed = False
        self._wanted_mask = 0
        self._mask = 0
        self._doubtful = False
        self._was_reset = self._overrun = False
        self._settling = False
        self._pending: tuple[NotePosition | None] | None = None
        self._stacking_key = ""
        self._checked_at = 0.0
        self._checked_troubles = 0

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Work[None]:
        """Connect, poll, and start over whenever the device is lost; never ends."""
        while True:
            try:
                yield from self._connect()
                while True:
                    yield from self._poll_through_noise()
                    yield from self._check_settings()
                    yield POLL_TAKING_S if self._wanted_mask else POLL_IDLE_S
            except DeviceError as error:
                self._ready = False
                lost = isinstance(error, LineLost)
                self.face.gone(ReasonCode.UNPLUGGED if lost else ReasonCode.SILENT, error.detail)
                yield _RECONNECT_S

    def _poll_through_noise(self) -> Work[None]:
        since = self._turns.now
        if self._opened != self._master.line.opened:
            raise LineLost("plugged in again")
        while True:
            try:
                yield from self._poll()
                yield from self._give_back_unwanted()
                return
            except DeviceError as error:
                if isinstance(error, LineLost) or self._turns.now - since >= SILENT_S:
                    raise

    def _connect(self) -> Work[None]:
        self._opened = self._master.line.opened
        yield from self._device.is_there()
        yield from self._device.set_accepting(False)
        self.face.clear(ReasonCode.UNPLUGGED, ReasonCode.SILENT)
        self.face.enter(DeviceState.INITIALISING)
        identity = yield from self._device.identity()
        known = self.face.identity.serial
        self.face.identity = identity
        if known not in ("", identity.serial):
            self._other_device()
        fault = yield from self._device.self_check()
        self._flag(fault != 0, ReasonCode.SELF_CHECK, f"self-check code {fault}")
        self._values = yield from self._device.note_values()
        yield from self._device.hold_notes()
        reset = (yield from self._device.type_mask()) == 0
        if (yield from self._device.stacked()) is not None:
            self.face.capabilities |= {STACK_COUNT}
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
        """Another validator sits on the address: its counters say nothing about our notes."""
        self._flag(True, ReasonCode.OTHER_DEVICE, "another serial number")
        self.face.epoch += 1
        self._account = None
        self._resumed = False
        self._wanted_mask = 0

    def _flag(self, stands: bool, code: ReasonCode, detail: str = "") -> None:
        if stands:
            self.face.raise_reason(code, Severity.ERROR, detail)
        else:
            self.face.clear(code)

    def _show_phase(self) -> None:
        self.face.enter(DeviceState.BUSY if self._wanted_mask else DeviceState.READY)

    # --- notes --------------------------------------------------------------------------------------------------

    def _poll(self) -> Work[None]:
        """Read the event buffer and report what is new."""
        data = yield from self._device.events()
        account = self._account
        if account is None:
            return
        told, fresh = account.take(data, recovered=not self._wanted_mask)
        self._report(told)
        if fresh.reset:
            self._was_reset = True
            self.face.epoch += 1
            self.face.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "event counter is 0")
        self._overrun = self._overrun or fresh.missed > 0
        self._doubtful = self._doubtful or fresh.reset or self._overrun
        if self._doubtful:
            yield from self._settle(account)
        if fresh.reset:
            yield from self._after_reset()

    def _settle(self, account: NoteAccount) -> Work[None]:
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
            self._report(account.settle(stacked, reset=self._was_reset, overrun=self._overrun))
            self._doubtful = self._was_reset = self._overrun = False
        finally:
            self._settling = False

    def _after_reset(self) -> Work[None]:
        if (yield from self._device.serial()) != self.face.identity.serial:
            raise DeviceError(ErrorCode.IDENTITY, "another device after a reset", outcome=Outcome.UNKNOWN)
        yield from self._device.hold_notes()
        yield from self._apply_settings()

    def _report(self, told: list[NoteEvent]) -> None:
        for event in told:
            if isinstance(event, Told):
                self._judge(event.code)
            elif self._resumed and not (isinstance(event, NoteHeld) and not self._wanted(event)):
                self._emit(event)
        if self._account is not None:
            self.face.counters = {"events": self._account.position.events}
            if self._account.position.stacked is not None:
                self.face.counters["stacked"] = self._account.position.stacked
        self.face.show()

    def _judge(self, code: int) -> None:
        if code in _JAMS:
            self._flag(True, ReasonCode.NOTE_JAM, f"note event {code}")
        elif code in _FRAUDS:
            self.face.raise_reason(ReasonCode.OPTO_FRAUD, Severity.SECURITY, f"note event {code}")
        elif code == _FULL:
            self._flag(True, ReasonCode.STACKER_FULL)
        elif code == _REMOVED:
            self._flag(True, ReasonCode.STACKER_OUT)
        elif code == _FAULTY:
            self._flag(True, ReasonCode.HARDWARE, "the stacker is faulty")
        elif code in (_STACKER_OK, _INSERTED):
            self.face.clear(ReasonCode.STACKER_OUT, ReasonCode.STACKER_FULL, ReasonCode.NOTE_JAM)

    def _wanted(self, held: NoteHeld) -> bool:
        mask = sum(1 << (kind - 1) for kind, value in self._values.items() if value == held.value)
        return bool(held.value and mask & self._wanted_mask)

    def _give_back_unwanted(self) -> Work[None]:
        """Nobody waits for the note that is held: an unknown one, one of another moment, one of a core that is gone."""
        account = self._account
        if account is None or account.held is None or account.stacking is not None:
            return
        if not self._resumed or not self._wanted(account.held):
            yield from self._route(RETURN)

    def _route(self, where: int) -> Work[None]:
        """The order, once; what became of it is for the events to tell."""
        try:
            yield from self._device.route(where)
        except DeadlinePassed:
            raise
        except DeviceError as error:
            if isinstance(error, LineLost):
                raise

    # --- settings -----------------------------------------------------------------------------------------------

    def _check_settings(self) -> Work[None]:
        """After trouble, and every 5 s: a reset that later events have masked shows in the mask, which it clears."""
        troubles = self._master.troubles[ADDRESS]
        due = self._turns.now - self._checked_at >= CHECK_SETTINGS_S
        if self._stacking_key or not (due or troubles != self._checked_troubles):
            return
        wanted = self._mask
        mask = yield from self._device.type_mask()
        if self._mask not in (self._wanted_mask, _ALL):
            yield from self._apply_settings()  # an order to do so went wrong
        elif mask == 0 and self._mask == wanted:
            self._doubtful = self._was_reset = True
            yield from self._poll()
            yield from self._after_reset()
        self._checked_at, self._checked_troubles = self._turns.now, troubles
        fault = yield from self._device.self_check()
        self._flag(fault != 0, ReasonCode.SELF_CHECK, f"self-check code {fault}")
        if not fault:
            self.face.clear(ReasonCode.NOTE_JAM)
        self.face.show()

    def _apply_settings(self) -> Work[None]:
        """Take what is wanted and nothing else. A mask that is never zero: zero is how a reset device is recognised."""
        if not self._wanted_mask:
            yield from self._device.set_accepting(False)
        mask, self._mask = self._wanted_mask or _ALL, 0
        yield from self._device.set_type_mask(mask)
        if self._wanted_mask:
            yield from self._device.set_accepting(True)
        self._mask = mask
        self._checked_at, self._checked_troubles = self._turns.now, self._master.troubles[ADDRESS]

    # --- commands -----------------------------------------------------------------------------------------------

    def core_gone(self) -> Work[None]:
        """Core's connection is lost: no note may be taken any more; `run` gives a held one back."""
        self._resumed, self._pending = False, None
        yield from self._inhibit()

    def _inhibit(self) -> Work[None]:
        as_it_is, self._wanted_mask = self._mask == _ALL, 0
        if self._ready and not as_it_is:
            try:
                yield from self._apply_settings()
            except DeadlinePassed:
                raise
            except DeviceError:
                return  # `run` meets the same trouble and begins with acceptance off
            self._show_phase()

    def resume(self, position: NotePosition | None) -> Work[None]:
        """Acceptance off; report what is past core's position. A silent validator does so as soon as it is there."""
        self._resumed, self._pending = False, (position,)
        yield from self._inhibit()
        if self._ready:
            yield from self._begin(position)
            return
        until = self._turns.now + CONNECTS_S
        while self._pending is not None and self._turns.now < until:
            yield POLL_TAKING_S

    def _begin(self, position: NotePosition | None) -> Work[None]:
        """Report what is past `position`; from now on tell of notes as they come."""
        if position is not None and position.serial != self.face.identity.serial:
            self._flag(True, ReasonCode.OTHER_DEVICE, "not the validator that was booked")
            self._pending = None
            self.face.show()
            return
        replay = self._account.past(position) if self._account is not None and position is not None else []
        if self._account is None or position is None:
            start = position or (yield from self._present_position())
            self._account = NoteAccount(start, self._values)
        self.face.clear(ReasonCode.OTHER_DEVICE, ReasonCode.DEVICE_RESET, ReasonCode.OPTO_FRAUD)
        self._resumed, self._pending = True, None
        self._report(replay)
        self._doubtful = True
        yield from self._poll()
        yield from self._give_back_unwanted()
        self._show_phase()

    def _present_position(self) -> Work[NotePosition]:
        data = yield from self._device.events()
        stacked = yield from self._device.stacked()
        return NotePosition(self.face.identity.serial, data[0], stacked)

    def collect(self, notes: tuple[int, ...]) -> Work[None]:
        """Take these notes and no others. Without a validator that works coins go on alone."""
        mask = sum(1 << (kind - 1) for kind, value in self._values.items() if value in notes)
        if not mask or not (self._ready and self._resumed):
            yield from self._inhibit()
            return
        self._wanted_mask = mask
        try:
            yield from self._apply_settings()
        except DeviceError:
            self._wanted_mask = 0
            raise
        self._show_phase()

    def stop(self) -> Work[None]:
        """Inhibit, and send a held note back. One that is still being drawn in goes back when it gets there."""
        yield from self._inhibit()
        if self._ready and not self._stacking_key:
            yield from self._poll()
            yield from self._give_back_unwanted()

    def stack(self, command: StackNote, act: Act) -> Work[None]:
        """Send the held note into the stacker and follow it to its end."""
        self._need_ready()
        yield from self._poll()
        account = self._account
        held = account.held if account is not None else None
        if account is None or held is None or held.position.events != command.held:
            raise DeviceError(ErrorCode.REMOVED, "this note is held no longer")
        if not self._wanted_mask:
            raise DeviceError(ErrorCode.REFUSED, "notes are inhibited")
        act.begun, account.stacking, self._stacking_key = True, held, command.key
        try:
            yield from self._order_and_follow(account, held)
        finally:
            self._stacking_key = ""

    def _order_and_follow(self, account: NoteAccount, held: NoteHeld) -> Work[None]:
        orders, ordered_at = 0, float("-inf")
        while account.stacking is held:
            if orders < ORDERS and self._turns.now - ordered_at >= HEARD_S:
                orders, ordered_at = orders + 1, self._turns.now
                if not account.missing((yield from self._stacked_now())):
                    yield from self._route(STACK)
            yield POLL_TAKING_S
            yield from self._poll_in_peace()
        if isinstance(account.ended, NoteBack):
            raise DeviceError(ErrorCode.REFUSED, "the note went back")
        if not isinstance(account.ended, NoteStacked):
            raise DeviceError(
                ErrorCode.RESET, "nobody can tell whether it was stacked", outcome=Outcome.UNKNOWN
            )

    def _stacked_now(self) -> Work[int | None]:
        try:
            return (yield from self._device.stacked())
        except DeadlinePassed:
            raise
        except DeviceError:
            return None

    def _poll_in_peace(self) -> Work[None]:
        """Silence is no answer: what became of the note is asked until the deadline."""
        try:
            yield from self._poll()
        except DeadlinePassed:
            raise
        except DeviceError:
            return

    def give_back(self, command: ReturnNote, act: Act) -> Work[None]:
        """Send the held note back to whoever put it in."""
        self._need_ready()
        account = self._account
        if account is None or account.held is None or account.held.position.events != command.held:
            return
        act.begun = True
        yield from self._route(RETURN)

    def book(self, command: BookNote) -> None:
        """Core has the notes up to this position on disk."""
        if self._account is not None:
            self._account.book(command.position)

    def reading(self) -> Work[tuple[NotePosition, bool]]:
        """Position and whether no note is held, moving or stuck. Every note behind it has been reported.

        Of another validator than the booked one nothing was: it is asked where it stands.
        """
        self._need_ready()
        account = self._account
        if account is None and self.face.has(ReasonCode.OTHER_DEVICE):
            return (yield from self._reading_of_another())
        if account is None:
            raise DeviceError(
                ErrorCode.NOT_PRESENT, "bill validator", outcome=Outcome.UNKNOWN, retryable=True
            )
        yield from self._poll()
        while self._settling:  # the count knows of a note, perhaps, that is told only when that look is over
            yield POLL_TAKING_S
        if not self._stacking_key:
            yield from self._settle(account)
        fault = yield from self._device.self_check()
        if account is not self._account:
            raise DeviceError(ErrorCode.IDENTITY, "another validator", outcome=Outcome.UNKNOWN)
        clear = not fault and account.held is None and account.stacking is None
        return account.position, clear and not self.face.has(ReasonCode.NOTE_JAM)

    def _reading_of_another(self) -> Work[tuple[NotePosition, bool]]:
        """Where a validator stands that is not the booked one, so that core can begin there."""
        position = yield from self._present_position()
        fault = yield from self._device.self_check()
        return position, not fault

    def _need_ready(self) -> None:
        if not self._ready:
            raise DeviceError(
                ErrorCode.NOT_PRESENT, "bill validator", outcome=Outcome.UNKNOWN, retryable=True
            )
