"""What journal rows say must have gone through each device, added up. Pure."""

from collections.abc import Iterable
from typing import Final, assert_never, get_args

from msgspec import UNSET

from kiosk.protocol import journal
from kiosk.protocol.courier import JournalRow

METERS = ("coins-in", "notes", "coins-out", "sheets", "retracts")
"""What is counted, in the order in which a person goes through a machine."""


Counted = (
    journal.Credit
    | journal.CoinsUnknown
    | journal.NoteCredit
    | journal.NotesUnknown
    | journal.Surplus
    | journal.Paid
    | journal.IssueDelivered
    | journal.IssueVoid
    | journal.IssueDisputed
    | journal.OrderClosed
)
"""Coins, notes or sheets went through a device, or an order's sums are final."""
NotCounted = (
    # what may come next, and what is owed because nobody knows: devices counted what they counted
    journal.OrderOpened
    | journal.RedeemIntent
    | journal.RedeemHeld
    | journal.CreditDisputed
    | journal.AcceptsDisputed
    | journal.NoteIntent
    | journal.NoteReturned
    | journal.NoteDoubt
    | journal.PayIntent
    | journal.PayoutDisputed
    | journal.PositionTold
    | journal.IssueIntent
    | journal.IssueNumbered
    | journal.PrintIntent
    | journal.PresentIntent
    # cards are charged in the sums of the order's end; no device of the machine counts them
    | journal.CardIntent
    | journal.CardAuthorised
    | journal.CardNotTaken
    | journal.CardWaits
    | journal.CardCaptureIntent
    | journal.CardReverseIntent
    | journal.CardCaptured
    | journal.CardReversed
    | journal.CardDisputed
    # a device, and what a hopper holds, is known or another one: nothing moved by that
    | journal.AcceptorKnown
    | journal.ValidatorKnown
    | journal.CountersKnown
    | journal.DeviceExchanged
    | journal.CounterImplausible
    | journal.HopperKnown
    | journal.HopperFilled
    | journal.HopperUncounted
    | journal.HopperForgot
    # what happened to the machine, and to the ledger
    | journal.PaperFound
    | journal.Boot
    | journal.PowerGood
    | journal.PowerEnding
    | journal.PowerHalting
    | journal.HaltAsked
    | journal.HaltRefused
    | journal.BundleActivated
    | journal.BundleProved
    | journal.BundleRefused
    | journal.BundleNotTaken
    | journal.ChainRefused
    | journal.CaseResolved
    | journal.Survey
    | journal.DayOpened
    | journal.DayClosed
    | journal.SegmentClosed
    | journal.SegmentDropped
    | journal.CopyMade
    | journal.CopyFailed
    | journal.LedgerRebuilt
)
"""Money and paper move by another row, or not at all. Kind by kind, never by group: a new one has to be named."""
MOVES: Final = frozenset(each.kind for each in get_args(Counted))


def _pass_over(_fact: NotCounted) -> None:
    """A kind that is added is in Counted, or here."""


class Tally:
    """Adds up journal rows. Rows of kinds that move nothing are passed over."""

    def __init__(self) -> None:
        self.expected = dict.fromkeys(METERS, 0)
        self.nobodys = dict.fromkeys(METERS, 0)
        self.orders = self.claims = 0
        self.taken = self.card = self.fee = self.paid = self.claimed = self.surplus = 0

    def add(self, rows: Iterable[JournalRow]) -> "Tally":
        """Take these rows in; itself."""
        for row in rows:
            if row.kind in MOVES:
                self.take(journal.decode(row.kind, row.body))
        return self

    def take(self, fact: journal.Row) -> None:
        """Take one fact in."""
        if isinstance(fact, Counted):
            self._count(fact)
        else:
            _pass_over(fact)

    def _count(self, fact: Counted) -> None:
        match fact:
            case journal.Credit(value=value):
                self._moved("coins-in", 1, value)
            case journal.CoinsUnknown(count=count):
                self._moved("coins-in", count)
            case journal.NoteCredit(value=value):
                self._moved("notes", 1, value)
            case journal.NotesUnknown(count=count):
                self._moved("notes", count)
            case journal.Surplus():
                self._surplus(fact)
            case journal.Paid(coins=coins):
                self._moved("coins-out", coins)
            case journal.IssueDelivered(sheets=sheets):
                self._moved("sheets", sheets)
            case journal.IssueVoid() | journal.IssueDisputed():
                self._moved("sheets", fact.spoiled or 0)
                self._moved("retracts", fact.retracted or 0)
            case journal.OrderClosed():
                self._closed(fact)
            case _:
                assert_never(fact)

    def _moved(self, meter: str, count: int, taken: int = 0) -> None:
        self.expected[meter] += count
        self.taken += taken

    def _surplus(self, fact: journal.Surplus) -> None:
        """What moved and belongs to no order, told by its device or found by its counter."""
        moved = 1
        if fact.amount is not UNSET:
            moved = fact.amount
        elif fact.count is not UNSET:
            moved = fact.count
        self.expected[_NOBODYS[fact.what]] += moved
        self.nobodys[_NOBODYS[fact.what]] += moved
        self.surplus += fact.value or 0

    def _closed(self, fact: journal.OrderClosed) -> None:
        self.orders += 1
        self.fee += fact.fee
        self.card += fact.captured or 0
        self.paid += fact.paid
        self.claims += bool(fact.claim)
        self.claimed += fact.claim

    @property
    def money(self) -> journal.DayMoney:
        """The sums so far."""
        return journal.DayMoney(self.taken, self.card, self.fee, self.paid, self.claimed, self.surplus)


_NOBODYS = {
    "coin": "coins-in",
    "unknown-coin": "coins-in",
    "note": "notes",
    "unknown-note": "notes",
    "coin-out": "coins-out",
    "sheet": "sheets",
    "retract": "retracts",
}
