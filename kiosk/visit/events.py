"""What can happen to a visit: presses, the clock, health, the card, and what worker and order have to say."""

from msgspec import Struct

from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.health import Health
from kiosk.health.power import Power
from kiosk.protocol.central import Offered
from kiosk.protocol.screen import Row
from kiosk.visit.order_view import OrderView, Slip


class Pressed(Struct, frozen=True):
    """A control was pressed that `intents.accepts` let through."""

    control: str


class Tick(Struct, frozen=True):
    """Time went on; `reduce` gets it as now_ms. Four times a second is plenty."""


class HealthChanged(Struct, frozen=True):
    """What can be sold now."""

    health: Health


class WorkerReady(Struct, frozen=True):
    """A worker of this visit is there. Drafts are requested only after it; a second one means that the first died."""


class DraftCame(Struct, frozen=True):
    """The line can be printed: sheets and fee (KRW, central's quote) of one copy.

    `summary`: rows about the subject in the language asked for, open data only.
    `notes`: message keys' tails (`note.*`). Core passes on answers of the present visit's worker only.
    `which` is that of the request, here and in the two below: a line can be asked for again with another.
    """

    line: int
    sheets: int
    fee: int
    waiver: str = ""
    summary: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    which: str = ""


class DraftChoice(Struct, frozen=True):
    """There are several things that the line could be about; `what` as in kiosk.protocol.central.Choice."""

    line: int
    what: str
    offered: tuple[Offered, ...]
    which: str = ""


class DraftFailed(Struct, frozen=True):
    """There is no draft for the line. `code` is one of kiosk.words.refusals (others are shown as `unknown`)."""

    line: int
    code: str
    which: str = ""


class OrderMoved(Struct, frozen=True):
    """The order stands otherwise than before. The screen follows it from the first to CLOSED."""

    view: OrderView


class OrderRefused(Struct, frozen=True):
    """OpenOrder could not be done; nothing was taken. `code` is one of kiosk.words.refusals (no-change, offline …)."""

    code: str


class Interrupted(Struct, frozen=True):
    """At start core closed an order that a crash or a power cut had interrupted: what to tell who still stands here."""

    view: OrderView


class CardIn(Struct, frozen=True):
    """A card was put into `reader`; it is this very card for as long as the reader counts `insertion`. At any time."""

    reader: str
    insertion: int


class CardOut(Struct, frozen=True):
    """The card of the last CardIn is out. At any time, also between visits."""


class CardReady(Struct, frozen=True):
    """The answer to OpenCard: a citizen's card that can sign. `tries` are left for its PIN (None: it does not tell).

    The screen seals the PIN to `key` (X25519, 32 bytes) under `info`.
    """

    tries: int | None
    key: bytes
    info: bytes


class CardRefused(Struct, frozen=True):
    """The answer to OpenCard or Identify: not with this card, or not now.

    `pin-wrong` (with the `tries` left) and `pin-malformed` leave the card open, so that another PIN can be tried.
    Otherwise `code` is card-removed, card-changed, or one of kiosk.words.refusals.
    """

    code: str
    tries: int | None = None


class HolderKnown(Struct, frozen=True):
    """The answer to Identify: whose card it is, as the screen may say it (홍*동), and their pseudonym.

    Good for the lines asked for.
    """

    masked_name: str
    subject: str = ""


class GuideOver(Struct, frozen=True):
    """The answer to PrintGuide: what became of the slip."""

    slip: Slip


class Entered(Struct, frozen=True):
    """`control` of a screen with a Secret was pressed: what was typed, sealed for the worker."""

    control: str
    sealed: bytes


class CatalogueChanged(Struct, frozen=True):
    """The machine has another catalogue. Comes with nobody here."""

    catalogue: Catalogue


class PowerTold(Struct, frozen=True):
    """The power fails, or is back. At any time."""

    power: Power


CardEvent = CardIn | CardOut | CardReady | CardRefused | HolderKnown | Entered

VisitEvent = (
    Pressed
    | Tick
    | HealthChanged
    | CatalogueChanged
    | WorkerReady
    | DraftCame
    | DraftChoice
    | DraftFailed
    | OrderMoved
    | OrderRefused
    | Interrupted
    | GuideOver
    | PowerTold
    | CardEvent
)
