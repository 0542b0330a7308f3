"""What a bus tells core: the end of each command, and what happened by itself."""

from msgspec import Struct

from drivers.contract.bounds import Count
from drivers.contract.positions import CoinPosition, NotePosition
from drivers.contract.results import PowerReading, Result
from drivers.contract.vocabulary import ErrorCode, Outcome, Status


class Completed(Struct, frozen=True, tag=True):
    """The end of one command. `code` and `detail` say why it is not DONE; `result` carries what the command returns."""

    request: str
    outcome: Outcome
    code: ErrorCode | None = None
    detail: str = ""
    result: Result | None = None


class StatusChanged(Struct, frozen=True, tag=True):
    """A device's state, reasons, identity or epoch changed (and once for every device after the hello)."""

    status: Status


class Credited(Struct, frozen=True, tag=True):
    """A coin was accepted. To be committed, then shown, then booked. `recovered`: it fell while nobody listened."""

    value: Count
    position: CoinPosition
    recovered: bool = False


class CreditsLost(Struct, frozen=True, tag=True):
    """`count` coins were accepted whose values nobody knows any more (buffer overrun, or a reset before the poll)."""

    count: Count
    position: CoinPosition


class CoinRejected(Struct, frozen=True, tag=True):
    """A coin was given back at once. `code` is the acceptor's."""

    code: Count


class NoteHeld(Struct, frozen=True, tag=True):
    """A note is held in escrow: nobody's money yet. `position.events` is how StackNote and ReturnNote name this one.

    `position.stacked` is how many notes were stacked for life before it.
    """

    value: Count
    position: NotePosition


class NoteStacked(Struct, frozen=True, tag=True):
    """A note is in the stacker. To be committed, then shown, then booked. `recovered`: nobody listened when it fell."""

    value: Count
    position: NotePosition
    recovered: bool = False


class NoteBack(Struct, frozen=True, tag=True):
    """The note that was held as `held` went back to whoever put it in."""

    held: Count


class NotesLost(Struct, frozen=True, tag=True):
    """`count` notes were stacked whose values nobody knows. 0: the validator can't tell whether any was."""

    count: Count
    position: NotePosition


class CoinOut(Struct, frozen=True, tag=True):
    """`paid` coins of payout `key` are out so far."""

    key: str
    paid: Count


class SheetOut(Struct, frozen=True, tag=True):
    """Sheet `sheet` (1-based) of job `key` has left the printer."""

    key: str
    sheet: Count


class JobEnded(Struct, frozen=True, tag=True):
    """Job `key` is over. DONE only for completed with every sheet counted; `sheets` is what the counter proves."""

    key: str
    outcome: Outcome
    sheets: Count
    code: ErrorCode | None = None


class PaperTaken(Struct, frozen=True, tag=True):
    """The mouth was occupied and is empty, without a retract: a person has the paper."""


class CardInserted(Struct, frozen=True, tag=True):
    """A card was put into `reader`. It is this very card for as long as the reader counts `insertion`.

    `insertion` is the PC/SC service's own counter of what was put in and pulled out (16 bits, from 0 after its start).
    `mute`: it does not answer to reset. It is the wrong way round, no chip card, or broken.
    """

    reader: str
    insertion: Count
    mute: bool = False


class CardRemoved(Struct, frozen=True, tag=True):
    """The card of the last CardInserted of `reader` is out, or was exchanged, or the reader is gone with it."""

    reader: str


class CardPrompt(Struct, frozen=True, tag=True):
    """What the terminal asks of the citizen during the Authorise of `key`: present, pin, remove, or wait."""

    key: str
    prompt: str


class PowerChanged(Struct, frozen=True, tag=True):
    """The supply changed, or the battery's charge or runtime did. UNKNOWN as soon as the UPS gives no answer."""

    reading: PowerReading


Event = (
    Completed
    | StatusChanged
    | Credited
    | CreditsLost
    | CoinRejected
    | NoteHeld
    | NoteStacked
    | NoteBack
    | NotesLost
    | CoinOut
    | SheetOut
    | JobEnded
    | PaperTaken
    | CardInserted
    | CardRemoved
    | CardPrompt
    | PowerChanged
)
