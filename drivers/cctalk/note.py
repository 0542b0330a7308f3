"""The bill validator's driver: takes notes only while core collects, holds each one until core decides about it.

A note is held in escrow until core decides; what core does not want, or nobody waits for, goes back at once. It counts
when the validator says that it is stacked (159), never on the answer to the order to stack it (154).
"""

from drivers.acts import Act
from drivers.cctalk.note_account import NoteAccount
from drivers.cctalk.note_watch import NoteWatch
from drivers.cctalk.polled import POLL_TAKING_S
from drivers.cctalk.validator import RETURN, STACK
from drivers.contract import (
    BookNote,
    DeviceError,
    ErrorCode,
    NoteBack,
    NoteHeld,
    NotePosition,
    NoteStacked,
    Outcome,
    ReasonCode,
    ReturnNote,
    StackNote,
)
from drivers.scheduler import DeadlinePassed, Task

# An order to stack that seems not to have been heard is given again after so long, so many times in all.
HEARD_S = 1.0
ORDERS = 3
# Names, notes and settings of a validator take so long to ask for.
CONNECTS_S = 3.0


class Note(NoteWatch):
    """One bill validator. Commands are generators run by the bus; `run` is its life."""

    def core_gone(self) -> Task[None]:
        """Core's connection is lost: no note may be taken any more; `run` gives a held one back."""
        self._resumed, self._pending = False, None
        yield from self._inhibit()

    def resume(self, position: NotePosition | None) -> Task[None]:
        """Acceptance off; report what is past core's position. A silent validator does so as soon as it is there."""
        self._resumed, self._pending = False, (position,)
        yield from self._inhibit()
        if self._ready:
            yield from self._begin(position)
            return
        until = self._scheduler.now + CONNECTS_S
        while self._pending is not None and self._scheduler.now < until:
            yield POLL_TAKING_S

    def collect(self, notes: tuple[int, ...]) -> Task[None]:
        """Take these notes and no others. Without a validator that works coins go on alone."""
        mask = self._mask_of(notes)
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

    def stop(self) -> Task[None]:
        """Inhibit, and send a held note back. One that is still being drawn in goes back when it gets there."""
        yield from self._inhibit()
        if self._ready and not self._stacking_key:
            yield from self._poll()
            yield from self._give_back_unwanted()

    def stack(self, command: StackNote, act: Act) -> Task[None]:
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

    def _order_and_follow(self, account: NoteAccount, held: NoteHeld) -> Task[None]:
        orders, ordered_at = 0, float("-inf")
        while account.stacking is held:
            if orders < ORDERS and self._scheduler.now - ordered_at >= HEARD_S:
                orders, ordered_at = orders + 1, self._scheduler.now
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

    def _stacked_now(self) -> Task[int | None]:
        try:
            return (yield from self._device.stacked())
        except DeadlinePassed:
            raise
        except DeviceError:
            return None

    def _poll_in_peace(self) -> Task[None]:
        """Silence is no answer: what became of the note is asked until the deadline."""
        try:
            yield from self._poll()
        except DeadlinePassed:
            raise
        except DeviceError:
            return

    def give_back(self, command: ReturnNote, act: Act) -> Task[None]:
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

    def reading(self) -> Task[tuple[NotePosition, bool]]:
        """Position and whether no note is held, moving or stuck. Every note behind it has been reported.

        Of another validator than the booked one nothing was: it is asked where it stands.
        """
        self._need_ready()
        account = self._account
        if account is None and self.reporter.has(ReasonCode.OTHER_DEVICE):
            return (yield from self._reading_of_another())
        if account is None:
            raise DeviceError(
                ErrorCode.NOT_PRESENT, "bill validator", outcome=Outcome.UNKNOWN, retryable=True
            )
        yield from self._poll()
        while self._settling:
            # `run` is comparing already; what it finds has to be told before this reading.
            yield POLL_TAKING_S
        if not self._stacking_key:
            yield from self._settle(account)
        fault = yield from self._device.self_check()
        if account is not self._account:
            raise DeviceError(ErrorCode.IDENTITY, "another validator", outcome=Outcome.UNKNOWN)
        clear = not fault and account.held is None and account.stacking is None
        return account.position, clear and not self.reporter.has(ReasonCode.NOTE_JAM)

    def _reading_of_another(self) -> Task[tuple[NotePosition, bool]]:
        """Where a validator stands that is not the booked one, so that core can begin there."""
        position = yield from self._present_position()
        fault = yield from self._device.self_check()
        return position, not fault
