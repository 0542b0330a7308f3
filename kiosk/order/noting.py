"""NOTE?: core has a held note stacked only if the fee needs it and the machine could pay all of it back.

Core handles one note at a time. It stores the intent before it tells the validator to stack the note, and
takes no coin meanwhile. The note counts once it is in the stacker. The validator proves where the note is, by
an event or by its count of stacked notes. A note that nobody can prove is in doubt.
"""

import msgspec

from drivers.contract import CashReading, NotePosition
from drivers.contract import Outcome as Proof
from kiosk.order.collecting import count, more_in
from kiosk.order.effects import ReadCash, ReturnNote, StackNote, StartCollect
from kiosk.order.events import (
    CashRead,
    CashReady,
    NoteIn,
    NoteOffered,
    NoteOut,
    NotesUnknown,
    StackOver,
    Stop,
    Tick,
)
from kiosk.order.gate import start, taken_now
from kiosk.order.handlers import anywhere, on, table
from kiosk.order.model import NoteIntent
from kiosk.order.saga import Move, Saga, Stage, change, enter, stay
from kiosk.protocol import journal

_MOST_NOTES = 1 << 20


def _offered(saga: Saga, event: NoteOffered, now_ms: int) -> Move:
    """Store the intent, then have the note stacked; or give it back, and the screen says why."""
    order = saga.order
    if event.value not in taken_now(saga).notes:
        refused = msgspec.structs.replace(saga, refused_note=event.value)
        return Move(refused, effects=(ReturnNote(event.position.events),))
    intent = NoteIntent(f"{order.id}-n{order.stackings + 1}", event.value, event.position)
    known = msgspec.structs.replace(saga, refused_note=0)
    stored = change(known, note=intent, stackings=order.stackings + 1)
    record = journal.NoteIntent(order.id, intent.key, intent.value)
    return Move(stored, (record,)).then(
        lambda s: enter(
            s,
            Stage.STACKING,
            StartCollect((), (intent.value,)),
            StackNote(intent.key, intent.held.events),
            deadline_ms=now_ms + s.policy.note_ms,
        )
    )


def _in(saga: Saga, event: NoteIn, now_ms: int) -> Move:
    """Credit the note once. A note that is reported again has been booked already."""
    order = saga.order
    if not _news(order.booked_note, event.position):
        return stay(saga)
    # No note goes in while one is in doubt, so a note without an intent is the one in doubt.
    doubt = order.in_doubt if order.note is not None else max(0, order.in_doubt - event.value)
    credited = change(
        saga, credit=order.credit + event.value, note=None, booked_note=event.position, in_doubt=doubt
    )
    record = journal.NoteCredit(order.id, event.value, credited.order.credit)
    return Move(credited, (record,)).then(lambda s: _resolved(saga, s, now_ms))


def _news(booked: NotePosition | None, told: NotePosition) -> bool:
    if booked is None or booked.stacked is None or told.stacked is None or booked.serial != told.serial:
        return True
    return 0 < (told.stacked - booked.stacked) % told.span < _MOST_NOTES


def _out(saga: Saga, event: NoteOut, now_ms: int) -> Move | None:
    intent = saga.order.note
    if intent is None or event.held != intent.held.events:
        return None
    return _gone_back(saga, now_ms)


def _gone_back(saga: Saga, now_ms: int) -> Move:
    intent = saga.order.note
    key = intent.key if intent is not None else ""
    record = journal.NoteReturned(saga.order.id, key)
    return Move(change(saga, note=None), (record,)).then(lambda s: _resolved(saga, s, now_ms))


def _unknown(saga: Saga, event: NotesUnknown, now_ms: int) -> Move:
    """Notes were counted without a value.

    If one note was being stacked and one was counted, it is that note.
    """
    intent = saga.order.note
    if not _news(saga.order.booked_note, event.position) and event.count:
        return stay(saga)
    if intent is not None and event.count == 1:
        return _in(saga, NoteIn(intent.value, event.position), now_ms)
    if intent is not None:
        return _doubt(saga, now_ms, event.position, more=max(0, event.count - 1))
    # The value of a note in doubt is owed already.
    more = max(0, event.count - (saga.order.in_doubt > 0))
    worth = more * max(saga.policy.notes, default=0)
    known = change(saga, in_doubt=saga.order.in_doubt + worth, booked_note=event.position)
    return Move(known, (journal.NotesUnknown(saga.order.id, event.count, worth),))


def _doubt(saga: Saga, now_ms: int, position: NotePosition | None = None, more: int = 0) -> Move:
    """Nobody can prove where the note is: its value is owed on a record until a person decides."""
    order, intent = saga.order, saga.order.note
    if intent is None:
        return stay(saga)
    worth = intent.value + more * max(saga.policy.notes, default=0)
    unsure = change(
        saga,
        note=None,
        in_doubt=order.in_doubt + worth,
        booked_note=position or order.booked_note,
        reason=order.reason or "note-unknown",
    )
    record = journal.NoteDoubt(order.id, intent.key, worth)
    return Move(unsure, (record,)).then(lambda s: _resolved(saga, s, now_ms))


def _resolved(before: Saga, saga: Saga, now_ms: int) -> Move:
    """The note is in, out, or in doubt: take more money, or count. In other stages only the books change."""
    if saga.stage is Stage.COLLECTING:
        return more_in(before, saga, now_ms)
    if saga.stage not in (Stage.STACKING, Stage.JUDGING):
        return stay(saga)
    if saga.order.reason or not saga.live:
        return count(saga if saga.order.reason else change(saga, reason="left"), now_ms)
    if saga.order.credit >= saga.order.fee:
        return count(saga, now_ms)
    return enter(saga, Stage.COLLECTING, start(saga))


def _stop(saga: Saga, event: Stop, now_ms: int) -> Move:
    """Store the reason only: the order stops once it is known where the note is."""
    return Move(change(saga, reason=saga.order.reason or event.reason))


def _over(saga: Saga, event: StackOver, now_ms: int) -> Move | None:
    intent = saga.order.note
    if intent is None or event.key != intent.key:
        return None
    if event.proof is Proof.NOT_DONE:
        return _gone_back(saga, now_ms)  # no command was sent, or the validator holds it no more
    return judge(saga, now_ms)


def _late(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    return judge(saga, now_ms) if now_ms >= saga.deadline_ms else None


def judge(saga: Saga, now_ms: int) -> Move:
    """Ask the validator where the note is, and ask again until it answers or the deadline passes."""
    return enter(
        saga,
        Stage.JUDGING,
        ReadCash(),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def _judged(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """Decide from a reading of the validator.

    The bus has reported every note before this reading. So a counted note that was not reported is this note.
    """
    reading, intent = event.reading, saga.order.note
    if intent is None or reading is None or reading.note_events is None:
        return _again(saga, now_ms)
    if reading.note_serial != intent.held.serial:
        return _doubt(saga, now_ms)
    stacked = _stacked_since(intent, reading)
    if stacked == 1:
        position = NotePosition(
            reading.note_serial, reading.note_events, reading.stacked, reading.stacked_span
        )
        return _in(saga, NoteIn(intent.value, position), now_ms)
    if stacked:
        return _doubt(saga, now_ms)
    if reading.note_clear:
        return _gone_back(saga, now_ms)
    return _doubt(saga, now_ms) if now_ms >= saga.deadline_ms else _again(saga, now_ms)


def _stacked_since(intent: NoteIntent, reading: CashReading) -> int:
    """How many notes the count has grown by since the intent.

    0 without a count: then the events have reported every note, or that some are unknown.
    """
    if reading.stacked is None or intent.held.stacked is None:
        return 0
    return (reading.stacked - intent.held.stacked) % reading.stacked_span


def _again(saga: Saga, now_ms: int) -> Move:
    """After boot core waits for the first report of the cash bus. From then on it asks."""
    if saga.retry_ms:
        return stay(saga)
    return Move(
        msgspec.structs.replace(
            saga, retry_ms=now_ms + saga.policy.retry_ms, deadline_ms=now_ms + saga.policy.evidence_ms
        )
    )


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move:
    if saga.live and now_ms >= saga.deadline_ms:
        return _doubt(saga, now_ms)
    if saga.retry_ms and now_ms >= saga.retry_ms:
        asked = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
        return Move(asked, effects=(ReadCash(),))
    return stay(saga)


HANDLERS = table(
    on(Stage.COLLECTING, NoteOffered, _offered),
    on(Stage.STACKING, NoteOut, _out),
    on(Stage.STACKING, StackOver, _over),
    on(Stage.STACKING, Stop, _stop),
    on(Stage.STACKING, CashReady, _judged),
    on(Stage.STACKING, Tick, _late),
    on(Stage.JUDGING, NoteOut, _out),
    on(Stage.JUDGING, Stop, _stop),
    on(Stage.JUDGING, CashRead, _judged),
    on(Stage.JUDGING, CashReady, _judged),
    on(Stage.JUDGING, Tick, _ask_again),
    anywhere(NoteIn, _in),
    anywhere(NotesUnknown, _unknown),
)
