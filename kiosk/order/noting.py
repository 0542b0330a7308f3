"""NOTE?: a note that is held is stacked only if it is needed and all of it could go back; it counts once it is in.

One note at a time. Its intent is stored before the validator is told to stack it; no coin is taken meanwhile. What
became of it is the validator's to prove: an event, or its count of stacked notes. What nobody can prove is in doubt.
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
    """Stored, then stacked; or back to the citizen, who is told why."""
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
    """Credited once: a note that is told again has been booked already."""
    order = saga.order
    if not _news(order.booked_note, event.position):
        return stay(saga)
    # None goes in while one is in doubt: what is told of without an intent is the one that was given up.
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
    """A count without a value: it is that of the note that was being stacked, if there was one."""
    intent = saga.order.note
    if not _news(saga.order.booked_note, event.position) and event.count:
        return stay(saga)
    if intent is not None and event.count == 1:
        return _in(saga, NoteIn(intent.value, event.position), now_ms)
    if intent is not None:
        return _doubt(saga, now_ms, event.position, more=max(0, event.count - 1))
    # What a note in doubt is worth is owed already.
    more = max(0, event.count - (saga.order.in_doubt > 0))
    worth = more * max(saga.policy.notes, default=0)
    known = change(saga, in_doubt=saga.order.in_doubt + worth, booked_note=event.position)
    return Move(known, (journal.NotesUnknown(saga.order.id, event.count, worth),))


def _doubt(saga: Saga, now_ms: int, position: NotePosition | None = None, more: int = 0) -> Move:
    """Nobody can prove where it is: what it is worth is owed on a record until a person has looked."""
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
    """The note is in, out, or in doubt: go on taking money, or count it. In any other stage it changes nothing else."""
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
    """Not before it is known where the note is."""
    return Move(change(saga, reason=saga.order.reason or event.reason))


def _over(saga: Saga, event: StackOver, now_ms: int) -> Move | None:
    intent = saga.order.note
    if intent is None or event.key != intent.key:
        return None
    if event.proof is Proof.NOT_DONE:
        return _gone_back(saga, now_ms)  # it was not even told to, or the validator has it no longer
    return judge(saga, now_ms)


def _late(saga: Saga, event: Tick, now_ms: int) -> Move | None:
    return judge(saga, now_ms) if now_ms >= saga.deadline_ms else None


def judge(saga: Saga, now_ms: int) -> Move:
    """Ask the validator what became of the note, again and again while somebody waits."""
    return enter(
        saga,
        Stage.JUDGING,
        ReadCash(),
        deadline_ms=now_ms + saga.policy.evidence_ms,
        retry_ms=now_ms + saga.policy.retry_ms,
    )


def _judged(saga: Saga, event: CashRead | CashReady, now_ms: int) -> Move:
    """Every note behind the reading has been told of: one that is counted now and was not told is that one."""
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
    """Notes that the count has more than before; without a count the events have told all, or that they can't."""
    if reading.stacked is None or intent.held.stacked is None:
        return 0
    return (reading.stacked - intent.held.stacked) % reading.stacked_span


def _again(saga: Saga, now_ms: int) -> Move:
    """At boot the first word of the cash bus is waited for; from then on it is asked."""
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
