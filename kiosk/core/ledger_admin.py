"""The answers of admin.sock about the ledger: its state, orders and days, a close of the day, the copy."""

from typing import Any

import msgspec

from kiosk.core.machine import Machine
from kiosk.ipc.json_lines import Answer
from kiosk.ledger.days import closed_day, last_day
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.segments import open_rows, segments
from kiosk.order.model import Order
from kiosk.protocol.journal import DayClosed
from kiosk.protocol.spoken import same, spoken
from kiosk.visit.order_view import Slip
from kiosk.words.words import LANGUAGES


class LedgerAdmin:
    """Called on core's thread. Longer work is only begun here; the answer `ledger` says how it ended."""

    def __init__(self, machine: Machine, ledger: Ledger) -> None:
        self._machine, self._ledger = machine, ledger
        self._close: DayClosed | None = None
        self._closing, self._slip = "", Slip.NONE

    def asks(self) -> dict[str, Answer]:
        """The answers by their word."""
        return {
            "ledger": lambda _request: self.state(),
            "close-day": lambda _request: self.close_day(),
            "day": self.day,
            "print-day": self.print_day,
            "copy-ledger": lambda _request: self.copy(),
            "orders": lambda request: self.orders(str(request.get("number", ""))),
        }

    def state(self) -> dict[str, Any]:
        """The state of rows, segments, copy and room, and the last closed day."""
        upkeep, day = self._machine.upkeep, last_day(self._ledger)
        kept = segments(self._ledger)
        return {
            "seq": self._ledger.head[0],
            "outbox": self._ledger.outbox_depth()[0],
            "segments": len(kept),
            "dropped": sum(segment.dropped for segment in kept),
            "open_rows": open_rows(self._ledger),
            "copied_seq": int(self._ledger.about("copied-seq") or 0),
            **(upkeep.counters() if upkeep is not None else {}),
            "copying": upkeep is not None and upkeep.copying,
            "copy_trouble": upkeep.copy_trouble if upkeep is not None else "",
            "copy_held_ms": round(upkeep.held_ms, 1) if upkeep is not None else 0.0,
            "day": day.number if day is not None else 0,
            "day_ms": day.at_ms if day is not None else 0,
            "closing": self._closing,
            "close": msgspec.to_builtins(self._close) if self._close is not None else None,
            "slip": self._slip.value,
        }

    def orders(self, number: str) -> dict[str, Any]:
        """The orders that a caller may mean by this number, newest first."""
        meant = [name for name in self._ledger.order_ids() if same(name, number)]
        found = [order for name in meant if (order := self._ledger.order(name)) is not None]
        return {"orders": [_told(order) for order in found]}

    def close_day(self) -> dict[str, Any]:
        """Begin to close the day. Refused with `why`.

        - busy: somebody is here, or a close is under way.
        - closed: close `number` compared each device, and nothing was booked since.
        """
        if not self._machine.idle() or self._machine.days.busy:
            return {"begun": False, "why": "busy", "number": 0}
        if (last := self._machine.days.closed_already()) is not None:
            return {"begun": False, "why": "closed", "number": last.number}
        self._closing, self._close, self._slip = "counting", None, Slip.NONE
        self._machine.days.close("hand", self._closed)
        return {"begun": True, "why": "", "number": 0}

    def _closed(self, close: DayClosed | None) -> None:
        self._closing, self._close = ("closed" if close is not None else "interrupted"), close
        if close is not None and self._machine.upkeep is not None:
            self._machine.upkeep.close_segment()

    def day(self, request: dict[str, Any]) -> dict[str, Any]:
        """The close with that `number`; 0: the last one. None if the journal has no such close."""
        number = request.get("number")
        close = closed_day(self._ledger, number) if type(number) is int and number >= 0 else None
        return {"close": msgspec.to_builtins(close) if close is not None else None}

    def print_day(self, request: dict[str, Any]) -> dict[str, Any]:
        """Print the close with that `number` on the receipt printer, in `lang`. Each request prints again."""
        number, lang = request.get("number"), request.get("lang")
        close = closed_day(self._ledger, number) if type(number) is int and number >= 0 else None
        if close is None or lang not in LANGUAGES or self._slip is Slip.PRINTING:
            return {"begun": False}
        self._slip = Slip.PRINTING
        self._machine.days.print(close, lang, self._printed)
        return {"begun": True}

    def _printed(self, slip: Slip) -> None:
        self._slip = slip

    def copy(self) -> dict[str, Any]:
        """Begin the second copy of the ledger, unless a copy is under way."""
        upkeep = self._machine.upkeep
        if upkeep is None or upkeep.copying:
            return {"begun": False}
        upkeep.copy()
        return {"begun": True}


def _told(order: Order) -> dict[str, Any]:
    """The facts by which a caller can recognise the order, and how it ended.

    They hold no name of a person.
    """
    return {
        "number": spoken(order.id),
        "order": order.id,
        "opened_ms": order.opened_ms,
        "state": order.state.value,
        "outcome": order.outcome.value if order.outcome is not None else "",
        "reason": order.reason,
        "types": sorted({issue.type_code for issue in order.issues}),
        "fee": order.fee,
        "credit": order.credit,
        "kept": order.earned,
        "paid": order.paid,
        "claim": order.claim,
    }
