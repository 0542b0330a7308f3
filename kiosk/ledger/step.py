"""What one durable step is made of: rows, an order, how far each device is booked, and money that is nobody's."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from msgspec import Struct

from kiosk.order.counters import Counters, news
from kiosk.order.model import Order
from kiosk.protocol import journal


class Surplus(Struct, frozen=True):
    """Money or paper that belongs to no order.

    `what` is coin (KRW), unknown-coin, coin-out, note (KRW), unknown-note, sheet or retract.
    """

    what: str
    amount: int


class HopperFill(Struct, frozen=True):
    """When a hopper was last filled: how many coins it held then, at which lifetime count of which hopper.

    `hopper` is which of the machine's hoppers, from 0. `uncounted`: it was put in, and nobody has said what it holds.
    `forgot`: where its count stood when it forgot it, as long as the last order's counters still say so.
    """

    serial: str
    coins: int
    dispensed: int
    hopper: int = 0
    uncounted: bool = False
    forgot: int | None = None


class BundlePointer(Struct, frozen=True):
    """What core serves from (`active`) and served from before (`previous`): bundles, "" for what it was shipped with.

    `floor`: the highest version that ever served. `refused`: the bundle that gave way last; it is not taken up again.
    `proved`: a worker has got ready with `active`.
    """

    active: str = ""
    previous: str = ""
    floor: int = 0
    refused: str = ""
    proved: bool = False


def hopper_name(hopper: int) -> str:
    """The name under which a hopper's filling is kept, by its number from 0."""
    return "hopper" if hopper == 0 else f"hopper-{hopper + 1}"


class Step(NamedTuple):
    """What one commit is made of. `kept`: positions by device, as they stand from now on.

    `stood`: the lifetime counters before it. A row says only which of them stand elsewhere now: all five in each row of
    an order would be a quarter of its bytes.
    """

    records: tuple[journal.Row, ...]
    order: Order | None
    kept: dict[str, Struct]
    surplus: Surplus | None
    also: Callable[[int, str], None] | None
    stood: Counters = Counters()

    @property
    def coins(self) -> int:
        """KRW of surplus coins and notes."""
        return (
            self.surplus.amount if self.surplus is not None and self.surplus.what in ("coin", "note") else 0
        )

    def with_kept(self) -> tuple[journal.Row, ...]:
        """The records; the last one says what positions came with it, so that central's journal can give them back."""
        if not self.records or not self.kept:
            return self.records
        last = self.records[-1]
        said = {name: msgspec.to_builtins(self._said(value)) for name, value in self.kept.items()}
        return (*self.records[:-1], msgspec.structs.replace(last, kept=said))

    def _said(self, value: Struct) -> object:
        return news(self.stood, value) if isinstance(value, Counters) else value
