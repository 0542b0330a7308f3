"""The events of an order: from the citizen, the devices, the worker, central and the clock.

A closed union.
"""

from msgspec import Struct

from drivers.contract import (
    CardReserved,
    CashReading,
    CoinPosition,
    NotePosition,
    PaidOut,
    PaperReading,
    TerminalReading,
)
from drivers.contract import Outcome as Proof


class CoinIn(Struct, frozen=True):
    """A coin was accepted (`value` KRW)."""

    value: int
    position: CoinPosition


class CoinsUnknown(Struct, frozen=True):
    """`count` coins were accepted whose values are lost."""

    count: int
    position: CoinPosition


class NoteOffered(Struct, frozen=True):
    """The validator holds a note (`value` KRW) in escrow. It is not credited yet."""

    value: int
    position: NotePosition


class NoteIn(Struct, frozen=True):
    """A note is in the stacker."""

    value: int
    position: NotePosition


class NoteOut(Struct, frozen=True):
    """The validator gave the note that it held as `held` back to the citizen."""

    held: int


class NotesUnknown(Struct, frozen=True):
    """`count` notes were stacked whose values are lost. 0: the validator can't tell whether it stacked a
    note.
    """

    count: int
    position: NotePosition


class StackOver(Struct, frozen=True):
    """StackNote ended. If the validator could tell, NoteIn (DONE) or NoteOut (NOT_DONE) came before."""

    key: str
    proof: Proof


class Stop(Struct, frozen=True):
    """The citizen cancels, or the power fails, before the fee is paid.

    `reason` is the last part of a message key.
    """

    reason: str


class VisitOver(Struct, frozen=True):
    """The citizen has left: from now on the machine pays out and presents nothing."""


class CashReady(Struct, frozen=True):
    """The cash bus has (re)started, takes no money, and has reported every coin that fell.

    `reading`: its counters now.
    """

    reading: CashReading


class Counted(Struct, frozen=True):
    """StopCollect ended. `reading` is None if the bus could not prove that no coin is still on its way."""

    reading: CashReading | None


class Sealed(Struct, frozen=True):
    """The worker sealed the issue request of `key`."""

    key: str
    sealed: bytes


class Answered(Struct, frozen=True):
    """Central's answer to `key`: `number` and `sealed` when issued, else `code` (central-unreachable, changed
    …).
    """

    key: str
    number: str = ""
    sealed: bytes = b""
    code: str = ""


class Claimed(Struct, frozen=True):
    """A claim that central holds for this redemption: machine and order of its origin, and the sum (KRW)."""

    kiosk: str
    order: str
    amount: int


class Reserved(Struct, frozen=True):
    """Central's answer for the redemption `order`.

    Without claims, `code` says why (no-claim, claim-reserved …).
    """

    order: str
    claims: tuple[Claimed, ...] = ()
    code: str = ""


class Confirmed(Struct, frozen=True):
    """The payer has seen the sum and wants the payout now."""


class Prepared(Struct, frozen=True):
    """The worker has rendered the document of `key` and read it back."""

    key: str
    number: str
    sheets: int


class WorkFailed(Struct, frozen=True):
    """The worker refused a request of this order, or is gone (`code` worker-gone)."""

    code: str


class PaperRead(Struct, frozen=True):
    """ReadPaper, RetractPaper or CancelJob ended. `proof` says whether the act itself is proved."""

    proof: Proof
    reading: PaperReading | None


class GateHeld(Struct, frozen=True):
    """HoldGate ended."""

    proof: Proof


class JobOpen(Struct, frozen=True):
    """The printer has the job of `key` under the id `job_id`. Core keeps the job's socket for the worker."""

    key: str
    job_id: int = 0


class JobFailed(Struct, frozen=True):
    """The job could not be opened, or the printer does not have it any more.

    After a failed OpenJob the printer may know the job all the same.
    """

    key: str


class DocumentSent(Struct, frozen=True):
    """The worker has tried to send the document.

    `proof` is DONE if the printer acknowledged the whole document.
    """

    key: str
    proof: Proof


class SheetMoved(Struct, frozen=True):
    """Sheet `sheet` of `key` has left the printer."""

    key: str
    sheet: int


class JobOver(Struct, frozen=True):
    """The printer's job ended. `proof` is DONE only if every sheet was counted."""

    key: str
    proof: Proof
    sheets: int


class JobLost(Struct, frozen=True):
    """The printer process restarted: the job has to be found again, by its id or its key."""


class PrinterBlocked(Struct, frozen=True):
    """The printer stands still until a person helps (`reason`, e.g. paper-jam), or goes on again ("")."""

    reason: str


class Offered(Struct, frozen=True):
    """Offer ended. `proof` is DONE if the paper sticks out of the mouth."""

    proof: Proof
    reading: PaperReading | None


class Taken(Struct, frozen=True):
    """The presenter reports that somebody took the paper."""


class MoreTime(Struct, frozen=True):
    """The citizen asks for more time to take the paper."""


class CashRead(Struct, frozen=True):
    """ReadCash ended. `reading` is None if the bus did not answer. `about`: that of the ReadCash."""

    reading: CashReading | None
    about: str = ""


class PayoutOver(Struct, frozen=True):
    """PayOut ended. `result` is None if nothing is proved."""

    key: str
    proof: Proof
    result: PaidOut | None


class MeansChosen(Struct, frozen=True):
    """How the citizen wants to pay: `means` is cash or card, or "" to be asked again."""

    means: str


class TerminalRead(Struct, frozen=True):
    """ReadTerminal ended.

    `reading` is None if the answer was incomplete. `about`: that of the ReadTerminal.
    """

    reading: TerminalReading | None
    about: str = ""


class CardAnswered(Struct, frozen=True):
    """Authorise ended.

    `code` says why nothing was reserved: declined, cancelled, or "" for any other reason.
    """

    key: str
    proof: Proof
    result: CardReserved | None = None
    code: str = ""


class CardBooked(Struct, frozen=True):
    """Capture or Reverse ended."""

    key: str
    proof: Proof


class Tick(Struct, frozen=True):
    """Time has passed."""


class PowerFailing(Struct, frozen=True):
    """The mains have failed and the order must come to an end.

    Sent again whenever the remaining time changes.

    `left_ms`: how long the battery surely lasts. 0: the battery is low and gives no time. None: there is no
    sign that the time is short.
    """

    left_ms: int | None


class PowerBack(Struct, frozen=True):
    """The mains are back and stable."""


OrderEvent = (
    CoinIn
    | CoinsUnknown
    | NoteOffered
    | NoteIn
    | NoteOut
    | NotesUnknown
    | StackOver
    | Stop
    | VisitOver
    | CashReady
    | Counted
    | Sealed
    | Answered
    | Reserved
    | Confirmed
    | Prepared
    | WorkFailed
    | PaperRead
    | GateHeld
    | JobOpen
    | JobFailed
    | DocumentSent
    | SheetMoved
    | JobOver
    | JobLost
    | PrinterBlocked
    | Offered
    | Taken
    | MoreTime
    | CashRead
    | PayoutOver
    | MeansChosen
    | TerminalRead
    | CardAnswered
    | CardBooked
    | PowerFailing
    | PowerBack
    | Tick
)
