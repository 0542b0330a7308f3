"""What a visit asks core to do. Core runs them in order and posts the results as events."""

from typing import Literal

from msgspec import Struct

from kiosk.protocol.identity import AskedLine

EndReason = Literal["finished", "cancelled", "abandoned"]


class BeginVisit(Struct, frozen=True):
    """Someone is here: give visit `visit` an order id and a worker. -> WorkerReady"""

    visit: int


class RequestDraft(Struct, frozen=True):
    """Ask for the draft of one line. -> DraftCame, DraftChoice or DraftFailed with the same `line` and `which`.

    `line` is new for each request of a visit, so a late answer to an earlier one can't be taken for this one's. The
    same line comes again only with `which`, the key of what was picked from a DraftChoice: then it takes the place of
    the request before it, whose answer is no longer told.
    A person's subject is {}: whom the card identified.
    Parcel subjects are {"dong": 10 digits, "mountain": "0" or "1", "main": lot, "sub": lot or "0"}.
    """

    line: int
    type_code: str
    subject: dict[str, str]
    options: dict[str, str]
    lang: str
    which: str = ""


class OpenCard(Struct, frozen=True):
    """Have the worker look at the card in `reader`, if that still counts `insertion`. -> CardReady or CardRefused

    It takes the place of an OpenCard or Identify before it: what those lead to is no longer told.
    """

    reader: str
    insertion: int


class Identify(Struct, frozen=True):
    """Let the card that is open sign for `lines`, and ask central whose it is. -> HolderKnown or CardRefused

    `sealed` is the PIN, for the worker only. The draft of each line is requested under the same line, subject and
    options.
    """

    lines: tuple[AskedLine, ...]
    sealed: bytes


class CloseCard(Struct, frozen=True):
    """Let go of the card. What an OpenCard or Identify before it leads to is no longer told; what is known stays."""


class OrderLine(Struct, frozen=True):
    """One line as the citizen has agreed to it: `sheets` and `fee_each` (KRW) are of one copy."""

    line: int
    type_code: str
    copies: int
    sheets: int
    fee_each: int


class OpenOrder(Struct, frozen=True):
    """Open the order and start to collect (or to issue, when it is free). -> OrderMoved or OrderRefused

    `holder` is the pseudonym of whom the card identified: who paid can be known again, without a name.
    """

    lines: tuple[OrderLine, ...]
    holder: str = ""


class OpenRedemption(Struct, frozen=True):
    """Look for what is owed to whom the card identified (`holder`, their pseudonym). -> OrderMoved or OrderRefused"""

    holder: str


class ConfirmRedemption(Struct, frozen=True):
    """They have seen how much it is: pay it out. -> OrderMoved"""


class CancelOrder(Struct, frozen=True):
    """Give the money back. Ignored by core once ISSUE? is written. -> OrderMoved"""


class ChooseMeans(Struct, frozen=True):
    """Pay in cash, by card, or (`means` "") another way than the one at hand. Not once money is in. -> OrderMoved"""

    means: str


class HoldPaper(Struct, frozen=True):
    """The citizen needs more time to take the paper: put `retract_at_ms` off. -> OrderMoved"""


class RecordSurvey(Struct, frozen=True):
    """The one question's answer, 1 (bad) to 5 (good). Nothing ties it to a person."""

    score: int


class PrintGuide(Struct, frozen=True):
    """Print the slip that leads to the counter, in language `lang`. -> GuideOver

    `type_code` could not be had here, for the reason `code` of kiosk.words.refusals.
    """

    type_code: str
    code: str
    lang: str


class PrintSlip(Struct, frozen=True):
    """Print the receipt, or the claim slip, of this visit's order, which is over. -> OrderMoved"""


class EndVisit(Struct, frozen=True):
    """The visit is over and wiped: kill the worker, get the next one ready. No order is open any more."""

    visit: int
    reason: EndReason


CardEffect = OpenCard | Identify | CloseCard

Effect = (
    BeginVisit
    | RequestDraft
    | OpenOrder
    | OpenRedemption
    | ConfirmRedemption
    | CancelOrder
    | ChooseMeans
    | HoldPaper
    | RecordSurvey
    | PrintGuide
    | PrintSlip
    | EndVisit
    | CardEffect
)
