"""A ledger with trade in it: whole orders of the saga's world, under names of their own, on a clock that moves."""

from typing import Any

import msgspec

from drivers.contract import CoinPosition
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.step import HopperFill
from kiosk.order.model import Order
from kiosk.order.saga import Move
from kiosk.protocol import journal
from kiosk.protocol.journal import body_of, kind_of
from tests.unit.order.world import World

MORNING_MS = 1_764_000_000_000  # 2025-11-25 01:00 in Seoul
BOOT = "01HZY8M2T6W3V9XQ5R7N4K8B2D"


class Clock:
    """Wall time that goes on by a second with each look."""

    def __init__(self, at_ms: int = MORNING_MS) -> None:
        self.at_ms = at_ms

    def stamp(self) -> Stamp:
        """When a row is written."""
        self.at_ms += 1_000
        return Stamp(BOOT, self.at_ms, self.at_ms - MORNING_MS)


class Sale(World):
    """One order of the world's, entered into a real ledger as `name`."""

    ledger: Ledger
    name: str
    at_ms: int

    def apply(self, move: Move) -> None:
        """Durable in the ledger first, as core does it."""
        if move.records:
            records = tuple(
                journal.convert(kind_of(fact), self._body(body_of(fact))) for fact in move.records
            )
            order = self._order(move.saga.order)
            self.ledger.commit(records, order, order.booked, note=order.booked_note)
        super().apply(move)

    def _body(self, told: dict[str, Any]) -> dict[str, Any]:
        body = {key: self._named(value) for key, value in told.items()}
        if body.get("number"):
            body["number"] = number_of(self.name, told["copy"])
        return body

    def _named(self, value: object) -> object:
        if isinstance(value, str) and (value == "O" or value.startswith("O-")):
            return self.name + value[1:]
        return value

    def _order(self, order: Order) -> Order:
        issues = tuple(
            msgspec.structs.replace(
                issue, key=self.name + issue.key[1:], number=issue.number and number_of(self.name, issue.copy)
            )
            for issue in order.issues
        )
        return msgspec.structs.replace(order, id=self.name, opened_ms=self.at_ms, issues=issues)


def number_of(name: str, copy: int) -> str:
    """A document number that no other order has: 16 digits."""
    return f"{int(name[-5:], 36):010}{copy:06}"


def sell(ledger: Ledger, name: str, at_ms: int = MORNING_MS, **knobs: object) -> Sale:
    """One citizen; the world afterwards, with what physically happened."""
    sale = Sale(**knobs)  # type: ignore[arg-type]  # by its name
    sale.ledger, sale.name, sale.at_ms = ledger, name, at_ms
    sale.serve()
    return sale


def open_shop(ledger: Ledger) -> None:
    """The first rows of a new machine."""
    ledger.commit((journal.Boot(),))
    ledger.commit((journal.AcceptorKnown("A1"),), position=CoinPosition("A1", 0, 0))
    ledger.commit((journal.HopperFilled("H1", 60),), hopper=HopperFill("H1", 60, 0))
