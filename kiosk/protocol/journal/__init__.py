"""The journal's rows: one type for every kind that this machine writes, and the way between a row and its fact.

`Row` is the closed union of them all. Whoever reads rows matches it to the end (`assert_never`): a kind that is added
fails in `make check` until each reader says what it means to it. docs/journal.md is made from here.
"""

from typing import Final, get_args

import msgspec

from kiosk.protocol.journal.cards import (
    CardAuthorised,
    CardCaptured,
    CardCaptureIntent,
    CardDisputed,
    CardFact,
    CardIntent,
    CardNotTaken,
    CardReversed,
    CardReverseIntent,
    CardWaits,
)
from kiosk.protocol.journal.devices import (
    AcceptorKnown,
    CounterImplausible,
    CountersKnown,
    DeviceExchanged,
    HopperFact,
    HopperFilled,
    HopperForgot,
    HopperKnown,
    HopperUncounted,
    PaperFound,
    Reading,
    Surplus,
    ValidatorKnown,
)
from kiosk.protocol.journal.fact import Fact, Name, Part, Sum, body_of, kind_of, text_of
from kiosk.protocol.journal.issues import (
    IssueDelivered,
    IssueDisputed,
    IssueFact,
    IssueIntent,
    IssueNumbered,
    IssueVoid,
    PresentIntent,
    PrintIntent,
)
from kiosk.protocol.journal.machine import (
    Boot,
    BundleActivated,
    BundleNotTaken,
    BundleProved,
    BundleRefused,
    CaseResolved,
    ChainRefused,
    HaltAsked,
    HaltRefused,
    PowerEnding,
    PowerFact,
    PowerGood,
    PowerHalting,
    Survey,
)
from kiosk.protocol.journal.orders import (
    AcceptsDisputed,
    Claim,
    CoinsUnknown,
    Credit,
    CreditDisputed,
    Line,
    NoteCredit,
    NoteDoubt,
    NoteIntent,
    NoteReturned,
    NotesUnknown,
    OrderClosed,
    OrderOpened,
    Paid,
    PayIntent,
    PayoutDisputed,
    PositionTold,
    RedeemHeld,
    RedeemIntent,
)
from kiosk.protocol.journal.upkeep import (
    CopyFailed,
    CopyMade,
    DayClosed,
    DayDevice,
    DayMoney,
    DayOpened,
    LedgerRebuilt,
    SegmentClosed,
    SegmentDropped,
)
from kiosk.protocol.not_json import NOT_JSON

__all__ = [
    "TYPES",
    "AcceptorKnown",
    "AcceptsDisputed",
    "BodyError",
    "Boot",
    "BundleActivated",
    "BundleNotTaken",
    "BundleProved",
    "BundleRefused",
    "CardAuthorised",
    "CardCaptureIntent",
    "CardCaptured",
    "CardDisputed",
    "CardFact",
    "CardIntent",
    "CardNotTaken",
    "CardReverseIntent",
    "CardReversed",
    "CardWaits",
    "CaseResolved",
    "ChainRefused",
    "Claim",
    "CoinsUnknown",
    "CopyFailed",
    "CopyMade",
    "CounterImplausible",
    "CountersKnown",
    "Credit",
    "CreditDisputed",
    "DayClosed",
    "DayDevice",
    "DayMoney",
    "DayOpened",
    "DeviceExchanged",
    "Fact",
    "HaltAsked",
    "HaltRefused",
    "HopperFact",
    "HopperFilled",
    "HopperForgot",
    "HopperKnown",
    "HopperUncounted",
    "IssueDelivered",
    "IssueDisputed",
    "IssueFact",
    "IssueIntent",
    "IssueNumbered",
    "IssueVoid",
    "LedgerRebuilt",
    "Line",
    "Name",
    "NoteCredit",
    "NoteDoubt",
    "NoteIntent",
    "NoteReturned",
    "NotesUnknown",
    "OfCards",
    "OfDevices",
    "OfMoney",
    "OfOrders",
    "OfPaper",
    "OfTheLedger",
    "OfTheMachine",
    "OrderClosed",
    "OrderOpened",
    "Paid",
    "PaperFound",
    "Part",
    "PayIntent",
    "PayoutDisputed",
    "PositionTold",
    "PowerEnding",
    "PowerFact",
    "PowerGood",
    "PowerHalting",
    "PresentIntent",
    "PrintIntent",
    "Reading",
    "RedeemHeld",
    "RedeemIntent",
    "Row",
    "SegmentClosed",
    "SegmentDropped",
    "Sum",
    "Surplus",
    "Survey",
    "UnknownKindError",
    "ValidatorKnown",
    "body_of",
    "convert",
    "decode",
    "kind_of",
    "text_of",
]

OfMoney = (
    OrderOpened
    | OrderClosed
    | RedeemIntent
    | RedeemHeld
    | Credit
    | CoinsUnknown
    | CreditDisputed
    | AcceptsDisputed
    | NoteIntent
    | NoteCredit
    | NoteReturned
    | NoteDoubt
    | NotesUnknown
    | PayIntent
    | Paid
    | PayoutDisputed
    | PositionTold
)
OfPaper = (
    IssueIntent | IssueNumbered | PrintIntent | PresentIntent | IssueDelivered | IssueVoid | IssueDisputed
)
OfCards = (
    CardIntent
    | CardAuthorised
    | CardNotTaken
    | CardWaits
    | CardCaptureIntent
    | CardReverseIntent
    | CardCaptured
    | CardReversed
    | CardDisputed
)
OfDevices = (
    AcceptorKnown
    | ValidatorKnown
    | CountersKnown
    | DeviceExchanged
    | CounterImplausible
    | Surplus
    | HopperKnown
    | HopperFilled
    | HopperUncounted
    | HopperForgot
    | PaperFound
)
OfTheMachine = (
    Boot
    | PowerGood
    | PowerEnding
    | PowerHalting
    | HaltAsked
    | HaltRefused
    | BundleActivated
    | BundleProved
    | BundleRefused
    | BundleNotTaken
    | ChainRefused
    | CaseResolved
    | Survey
)
OfTheLedger = DayOpened | DayClosed | SegmentClosed | SegmentDropped | CopyMade | CopyFailed | LedgerRebuilt
OfOrders = OfMoney | OfPaper | OfCards
"""What changes an order, or says something of one."""
Row = OfOrders | OfDevices | OfTheMachine | OfTheLedger

TYPES: Final[dict[str, type[Row]]] = {kind_of(each): each for each in get_args(Row)}
"""The type of each kind."""


class UnknownKindError(ValueError):
    """A row of a kind that this program does not know."""


class BodyError(ValueError):
    """The body of a row is not of its kind. The message names the field, never its value."""


def decode(kind: str, body: bytes | str) -> Row:
    """The fact that a row says; `body` is its JSON. Raises UnknownKindError or BodyError."""
    try:
        return msgspec.json.decode(body, type=_type_of(kind))
    except NOT_JSON as error:
        raise BodyError(str(error)) from error


def convert(kind: str, body: object) -> Row:
    """The same of a body whose JSON was decoded already, whatever it is. Raises UnknownKindError or BodyError."""
    try:
        return msgspec.convert(body, _type_of(kind))
    except msgspec.ValidationError as error:
        raise BodyError(str(error)) from error


def _type_of(kind: str) -> type[Row]:
    if kind not in TYPES:
        raise UnknownKindError(kind)
    return TYPES[kind]
