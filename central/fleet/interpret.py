"""What journal rows mean to central. Every kind has its case here: a step, an alarm, or nothing beyond being stored.

A kind that only a later machine knows is stored as it is. A row whose body is not of its kind is stored and raises an
alarm. Neither holds up the rows behind it.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from central.claims.cases import told
from central.clock import believed_ms
from central.fleet import document_rows, order_rows
from central.fleet.bounds import bounded, without_positions
from central.fleet.row_context import RowContext
from central.vocabulary.alarms import Alarm
from kiosk.protocol import journal
from kiosk.protocol.courier import JournalRow

OnlyStored = (
    # coins and notes on the way: their sums are in the order's end
    journal.RedeemIntent
    | journal.RedeemHeld
    | journal.Credit
    | journal.CoinsUnknown
    | journal.CreditDisputed
    | journal.AcceptsDisputed
    | journal.NoteIntent
    | journal.NoteCredit
    | journal.NoteReturned
    | journal.NoteDoubt
    | journal.NotesUnknown
    | journal.PayIntent
    | journal.Paid
    | journal.PayoutDisputed
    | journal.PositionTold
    | journal.CardIntent
    | journal.CardAuthorised
    | journal.CardNotTaken
    | journal.CardWaits
    | journal.CardCaptureIntent
    | journal.CardReverseIntent
    | journal.CardCaptured
    | journal.CardReversed
    | journal.CardDisputed
    # papers on the way: central gave the number itself
    | journal.IssueIntent
    | journal.IssueNumbered
    | journal.PrintIntent
    | journal.PresentIntent
    # the machine and its ledger: what is wrong now is in its heartbeat, refusals are alarms of the routes
    | journal.AcceptorKnown
    | journal.ValidatorKnown
    | journal.CountersKnown
    | journal.HopperKnown
    | journal.HopperFilled
    | journal.HopperUncounted
    | journal.HopperForgot
    | journal.PaperFound
    | journal.Boot
    | journal.PowerGood
    | journal.PowerEnding
    | journal.PowerHalting
    | journal.HaltAsked
    | journal.HaltRefused
    | journal.BundleActivated
    | journal.BundleProved
    | journal.ChainRefused
    | journal.Survey
    | journal.DayOpened
    | journal.SegmentClosed
    | journal.SegmentDropped
    | journal.CopyMade
    | journal.CopyFailed
)
"""Kept for whoever looks into a case, and for a machine that lost its ledger. Kind by kind, never by group."""


async def interpret(
    connection: AsyncConnection, kiosk: str, row: JournalRow, body: object, now_ms: int
) -> None:
    """Take the meaning of one new row into the tables, in the transaction that stores it."""
    context = RowContext(connection, kiosk, believed_ms(row.at_ms, now_ms), now_ms)
    try:
        fact = bounded(journal.convert(row.kind, without_positions(body)))
    except journal.UnknownKindError:
        return
    except journal.BodyError:
        await context.alarm(Alarm.EVENT_BODY, f"seq {row.seq}")
        return
    await _act(context, fact)


async def _act(row: RowContext, fact: journal.Row) -> None:
    match fact:
        case journal.OrderOpened():
            await order_rows.opened(row, fact)
        case journal.OrderClosed():
            await order_rows.closed(row, fact)
        case journal.IssueDelivered():
            await document_rows.delivered(row, fact)
        case journal.IssueVoid():
            await document_rows.void(row, fact)
        case journal.CaseResolved():
            await told(row.connection, row.kiosk, fact.case, fact.verdict, row.now_ms)
        case _:
            await _warn(row, fact)


Alarming = (
    journal.IssueDisputed
    | journal.Surplus
    | journal.CounterImplausible
    | journal.DeviceExchanged
    | journal.BundleRefused
    | journal.BundleNotTaken
    | journal.LedgerRebuilt
    | journal.DayClosed
)
"""What somebody has to look at."""


async def _warn(row: RowContext, fact: Alarming | OnlyStored) -> None:
    match fact:
        case journal.IssueDisputed():
            await row.alarm(Alarm.ISSUE_DISPUTED, fact.key)
        case journal.Surplus():
            await row.alarm(Alarm.SURPLUS, fact.what)
        case journal.CounterImplausible():
            await row.alarm(Alarm.COUNTER_IMPLAUSIBLE, fact.what)
        case journal.DeviceExchanged():
            await row.alarm(Alarm.DEVICE_EXCHANGED, fact.what)
        case journal.BundleRefused() | journal.BundleNotTaken():
            await row.alarm(Alarm.BUNDLE_REFUSED, fact.why)
        case journal.LedgerRebuilt():
            await row.alarm(Alarm.LEDGER_REBUILT, f"missing {fact.missing}")
        case journal.DayClosed():
            if fact.differs:
                await row.alarm(Alarm.DAY_DIFFERS, f"close {fact.number}")
        case _:
            _pass_over(fact)


def _pass_over(_fact: OnlyStored) -> None:
    """A kind that is added has a case above, or is named among these."""
