"""What can happen to a visit: presses, the clock, health, and what worker and order have to say."""

from msgspec import Struct

from kiosk.health.health import Health
from kiosk.protocol.screen import Row
from kiosk.visit.order_view import OrderView


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
    """

    line: int
    sheets: int
    fee: int
    waiver: str = ""
    summary: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


class DraftFailed(Struct, frozen=True):
    """There is no draft for the line. `code` is one of kiosk.words.refusals (others are shown as `unknown`)."""

    line: int
    code: str


class OrderMoved(Struct, frozen=True):
    """The order stands otherwise than before. The screen follows it from the first to CLOSED."""

    view: OrderView


class OrderRefused(Struct, frozen=True):
    """OpenOrder could not be done; nothing was taken. `code` is one of kiosk.words.refusals (no-change, offline …)."""

    code: str


class Interrupted(Struct, frozen=True):
    """At start core closed an order that a crash or a power cut had interrupted: what to tell who still stands here."""

    view: OrderView


VisitEvent = (
    Pressed
    | Tick
    | HealthChanged
    | WorkerReady
    | DraftCame
    | DraftFailed
    | OrderMoved
    | OrderRefused
    | Interrupted
)
