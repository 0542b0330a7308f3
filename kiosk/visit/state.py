"""The visit as a value: which screen, what was typed, what is known, and when patience ends."""

from msgspec import Struct

from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.health import Health
from kiosk.health.power import Power
from kiosk.protocol.screen import Display
from kiosk.visit.items import Item
from kiosk.visit.screens import Card, OutOfService, Screen

# --- overlays ---------------------------------------------------------------------------------------------------------


class Help(Struct, frozen=True):
    """What to do on this screen, and whom to call."""


class Languages(Struct, frozen=True):
    """Which language?"""


class DisplaySheet(Struct, frozen=True):
    """Text size, contrast, low reach."""


class MoreTime(Struct, frozen=True):
    """Still here? Ends at the visit's deadline."""


class Leave(Struct, frozen=True):
    """Really stop, with money in?"""


class Remove(Struct, frozen=True):
    """Which of several certificates shall not be issued?"""


class Reason(Struct, frozen=True):
    """What is told to the person alone: why they pay nothing, or why there is no certificate. Hides by itself."""


Overlay = Help | Languages | DisplaySheet | MoreTime | Leave | Remove | Reason


# --- the visit --------------------------------------------------------------------------------------------------------


class Since(Struct, frozen=True):
    """Since when (now_ms) something does not work."""

    device: str
    reason: str
    since_ms: int


class Visit(Struct, frozen=True):
    """Everything the dialogue knows. `number` counts visits; `serving` from BeginVisit to EndVisit.

    `deadline_ms`: when the present screen's (or overlay's) patience ends, on the clock of now_ms; None: it has none.
    `abandoned`: time ran out with an order open; the screen follows it to its end and the visit closes.
    `basket`: the certificates set aside, to be issued and paid together with the one at hand, in the order of choosing.
    `lines` counts the drafts asked for. `card` is the machine's: it stays from visit to visit, as the card does, and
    as what is known of the `power` does.
    """

    catalogue: Catalogue
    screen: Screen
    health: Health = Health()
    since: tuple[Since, ...] = ()
    overlay: Overlay | None = None
    display: Display = Display()
    number: int = 0
    serving: bool = False
    worker_ready: bool = False
    basket: tuple[Item, ...] = ()
    lines: int = 0
    deadline_ms: int | None = None
    abandoned: bool = False
    card: Card | None = None
    power: Power = Power.GOOD


def first(catalogue: Catalogue) -> Visit:
    """The visit of a machine that has just started and knows nothing of its devices yet."""
    return Visit(catalogue=catalogue, screen=OutOfService())
