"""What an order asks the shell to do, after its records are durable. A closed union; each is answered by an event."""

from msgspec import Struct


class StartCollect(Struct, frozen=True):
    """Accept these coins (CoinIn) and hold these notes (NoteOffered), and no others."""

    denominations: tuple[int, ...]
    notes: tuple[int, ...] = ()


class StopCollect(Struct, frozen=True):
    """Inhibit and drain. -> Counted"""


class StackNote(Struct, frozen=True):
    """Take the held note for good. -> NoteIn or NoteOut, then StackOver"""

    key: str
    held: int


class ReturnNote(Struct, frozen=True):
    """Give the held note back. -> NoteOut"""

    held: int


class AskWorker(Struct, frozen=True):
    """Seal the issue request of this copy. -> Sealed or WorkFailed"""

    line: int
    copy: int
    key: str


class AskCentral(Struct, frozen=True):
    """Send the sealed issue request. -> Answered"""

    line: int
    copy: int
    key: str
    type_code: str
    sealed: bytes


class OpenAnswer(Struct, frozen=True):
    """Have the worker open, check, render and read back. -> Prepared or WorkFailed"""

    key: str
    number: str
    sealed: bytes


class AskClaims(Struct, frozen=True):
    """Have central hold what is owed to whom the card identified, at most `most` KRW. -> Reserved or WorkFailed"""

    order: str
    most: int


class HoldGate(Struct, frozen=True):
    """Close the presenter's gate. -> GateHeld"""


class ReadPaper(Struct, frozen=True):
    """Read page and retract counters and sensors, and the count of a job, found as in FollowJob. -> PaperRead"""

    key: str = ""
    job_id: int = 0
    printer_serial: str = ""


class OpenJob(Struct, frozen=True):
    """Create the print job. -> JobOpen or JobFailed; then SheetMoved, JobOver"""

    key: str
    sheets: int


class SendDocument(Struct, frozen=True):
    """Hand the job's socket to the worker. -> DocumentSent"""

    key: str


class FollowJob(Struct, frozen=True):
    """Find the job, by its id on that printer or by its key, and follow it. -> JobOver or JobFailed"""

    key: str
    sheets: int
    job_id: int = 0
    printer_serial: str = ""


class CancelJob(Struct, frozen=True):
    """Cancel the job, found as in FollowJob, and wait for its end. -> PaperRead"""

    key: str
    job_id: int = 0
    printer_serial: str = ""


class Offer(Struct, frozen=True):
    """Present the held paper. -> Offered, later Taken"""


class RetractPaper(Struct, frozen=True):
    """Pull the paper into the bin. -> PaperRead"""

    printer_serial: str = ""


class ReadCash(Struct, frozen=True):
    """Read the cash counters. `about`: the payout that is over, "" before there is one. -> CashRead"""

    about: str = ""


class PayOut(Struct, frozen=True):
    """Dispense coins from one hopper, once. -> PayoutOver"""

    key: str
    coins: int
    hopper: int = 0


class ReadTerminal(Struct, frozen=True):
    """Ask the payment terminal what it has open. `about`: the doubt that it is to end, if any. -> TerminalRead"""

    about: str = ""


class Authorise(Struct, frozen=True):
    """Reserve `amount` KRW on a card. -> CardAnswered"""

    key: str
    amount: int


class StopCard(Struct, frozen=True):
    """No card is wanted any more. The Authorise under way ends by itself, one way or the other."""

    key: str


class Capture(Struct, frozen=True):
    """Charge `amount` KRW of the `reserved` ones, and give back the rest. -> CardBooked"""

    key: str
    receipt: int
    reserved: int
    amount: int


class Reverse(Struct, frozen=True):
    """Give back all that is reserved. -> CardBooked"""

    key: str
    receipt: int


Effect = (
    StartCollect
    | StopCollect
    | StackNote
    | ReturnNote
    | AskWorker
    | AskCentral
    | OpenAnswer
    | AskClaims
    | HoldGate
    | ReadPaper
    | OpenJob
    | SendDocument
    | FollowJob
    | CancelJob
    | Offer
    | RetractPaper
    | ReadCash
    | PayOut
    | ReadTerminal
    | Authorise
    | StopCard
    | Capture
    | Reverse
)
