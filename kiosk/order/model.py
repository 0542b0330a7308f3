"""What an order is: its issues, its money, where it stands. Every value here is stored whole in the ledger.

All sums are whole KRW; sheets and coins are counts; times are wall milliseconds handed in. No personal data: types,
copies, hashes, numbers. Source of the states: docs/orders.md.
"""

from enum import StrEnum

from msgspec import Struct

from drivers.contract import CoinPosition, NotePosition
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.counters import Counters
from kiosk.order.policies import SalePolicy


class IssueState(StrEnum):
    """Where one copy stands. A `?` is an intent: written before the act, resolved only by evidence."""

    WAITING = "WAITING"
    ISSUING = "ISSUE?"
    ISSUED = "ISSUED"
    PRINTING = "PRINT?"
    PRESENTING = "PRESENT?"
    DELIVERED = "DELIVERED"
    UNDELIVERED = "UNDELIVERED"
    DISPUTED = "DISPUTED"


FINAL = frozenset({IssueState.DELIVERED, IssueState.UNDELIVERED, IssueState.DISPUTED})
NAMED_AT_CENTRAL = frozenset(
    {IssueState.ISSUING, IssueState.ISSUED, IssueState.PRINTING, IssueState.PRESENTING}
)


class OrderState(StrEnum):
    """Where the order stands. LINES: the money is fixed and the current issue's state tells the rest.

    CARD: a card is asked for; the payment's own state tells the rest. CARD_DUE: all is done but what only the terminal
    can tell; others can be served meanwhile, in cash.
    """

    RESERVING = "RESERVE?"
    RESERVED = "RESERVED"
    COLLECT = "COLLECT"
    CARD = "CARD"
    CARD_DUE = "CARD-DUE"
    LINES = "LINES"
    PAYING = "PAY?"
    SETTLING = "SETTLING"
    CLOSED = "CLOSED"


class OrderOutcome(StrEnum):
    """How an order ended. CLAIM: something is owed on a record; DISPUTED: a person must look at it."""

    DELIVERED = "DELIVERED"
    PARTLY = "PARTLY"
    REFUNDED = "REFUNDED"
    CLAIM = "CLAIM"
    DISPUTED = "DISPUTED"


class Issue(Struct, frozen=True):
    """One copy of one line: one document number, one print job, one delivery.

    `pages_before` (P0) and `retracts_before` (R0) are the lifetime counters stored with PRINT?, with the serials that
    they were read from. `job_id` is the printer's number for the job, stored before the job has its document; 0: none
    was told. `pages_remembered`: P is the printer's count for life; else there is only the count of a job, which it
    forgets with the job. `reason` says why it was not delivered; `spoiled` counts sheets printed for nothing.
    """

    line: int
    copy: int
    key: str
    type_code: str
    fee: int
    sheets: int
    draft_hash: str
    state: IssueState = IssueState.WAITING
    number: str = ""
    pages_before: int = 0
    retracts_before: int = 0
    printer_serial: str = ""
    presenter_serial: str = ""
    job_id: int = 0
    pages_remembered: bool = True
    reason: str = ""
    spoiled: int = 0


class Payout(Struct, frozen=True):
    """One payout command, stored before it is sent: wanted coins and the hopper's lifetime count D0 before it.

    `remembered`: the hopper keeps that count over a power cut.
    `hopper` is which of the machine's hoppers, `value` its coin (KRW; 0: the policy's hopper coin).
    """

    key: str
    coins: int
    dispensed_before: int
    hopper_serial: str
    hopper: int = 0
    value: int = 0
    remembered: bool = True


class NoteIntent(Struct, frozen=True):
    """NOTE?: one note, stored before it is stacked. `held` is the validator's position with the note in escrow."""

    key: str
    value: int
    held: NotePosition


class Order(Struct, frozen=True):
    """One payment and its issues. `credit` coins in, `paid` coins out, `claim` what is owed on a record.

    `base` is the acceptor's position before the first coin, `booked` the last one booked, `coins` how many were
    credited; `unknown_coins` were counted by the acceptor but nobody knows their value. `disputed`: the evidence of a
    payout contradicts itself. `holder`: central's pseudonym of whom the card identified, "" where nobody was.
    `card`: the last attempt to pay by card; what is paid by card is never in `credit`.
    `acceptor_remembers`: the acceptor keeps its count over a power cut.
    `counters`: where the devices' lifetime counters stood when they were last read; at CLOSED they begin to be watched.
    `redeems`: it pays claims of earlier orders (redeeming.py); `redeem`: what central holds for it, KRW.
    `note` is being stacked, `stackings` were tried, `booked_note` is the last one booked; `in_doubt` (KRW) is what
    notes may be worth that nobody can prove to be in the machine. `lang`: in which its payer is spoken to.
    """

    id: str
    opened_ms: int
    issues: tuple[Issue, ...]
    state: OrderState = OrderState.COLLECT
    base: CoinPosition | None = None
    booked: CoinPosition | None = None
    credit: int = 0
    coins: int = 0
    unknown_coins: int = 0
    paid: int = 0
    payouts: int = 0
    payout: Payout | None = None
    claim: int = 0
    disputed: bool = False
    outcome: OrderOutcome | None = None
    reason: str = ""
    holder: str = ""
    card: CardPayment | None = None
    redeems: bool = False
    redeem: int = 0
    acceptor_remembers: bool = True
    counters: Counters | None = None
    note: NoteIntent | None = None
    stackings: int = 0
    booked_note: NotePosition | None = None
    in_doubt: int = 0
    lang: str = ""

    @property
    def fee(self) -> int:
        """What the citizen was asked for: all copies."""
        return sum(issue.fee for issue in self.issues)

    @property
    def earned(self) -> int:
        """The fee kept: delivered copies only (M2)."""
        return sum(issue.fee for issue in self.issues if issue.state is IssueState.DELIVERED)

    @property
    def due(self) -> int:
        """What is still to go back in cash: credit, or what is held for it, less the fee earned in cash and what was
        paid out (M1).
        """
        return self.credit + self.redeem - (0 if self.by_card else self.earned) - self.paid

    @property
    def by_card(self) -> bool:
        """Whether this order is paid by card: the terminal has reserved something for it, whatever became of it."""
        return self.card is not None and self.card.state not in (CardState.ASKED, CardState.NOT_TAKEN)

    @property
    def captured(self) -> int:
        """What the card was charged, as proved (M1: the fee kept by card)."""
        return self.card.captured if self.card is not None else 0

    @property
    def current(self) -> Issue | None:
        """The issue under way or next; None when each has ended."""
        return next((issue for issue in self.issues if issue.state not in FINAL), None)


class Policy(Struct, frozen=True):
    """What the machine was set up to do. Delays in ms, each with its unit in its name.

    `note_ms`: how long a note may take into the stacker before the validator is asked what became of it.
    `take_ms`: paper in the mouth before it is retracted. `stall_ms`: a printer that stands still for want of a hand is
    given this long before the money goes back. `evidence_ms`: how long a live order waits for a device that does not
    answer. `retry_ms`: pause between two such questions. `sale`: what the devices can prove, and what follows from it.
    `card_ms`: how long a card may take at the terminal; `cards`: there is one.
    `hurried_take_ms`: paper in the mouth while the power fails.
    """

    denominations: tuple[int, ...] = (100, 500)
    hopper_coin: int = 100
    notes: tuple[int, ...] = (1_000, 5_000, 10_000)
    note_ms: int = 9_000
    take_ms: int = 60_000
    stall_ms: int = 8_000
    print_ms_per_sheet: int = 15_000
    worker_ms: int = 10_000
    central_ms: int = 9_000
    evidence_ms: int = 20_000
    retry_ms: int = 400
    card_ms: int = 120_000
    cards: bool = False
    hurried_take_ms: int = 15_000
    sale: SalePolicy = SalePolicy()
