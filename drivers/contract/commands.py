"""What core asks of a bus. Every command has a request id and ends with exactly one `Completed`."""

from typing import Annotated

from msgspec import Meta, Struct

from drivers.contract.bounds import Count, Deadline, JobId, Key, Kinds, Pieces, Text, Word
from drivers.contract.positions import CoinPosition, NotePosition

# What a payment terminal's wire has room for: 12 digits, 4 digits, and a name of printable ASCII.
CardSum = Annotated[int, Meta(ge=0, le=999_999_999_999)]
CardReceipt = Annotated[int, Meta(ge=0, le=9_999)]
CardKey = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[!-~]+\Z")]


class Command(Struct, frozen=True, tag=True, kw_only=True):
    """Something core asks of a bus. `deadline_ms` is counted from receipt; a late command ends UNKNOWN or NOT_DONE."""

    request: Word
    deadline_ms: Deadline = 5_000


class Resume(Command, frozen=True, tag=True):
    """First command after the hello on the cash bus: acceptance off, events past `position` as recovered credits.

    `position` None means that nothing was ever booked: the device's present counters are the base. -> CashReading
    """

    position: CoinPosition | None = None
    notes: NotePosition | None = None


class Collect(Command, frozen=True, tag=True):
    """Accept coins of these denominations (KRW) and no others, until StopCollect or the loss of core's connection.

    `notes` likewise: each is held and told as NoteHeld. With no denomination at all coins are inhibited and notes are
    what `notes` says.
    """

    denominations: Kinds
    notes: Kinds = ()


class StopCollect(Command, frozen=True, tag=True):
    """Inhibit, wait for a coin past the gate, re-read. Every coin is reported before the result. -> CashReading"""


class BookCredit(Command, frozen=True, tag=True):
    """Core has committed the credits up to this position; the driver may forget them."""

    position: CoinPosition


class StackNote(Command, frozen=True, tag=True):
    """Take the note that is held as `held` (NoteHeld) for good. `key` names the journaled intent.

    DONE: it is in the stacker, and NoteStacked has told so. NOT_DONE: it went back. UNKNOWN: the validator is silent or
    contradicts itself.
    """

    key: Key
    held: Count


class ReturnNote(Command, frozen=True, tag=True):
    """Give the note that is held as `held` back. Nothing is held as that any more: nothing happens."""

    held: Count


class BookNote(Command, frozen=True, tag=True):
    """Core has committed the notes up to this position; the driver may forget them."""

    position: NotePosition


class Dispense(Command, frozen=True, tag=True):
    """Pay out `count` coins (core asks for MOST_COINS at most), sent to the hopper once. -> PaidOut

    `key` names the journaled intent.

    `hopper` is which of the machine's hoppers, from 0.
    """

    key: Key
    count: Pieces
    hopper: Pieces = 0


class ReadCash(Command, frozen=True, tag=True):
    """Read the cash counters now, from the devices, not from memory. -> CashReading"""


class ReadPaper(Command, frozen=True, tag=True):
    """Read page and retract counters and the presenter's sensors now. -> PaperReading

    `key`, named as in FollowJob: a job whose own count of sheets is read, too. `printer_serial` alone: P is read as the
    count that it names.
    """

    key: Key = ""
    job_id: JobId = 0
    printer_serial: Word = ""


class OpenJob(Command, frozen=True, tag=True):
    """Create the printer's job named `key`, hand over a connected socket for Send-Document. -> JobOpened (+ socket)

    From here on the driver follows the job by itself: SheetOut events, then one JobEnded.
    """

    key: Key
    sheets: Pieces


class FollowJob(Command, frozen=True, tag=True):
    """After a restart: find the job and follow it again.

    `job_id` and `printer_serial` are those of its JobOpened (0 and "" where that was never heard): a job is known by
    them, as a printer may forget names. NOT_DONE: the printer surely has no such job that may still print.
    """

    key: Key
    sheets: Pieces
    job_id: JobId = 0
    printer_serial: Word = ""


class CancelJob(Command, frozen=True, tag=True):
    """Cancel the job and wait until the printer says that it has ended; sheets may come till then. -> PaperReading

    The job is named as in FollowJob. NOT_DONE: the printer surely has no such job that may still print. UNKNOWN with
    IDENTITY: another printer stands there now, which can never tell.
    """

    key: Key
    job_id: JobId = 0
    printer_serial: Word = ""


class Hold(Command, frozen=True, tag=True):
    """Close the presenter's gate: sheets from the printer stay inside."""


class Present(Command, frozen=True, tag=True):
    """Push the held sheets into the mouth. PaperTaken follows when the mouth is empty again. -> PaperReading"""


class Retract(Command, frozen=True, tag=True):
    """Pull what is in path and mouth into the bin. DONE only when both sensors are clear. -> PaperReading

    `printer_serial` as in ReadPaper.
    """

    printer_serial: Word = ""


class ReceiptLine(Struct, frozen=True):
    """One printed line. `size` 1 or 2; `align` left, centre or right; `right` is set flush right on the same line."""

    text: Text = ""
    right: Text = ""
    bold: bool = False
    size: Pieces = 1
    align: Word = "left"
    rule: bool = False


class PrintReceipt(Command, frozen=True, tag=True):
    """Print, feed and cut; DONE only when the printer has proved that everything before the cut was printed."""

    key: Key
    lines: Annotated[tuple[ReceiptLine, ...], Meta(max_length=200)]
    qr: Text = ""


class ReadCard(Command, frozen=True, tag=True):
    """Which card is in a reader now: for a core that has just come, or come back. -> CardReading"""


class ReadTerminal(Command, frozen=True, tag=True):
    """Ask the payment terminal whether it is busy, and which reservations are open. -> TerminalReading"""


class Authorise(Command, frozen=True, tag=True):
    """Reserve `amount` KRW on the card that the citizen presents; nothing is charged. `key` is ours. -> CardReserved

    NOT_DONE with REFUSED: the card was declined. NOT_DONE with CANCELLED: the citizen, or nobody, or StopCard ended it.
    """

    key: CardKey
    amount: CardSum


class StopCard(Command, frozen=True, tag=True):
    """The Authorise of `key` shall wait for a card no longer. It ends by itself, with whatever the terminal says."""

    key: Key


class Capture(Command, frozen=True, tag=True):
    """Charge `amount` KRW of the `reserved` ones of reservation `receipt`; the rest is given back. -> CardBooking"""

    key: CardKey
    receipt: CardReceipt
    reserved: CardSum
    amount: CardSum


class Reverse(Command, frozen=True, tag=True):
    """Give back all of reservation `receipt`. -> CardBooking"""

    key: CardKey
    receipt: CardReceipt


class ReadPower(Command, frozen=True, tag=True):
    """What the machine runs on, as last heard. NOT_DONE: the UPS does not answer. -> PowerReading"""


class Halt(Command, frozen=True, tag=True):
    """Have the whole machine turned off, by the command that it is set up with. DONE: that command was carried out."""


AnyCommand = (
    Resume
    | Collect
    | StopCollect
    | BookCredit
    | StackNote
    | ReturnNote
    | BookNote
    | Dispense
    | ReadCash
    | ReadPaper
    | OpenJob
    | FollowJob
    | CancelJob
    | Hold
    | Present
    | Retract
    | PrintReceipt
    | ReadCard
    | ReadTerminal
    | Authorise
    | StopCard
    | Capture
    | Reverse
    | ReadPower
    | Halt
)
