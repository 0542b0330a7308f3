"""An order: its issues, its money and its state. The ledger stores every value here as a whole.

All sums are whole KRW; sheets and coins are counts; times are wall milliseconds that the caller hands in.
No personal data: only types, copies, hashes and numbers. Source of the states: docs/orders.md.
"""

from enum import StrEnum

from msgspec import Struct

from drivers.contract import CoinPosition, NotePosition
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.counters import Counters
from kiosk.order.policies import SalePolicy


class IssueState(StrEnum):
    """The state of one copy. A `?` marks an intent: stored before the act, resolved only by evidence."""

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
    """The state of the order.

    - LINES: the money is fixed; the state of the current issue says the rest.
    - CARD: the terminal asks for a card; the state of the payment says the rest.
    - CARD_DUE: only the answer of the terminal is missing. Others can be served meanwhile, in cash.
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
    """How an order ended. CLAIM: money is owed on a record. DISPUTED: a person decides."""

    DELIVERED = "DELIVERED"
    PARTLY = "PARTLY"
    REFUNDED = "REFUNDED"
    CLAIM = "CLAIM"
    DISPUTED = "DISPUTED"


class Issue(Struct, frozen=True):
    """One copy of one line: one document number, one print job, one delivery.

    - `pages_before` (P0), `retracts_before` (R0): lifetime counters, stored with PRINT? together with the
      serial numbers of their devices.
    - `job_id`: the printer's number for the job, stored before the job has its document. 0: it gave none.
    - `pages_remembered`: P is a lifetime count of the printer. Otherwise the printer has only a count of the
      job, and forgets it with the job.
    - `reason`: why the copy was not delivered; `spoiled`: how many sheets were printed in vain.
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
    """One payout command, stored before it is sent.

    - `coins`: the wanted coins; `dispensed_before`: the hopper's lifetime count before the command (D0).
    - `hopper`: the number of the hopper, from 0; `value`: the value of its coin (KRW; 0: the policy's).
    - `remembered`: the hopper keeps its count over a power cut.
    """

    key: str
    coins: int
    dispensed_before: int
    hopper_serial: str
    hopper: int = 0
    value: int = 0
    remembered: bool = True


class NoteIntent(Struct, frozen=True):
    """NOTE?: one note, stored before it is stacked.

    `held`: the validator's position while it holds the note.
    """

    key: str
    value: int
    held: NotePosition


class Order(Struct, frozen=True):
    """One payment and its issues.

    - `credit`: coins and notes that were put in; `paid`: coins that were paid out; `claim`: owed on a record.
      KRW.
    - `base`: the acceptor's position before the first coin; `booked`: its last booked position.
    - `coins`: how many coins were credited; `unknown_coins`: coins that the acceptor counted, of unknown
      value.
    - `disputed`: the evidence about coins contradicts itself or is missing, so a person decides.
    - `holder`: central's pseudonym of the identified person, "" if nobody was identified.
    - `card`: the last attempt to pay by card. A sum paid by card is never in `credit`.
    - `acceptor_remembers`: the acceptor keeps its count over a power cut.
    - `counters`: the lifetime counters at their last reading. From CLOSED on, core watches them.
    - `redeems`: the order pays claims of earlier orders (redeeming.py); `redeem`: what central holds for it
      (KRW).
    - `note`: the note that is being stacked; `stackings`: how often core tried to stack one.
    - `booked_note`: the validator's last booked position.
    - `in_doubt`: the most that notes may be worth whose place nobody can prove (KRW).
    - `lang`: the language of the screen for the payer.
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
        """The fee of all copies, as the citizen was asked for it."""
        return sum(issue.fee for issue in self.issues)

    @property
    def earned(self) -> int:
        """The fee that the machine keeps: that of the delivered copies only (M2)."""
        return sum(issue.fee for issue in self.issues if issue.state is IssueState.DELIVERED)

    @property
    def due(self) -> int:
        """The sum that is still to go back in cash (M1).

        It is the credit and what central holds for a redemption, less the fee earned in cash and the sum paid
        out.
        """
        return self.credit + self.redeem - (0 if self.by_card else self.earned) - self.paid

    @property
    def by_card(self) -> bool:
        """Whether the order is paid by card: the terminal has, or once had, reserved a sum for it."""
        return self.card is not None and self.card.state not in (CardState.ASKED, CardState.NOT_TAKEN)

    @property
    def captured(self) -> int:
        """The sum that was charged to the card, as proved (M1: the fee kept by card)."""
        return self.card.captured if self.card is not None else 0

    @property
    def current(self) -> Issue | None:
        """The issue that is under way or next; None if all have ended."""
        return next((issue for issue in self.issues if issue.state not in FINAL), None)


class Policy(Struct, frozen=True):
    """The settings of this machine for its sales.

    - `note_ms`: how long a note may take into the stacker before core asks the validator about it.
    - `take_ms`: how long paper waits in the mouth before it is retracted; `hurried_take_ms`: while the power
      fails.
    - `stall_ms`: how long core waits for a printer that needs a person's help before it gives the money back.
    - `evidence_ms`: how long the citizen waits for a device that does not answer.
    - `retry_ms`: the pause between two questions to such a device.
    - `card_ms`: how long a card may take at the terminal; `cards`: the machine has a terminal.
    - `sale`: what the devices can prove, and the rules that follow from it.
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
