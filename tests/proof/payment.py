"""What bill validator and payment terminal are at one moment: where notes and reservations really are, what is said."""

from enum import StrEnum

from msgspec import Struct

from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent

STACKS_START = (1 << 24) - 1
"""The count of stacked notes begins just before it wraps."""
STACK_SPAN = 1 << 24
STRANGER = 900
"""The receipt of somebody else's reservation, open at the terminal all the time."""


class Spot(StrEnum):
    """Where the note is that is in the validator. MOVING: it was sent to the stacker and is not there yet."""

    NONE = ""
    ESCROW = "escrow"
    MOVING = "moving"
    STUCK = "stuck"


class Bill(Struct, frozen=True, cache_hash=True):
    """Notes, and what the validator and its driver know of them.

    `purse`: notes that the citizen has not tried yet; one that came back is not tried again. `events`: notes held since
    the last reset. `stacked` are in the machine for good, `told` of them core has heard of and booked,
    `uncounted` are missing in a count that forgets. `taking`: notes are
    drawn in. The driver: it has told of the note in escrow (`known`), has ordered it to be stacked (`sent`) and follows
    that for the command `key`; the note came back and nobody was told (`back`); the validator was `reset` and nobody
    has looked since, least of all a driver that is `new` itself.
    """

    purse: int = 0
    spot: Spot = Spot.NONE
    events: int = 0
    stacked: int = 0
    told: int = 0
    uncounted: int = 0
    taking: bool = False
    known: bool = False
    sent: bool = False
    key: str = ""
    back: bool = False
    reset: bool = False
    new: bool = False

    @property
    def settled(self) -> bool:
        """Whether the driver has nothing to tell: what it reads now has all been reported."""
        unseen = self.spot is Spot.ESCROW and not (self.known or self.sent)
        return self.told == self.stacked and not (self.back or self.reset or unseen)


class Terminal(Struct, frozen=True, cache_hash=True):
    """A payment terminal, its host, and the line to it.

    `doing` is what it is at; `linked`: whoever asked for that still listens. `late` is a command on its way, which may
    outlast a look at the terminal at rest (`looked`). `open`: receipts of this order's reservations, `away`: the same
    at a terminal that was taken away; `receipts` were ever given; `charged` coins. `touched`: a stranger's money was.
    """

    doing: Effect | None = None
    linked: bool = False
    late: Effect | None = None
    looked: bool = False
    open: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    receipts: int = 0
    charged: int = 0
    touched: bool = False
    serial: str = "T1"
    asked: tuple[Effect, ...] = ()
    said: tuple[OrderEvent, ...] = ()
