"""The effects of an order: what core does for it once its records are durable. A closed union.

After the arrow stand the events that answer an effect.
"""

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
    """Have the worker seal the issue request of this copy. -> Sealed or WorkFailed"""

    line: int
    copy: int
    key: str


class AskCentral(Struct, frozen=True):
    """Send the sealed issue request to central. -> Answered"""

    line: int
    copy: int
    key: str
    type_code: str
    sealed: bytes


class OpenAnswer(Struct, frozen=True):
    """Have the worker open the answer, render the document and check it. -> Prepared or WorkFailed"""

    key: str
    number: str
    sealed: bytes


class AskClaims(Struct, frozen=True):
    """Have central hold the claims of the identified person, at most `most` KRW. -> Reserved or WorkFailed"""

    order: str
    most: int


class HoldGate(Struct, frozen=True):
    """Close the presenter's gate. -> GateHeld"""


class ReadPaper(Struct, frozen=True):
    """Read the page counter, the retract counter and the sensors. -> PaperRead

    With a `key`, also read the count of that job, found as in FollowJob.
    """

    key: str = ""
    job_id: int = 0
    printer_serial: str = ""


class OpenJob(Struct, frozen=True):
    """Create the print job, still without a document. -> JobOpen or JobFailed; then SheetMoved, JobOver"""

    key: str
    sheets: int


class SendDocument(Struct, frozen=True):
    """Hand the job's socket to the worker. -> DocumentSent"""

    key: str


class FollowJob(Struct, frozen=True):
    """Find the job by its id on that printer, or by its key, and follow it. -> JobOver or JobFailed"""

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
    """Read the cash counters. `about`: the key of the payout to prove, "" if there is none. -> CashRead"""

    about: str = ""


class PayOut(Struct, frozen=True):
    """Dispense coins from one hopper, once. -> PayoutOver"""

    key: str
    coins: int
    hopper: int = 0


class ReadTerminal(Struct, frozen=True):
    """Ask the payment terminal for its open reservations. -> TerminalRead

    `about`: the name of the doubt that the answer has to resolve, "" if there is none.
    """

    about: str = ""


class Authorise(Struct, frozen=True):
    """Reserve `amount` KRW on a card. -> CardAnswered"""

    key: str
    amount: int


class StopCard(Struct, frozen=True):
    """Stop waiting for a card.

    The Authorise under way then ends with CardAnswered; StopCard has no answer.
    """

    key: str


class Capture(Struct, frozen=True):
    """Charge `amount` KRW of the `reserved` sum, and give back the rest. -> CardBooked"""

    key: str
    receipt: int
    reserved: int
    amount: int


class Reverse(Struct, frozen=True):
    """Give back the whole reserved sum. -> CardBooked"""

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
