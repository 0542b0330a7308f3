"""The screens of a visit, a closed union: each is a value that holds what it needs and nothing of the others."""

from enum import StrEnum

from msgspec import Struct

from kiosk.visit.items import Asked, Drafted, Entry, Unpicked
from kiosk.visit.order_view import OrderView, Phase, Slip


class Card(Struct, frozen=True):
    """A card that is in: the one in `reader` for as long as it counts `insertion`.

    `before`: it was in before this visit began, so nobody knows whether it is this citizen's.
    """

    reader: str
    insertion: int
    before: bool = False


class Question(StrEnum):
    """The questions of the options screen, one at a time; only the last of them for a certificate about a person."""

    AREA = "area"
    PLACE = "place"
    LOT = "lot"
    CONTENT = "content"


class Attract(Struct, frozen=True):
    """Nobody is here."""


class OutOfService(Struct, frozen=True):
    """Nobody can be served."""


class Choose(Struct, frozen=True):
    """Which certificate, or which one more? `category` narrows the tiles; `typed` are initial consonants that do.

    `by_name`: the letters are asked for, where a group is asked for else.
    """

    category: str = ""
    typed: str = ""
    by_name: bool = False


class Options(Struct, frozen=True):
    """For which parcel, and what shall be on it? `error` is a message key about the present question."""

    entry: Entry
    question: Question
    error: str = ""


class InsertCard(Struct, frozen=True):
    """An identity card, please. `mishap` says what became of the last one: "", pulled or changed."""

    entry: Entry
    mishap: str = ""


class ReadingCard(Struct, frozen=True):
    """The worker looks at the card; `requested` once it is there to do so. Given up at `until_ms`."""

    entry: Entry
    card: Card
    requested: bool
    until_ms: int


class EnterPin(Struct, frozen=True):
    """The PIN, please. `tries` are left for it (None: the card does not tell). `key` and `info` as in Secret.

    `attempt` counts from 1; `amiss` says why the last one did not do: "", wrong or malformed.
    """

    entry: Entry
    card: Card
    tries: int | None
    key: bytes
    info: bytes
    attempt: int = 1
    amiss: str = ""


class Verifying(Struct, frozen=True):
    """The card signs for `lines`, and central says whose it is. `asked` is where another PIN would be typed."""

    asked: EnterPin
    lines: tuple[int, ...]
    until_ms: int


class Preparing(Struct, frozen=True):
    """Drafts are being made: that of the certificate at hand, and of those set aside that have none yet.

    `requested` once the worker is there to make them. Given up at `until_ms`. `lang` is the language in which the
    worker is asked to name the subject; `holder` and `subject` as in Drafted.
    """

    at_hand: Asked | Unpicked | Drafted
    requested: bool
    until_ms: int
    lang: str = "ko"
    holder: str = ""
    subject: str = ""

    @property
    def entry(self) -> Entry:
        """The certificate at hand."""
        return self.at_hand.entry


class Which(Struct, frozen=True):
    """Which of several? Of many a part is shown at a time (`part`, from 0). `holder` and `subject` as in Drafted."""

    at_hand: Unpicked
    part: int = 0
    holder: str = ""
    subject: str = ""

    @property
    def entry(self) -> Entry:
        """The certificate at hand."""
        return self.at_hand.entry


class Check(Struct, frozen=True):
    """Is this right, with what is set aside? `until_ms` once the citizen has said yes: when core must have opened
    the order.
    """

    draft: Drafted
    until_ms: int | None = None


class Pay(Struct, frozen=True):
    """Coins, please. `drafts`: what was agreed to, line by line; none for an order that outlived its visit's memory."""

    view: OrderView
    drafts: tuple[Drafted, ...]


class Issuing(Struct, frozen=True):
    """The machine works."""

    view: OrderView
    drafts: tuple[Drafted, ...]


class Take(Struct, frozen=True):
    """The paper is there."""

    view: OrderView
    drafts: tuple[Drafted, ...]


class Change(Struct, frozen=True):
    """Money goes back: change or refund."""

    view: OrderView
    drafts: tuple[Drafted, ...]


class Survey(Struct, frozen=True):
    """One question, anonymous. `delivered` copies were handed over; `slip` says what became of the receipt."""

    view: OrderView


class Refund(Struct, frozen=True):
    """Is money owed to who was identified? `view` once it is looked for; `confirmed`: they want it now."""

    view: OrderView | None = None
    confirmed: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is known how much, and a press is waited for."""
        return self.view is not None and self.view.phase is Phase.OFFERED and not self.confirmed


class Goodbye(Struct, frozen=True):
    """Done. `view` is None when no order was opened."""

    view: OrderView | None = None


class Trouble(Struct, frozen=True):
    """It did not work: `code` of kiosk.words.refusals. `view` has the money; `entry` is kept for another try.

    `guide` is the fate of the slip that leads to the counter.
    """

    code: str
    entry: Entry | None = None
    view: OrderView | None = None
    guide: Slip = Slip.NONE


Screen = (
    Attract
    | OutOfService
    | Choose
    | Options
    | InsertCard
    | ReadingCard
    | EnterPin
    | Verifying
    | Preparing
    | Which
    | Check
    | Pay
    | Issuing
    | Take
    | Change
    | Survey
    | Refund
    | Goodbye
    | Trouble
)
# Screens that an order draws by itself.
ORDERED = (Pay, Issuing, Take, Change)
# Screens that lead to whose card it is.
Identifying = InsertCard | ReadingCard | EnterPin | Verifying
