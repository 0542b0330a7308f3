"""A bill validator that speaks ICT104: one note at a time, held until core has stored what it is.

It counts nothing and remembers nothing. What this driver did not hear is in doubt: of a note that it was told to take
nobody can say then whether it is in the stacker, and a person looks.
"""

from collections.abc import Sequence

from drivers.acts import Act
from drivers.cash.life import SILENT_S, Life
from drivers.contract import (
    BookNote,
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    Identity,
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
from drivers.ict104.account import Account, Ended
from drivers.ict104.bytes import (
    ACCEPT,
    ENABLE,
    HOLD,
    INHIBIT,
    POLL,
    REJECT,
    Escrow,
    Said,
    Stream,
    Trouble,
    Word,
)
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import SerialLine
from drivers.status_reporter import GONE, Emit, StatusReporter

# All that is known of who answers: another unit of the kind can't be told apart.
SERIAL = "ict104"
LISTEN_S = 0.05
POLL_S = 0.5
# A held note goes back by itself after 5 s; it is asked for more time before that.
HOLD_S = 2.0
CONNECTS_S = 3.0
REJECT_AGAIN_S = 0.3
# A note that core was never told of, and of which nothing is heard for so long, is back, or was noise.
BACK_S = 8.0
# Its motor may keep it from answering while it stacks.
STACKING_S = 6.0


class Validator(Life):
    """Commands are generators run by the bus; `run` is its life."""

    what = "bill validator"

    def __init__(self, scheduler: Scheduler, line: SerialLine, emit: Emit) -> None:
        super().__init__(scheduler, line, StatusReporter(DeviceName.NOTE, emit))
        self._emit = emit
        self._stream = Stream()
        self._account: Account | None = None
        self._pending: tuple[NotePosition | None] | None = None
        self._wanted: tuple[int, ...] = ()
        self._resumed = False
        # Whether a note may be somewhere of which this driver has heard nothing: as it begins, until core collects.
        self._before_us = True
        self._polled_at = self._heard_at = self._asked_for_it_at = self._rejected_at = 0.0
        self._unwanted_at: float | None = None
        # Of this connection: the notes that core knows of, the one that it wants back, how far it was told.
        self._known: set[int] = set()
        self._returning = 0
        self._told: NotePosition | None = None

    # --- life ---------------------------------------------------------------------------------------------------

    def _connect(self) -> Task[None]:
        self._stream = Stream()
        self._line.discard()
        # What was said while the line was away was said to nobody.
        self._tell(self._account.lose() if self._account is not None else [])
        self._say(INHIBIT)
        self._say(POLL)
        asked = self._scheduler.now
        while not self._hear():
            if self._scheduler.now - asked >= SILENT_S:
                raise DeviceError(ErrorCode.TIMEOUT, "no answer", outcome=Outcome.UNKNOWN, retryable=True)
            yield LISTEN_S
        self._heard_at = self._scheduler.now
        self.reporter.clear(*GONE)
        self.reporter.identity = Identity(model="ICT104", serial=SERIAL)
        self._ready = True
        if self._pending is not None:
            self._begin(self._pending[0])
        self._show_phase()

    def _turn(self) -> Task[None]:
        """Listen, ask for a sign of life now and then, keep a held note waiting or send it back."""
        self._need_same_line()
        if self._hear():
            self._heard_at = self._scheduler.now
        stacking = self._account is not None and self._account.stacking is not None
        if self._scheduler.now - self._heard_at >= (STACKING_S if stacking else SILENT_S):
            raise DeviceError(ErrorCode.TIMEOUT, "no answer", outcome=Outcome.UNKNOWN, retryable=True)
        if self._scheduler.now - self._polled_at >= POLL_S:
            self._polled_at = self._scheduler.now
            self._say(POLL)
        self._look_after_the_held()
        yield LISTEN_S

    def _hear(self) -> bool:
        """Take what has arrived; whether anything has."""
        said = self._stream.feed(self._line.read())
        for word in said:
            self._take(word)
        return bool(said)

    def _take(self, word: Said) -> None:
        match word:
            case Escrow(value):
                self._asked_for_it_at = self._scheduler.now
                self._tell(self._account.hold(value) if self._account is not None else [])
            case Word.STACKED:
                self._tell(self._account.stacked() if self._account is not None else [])
            case Word.RETURNED:
                self._tell(self._account.returned() if self._account is not None else [])
            case Word.POWERED_UP:
                self.reporter.epoch += 1
                self.reporter.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "powered up")
                if self._account is not None and self._account.held is not None:
                    # Were it only noise, the answer to a power-up would have the held note stacked.
                    self._say(REJECT)
                self._say(ACCEPT)
                self._tell(self._account.lose() if self._account is not None else [])
                self._say(ENABLE if self._wanted else INHIBIT)
            case Word.ENABLED | Word.INHIBITED:
                if (word is Word.ENABLED) is not bool(self._wanted):
                    self._say(ENABLE if self._wanted else INHIBIT)
                self._well_again()
            case Trouble(reason, code):
                self._suffer(reason, code)

    def _suffer(self, reason: ReasonCode | None, code: int) -> None:
        if reason is None:
            self._no_bill()
            return
        severe = Severity.SECURITY if reason is ReasonCode.OPTO_FRAUD else Severity.ERROR
        self._flag(True, reason, f"code {code:#04x}", severe)
        self.reporter.show()

    def _no_bill(self) -> None:
        """What was put in was no bill. Of a note on its way to the stacker it says nothing: another one followed."""
        account = self._account
        if account is not None:
            self._tell(account.lose() if account.stacking is not None else account.returned())

    def _well_again(self) -> None:
        """It answers a poll, so nothing is stuck in it any more."""
        for reason in (
            ReasonCode.NOTE_JAM,
            ReasonCode.STACKER_OUT,
            ReasonCode.STACKER_FULL,
            ReasonCode.HARDWARE,
        ):
            self.reporter.clear(reason)
        self.reporter.show()

    def _look_after_the_held(self) -> None:
        account = self._account
        if account is None or account.held is None or account.stacking is not None:
            self._unwanted_at = None
            return
        now, number = self._scheduler.now, account.held.position.events
        if self._resumed and account.held.value in self._wanted and number != self._returning:
            self._unwanted_at = None
            if now - self._asked_for_it_at >= HOLD_S:
                self._asked_for_it_at = now
                self._say(HOLD)
            return
        self._unwanted_at = now if self._unwanted_at is None else self._unwanted_at
        if number not in self._known and now - self._unwanted_at >= BACK_S:
            account.forget()
        elif now - self._rejected_at >= REJECT_AGAIN_S:
            self._rejected_at = now
            self._say(REJECT)

    def _tell(self, told: Sequence[NoteHeld | Ended]) -> None:
        for event in told:
            if not self._resumed or self._is_nobodys(event):
                continue
            if isinstance(event, NoteHeld):
                self._known.add(event.position.events)
            elif not isinstance(event, NoteBack):
                self._told = event.position
            self._emit(event)
        if self._account is not None:
            self.reporter.counters = {"events": self._account.position.events}

    def _is_nobodys(self, event: NoteHeld | Ended) -> bool:
        """A note that nobody wants is none of core's, and goes back without a word."""
        if isinstance(event, NoteHeld):
            return event.value not in self._wanted
        return isinstance(event, NoteBack) and event.held not in self._known

    def _say(self, word: bytes) -> None:
        self._line.write(word)

    def _show_phase(self) -> None:
        self.reporter.enter(DeviceState.BUSY if self._wanted else DeviceState.READY)

    # --- what core asks -----------------------------------------------------------------------------------------

    def resume(self, position: NotePosition | None) -> Task[None]:
        """Acceptance off; report what is past core's position. A silent validator does so as soon as it is there."""
        self._resumed, self._wanted, self._pending = False, (), (position,)
        if self._ready:
            self._say(INHIBIT)
            self._begin(position)
            return
        until = self._scheduler.now + CONNECTS_S
        while self._pending is not None and self._scheduler.now < until:
            yield LISTEN_S

    def _begin(self, position: NotePosition | None) -> None:
        self._pending = None
        if position is not None and position.serial != SERIAL:
            self._flag(True, ReasonCode.OTHER_DEVICE, "not the validator that was booked")
            self._account = None
            self.reporter.show()
            return
        self.reporter.clear(ReasonCode.OTHER_DEVICE, ReasonCode.DEVICE_RESET, ReasonCode.OPTO_FRAUD)
        if position is not None and self._told is not None and self._told.events > position.events:
            position = self._told  # it is on its way to core, which books it behind this
        replay = self._account.past(position) if self._account is not None and position is not None else []
        if self._account is None or position is None:
            self._account = Account(position or NotePosition(SERIAL, 0, None))
        self._resumed = True
        self._tell(replay)
        self._show_phase()

    def collect(self, notes: tuple[int, ...]) -> Task[None]:
        """Take these notes and no others. It can't refuse one by its value: such a note is held, and sent back."""
        self._wanted = notes if self._resumed else ()
        self._before_us = self._before_us and not self._wanted
        if self._ready:
            self._say(ENABLE if self._wanted else INHIBIT)
            self._show_phase()
        yield 0.0

    def stop(self) -> Task[None]:
        """Inhibit; a held note goes back."""
        yield from self.collect(())
        self._look_after_the_held()

    def core_gone(self) -> Task[None]:
        """Core's connection is lost: no note may be taken any more; `run` sends a held one back."""
        self._resumed, self._pending, self._told = False, None, None
        self._known.clear()
        try:
            yield from self.collect(())
        except DeviceError:
            return  # the line is gone; `run` begins with acceptance off

    def stack(self, command: StackNote, act: Act) -> Task[None]:
        """Tell it to take the held note, once, and follow it to its end."""
        account = self._needed_account()
        held = account.held
        if held is None or held.position.events != command.held:
            raise DeviceError(ErrorCode.REMOVED, "this note is held no longer")
        if not self._wanted:
            raise DeviceError(ErrorCode.REFUSED, "notes are inhibited")
        act.begun, account.stacking = True, held
        self._say(ACCEPT)
        while account.stacking is held:
            yield LISTEN_S
        if isinstance(account.ended, NoteBack):
            raise DeviceError(ErrorCode.REFUSED, "the note went back")
        if not isinstance(account.ended, NoteStacked):
            raise DeviceError(
                ErrorCode.RESET, "nobody can tell whether it was stacked", outcome=Outcome.UNKNOWN
            )

    def give_back(self, command: ReturnNote, act: Act) -> Task[None]:
        """Send the held note back to whoever put it in."""
        account = self._needed_account()
        if account.held is not None and account.held.position.events == command.held:
            act.begun, self._returning = True, command.held
            self._say(REJECT)
        yield 0.0

    def book(self, command: BookNote) -> None:
        """Core has the notes up to this position on disk."""
        if self._account is not None:
            self._account.book(command.position)

    def reading(self) -> Task[tuple[NotePosition, bool]]:
        """Where it stands. Nothing is clear before core has collected: a note of an earlier life may be anywhere."""
        if self.reporter.has(ReasonCode.OTHER_DEVICE):
            self._need_ready()
            return NotePosition(SERIAL, 0, None), False
        account = self._needed_account()
        yield 0.0
        clear = account.held is None and account.stacking is None and not self._before_us
        return account.position, clear and not self.reporter.has(ReasonCode.NOTE_JAM)

    def _needed_account(self) -> Account:
        self._need_ready()
        if self._account is None:
            raise DeviceError(ErrorCode.NOT_PRESENT, self.what, outcome=Outcome.UNKNOWN, retryable=True)
        return self._account
