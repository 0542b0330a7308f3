"""What an order can hear: the hand of the citizen, devices, worker, central, the clock. A closed union."""

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
    """A note (`value` KRW) is held in escrow: nobody's money yet."""

    value: int
    position: NotePosition


class NoteIn(Struct, frozen=True):
    """A note is in the stacker."""

    value: int
    position: NotePosition


class NoteOut(Struct, frozen=True):
    """The note held as `held` is with the citizen again."""

    held: int


class NotesUnknown(Struct, frozen=True):
    """`count` notes were stacked whose values are lost; 0: the validator can't tell whether any was."""

    count: int
    position: NotePosition


class StackOver(Struct, frozen=True):
    """StackNote ended. DONE and NOT_DONE were told as NoteIn and NoteOut before, if the validator could."""

    key: str
    proof: Proof


class Stop(Struct, frozen=True):
    """The citizen cancels, or the visit ends, while coins are collected. `reason` is a message key's tail."""

    reason: str


class VisitOver(Struct, frozen=True):
    """Nobody stands there any more: from now on nothing is paid out or presented."""


class CashReady(Struct, frozen=True):
    """The cash bus (re)started: acceptance is off, every coin that fell has been reported. `reading` is as of now."""

    reading: CashReading


class Counted(Struct, frozen=True):
    """StopCollect ended. `reading` is None when the bus could not prove that it is drained."""

    reading: CashReading | None


class Sealed(Struct, frozen=True):
    """The worker sealed the issue request of `key`."""

    key: str
    sealed: bytes


class Answered(Struct, frozen=True):
    """Central's answer to `key`: `number` and `sealed` when issued, else `code` (central-unreachable, changed …)."""

    key: str
    number: str = ""
    sealed: bytes = b""
    code: str = ""


class Claimed(Struct, frozen=True):
    """A claim that central holds for us: the order that it arose from, and how much is owed (KRW)."""

    kiosk: str
    order: str
    amount: int


class Reserved(Struct, frozen=True):
    """Central's answer for the redemption `order`; without any, `code` says why (no-claim, claim-reserved …)."""

    order: str
    claims: tuple[Claimed, ...] = ()
    code: str = ""


class Confirmed(Struct, frozen=True):
    """The payer has seen how much it is, and wants it now."""


class Prepared(Struct, frozen=True):
    """The worker has the document of `key` rendered and read back."""

    key: str
    number: str
    sheets: int


class WorkFailed(Struct, frozen=True):
    """The worker refused `key`, or is gone (`code` worker-gone)."""

    code: str


class PaperRead(Struct, frozen=True):
    """ReadPaper, Retract or CancelJob ended; `proof` tells whether the act itself is proved."""

    proof: Proof
    reading: PaperReading | None


class GateHeld(Struct, frozen=True):
    """Hold ended."""

    proof: Proof


class JobOpen(Struct, frozen=True):
    """The printer has the job of `key`, and knows it as `job_id`; its socket waits in the shell."""

    key: str
    job_id: int = 0


class JobFailed(Struct, frozen=True):
    """OpenJob did not end well; the printer may know the job all the same."""

    key: str


class DocumentSent(Struct, frozen=True):
    """The worker wrote the document: `proof` DONE when the printer acknowledged it whole."""

    key: str
    proof: Proof


class SheetMoved(Struct, frozen=True):
    """Sheet `sheet` of `key` has left the printer."""

    key: str
    sheet: int


class JobOver(Struct, frozen=True):
    """The printer's job ended; DONE only with every sheet counted."""

    key: str
    proof: Proof
    sheets: int


class JobLost(Struct, frozen=True):
    """The printer process restarted: the job has to be found again by its key."""


class PrinterBlocked(Struct, frozen=True):
    """The printer stands still for want of a hand (`reason` e.g. paper-jam), or goes on again (empty)."""

    reason: str


class Offered(Struct, frozen=True):
    """Present ended: DONE when the paper sticks out of the mouth."""

    proof: Proof
    reading: PaperReading | None


class Taken(Struct, frozen=True):
    """The presenter saw the paper go into a hand."""


class MoreTime(Struct, frozen=True):
    """The citizen asks for more time to take the paper."""


class CashRead(Struct, frozen=True):
    """ReadCash ended; None when the bus did not answer. `about`: what it was asked for."""

    reading: CashReading | None
    about: str = ""


class PayoutOver(Struct, frozen=True):
    """Dispense ended. `result` is None when nothing is proved."""

    key: str
    proof: Proof
    result: PaidOut | None


class MeansChosen(Struct, frozen=True):
    """How the citizen wants to pay: `means` is cash or card, or "" to be asked again."""

    means: str


class TerminalRead(Struct, frozen=True):
    """ReadTerminal ended; None when the terminal did not say everything. `about`: what it was asked for."""

    reading: TerminalReading | None
    about: str = ""


class CardAnswered(Struct, frozen=True):
    """Authorise ended. `code` says why nothing was reserved: declined, cancelled, or "" (the machine's own reasons)."""

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
    """The mains are away and this must come to an end. Said again and again, as what is left changes.

    `left_ms`: how long the battery surely lasts; 0 when it is low and does not say; None when nothing is known to
    be short.
    """

    left_ms: int | None


class PowerBack(Struct, frozen=True):
    """The mains are back, and steady."""


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
