"""Ports for a part of core that is tried by itself: nobody hears, unless the test says who."""

from typing import Any

from kiosk.core.order_runner import OrderPorts
from kiosk.core.visit_runner import VisitPorts
from kiosk.ipc.peer import Listener
from kiosk.visit.order_view import Slip


def nothing(*_said: Any) -> None:
    """Nobody hears it."""


def visit_ports(**some: Any) -> VisitPorts:
    """Of a visit with no order open, and no printer of any sort."""
    unheard = dict.fromkeys(VisitPorts.__struct_fields__, nothing)
    silent = {"order_open": bool, "printer": str, "print_guide": lambda _wanted, over: over(Slip.FAILED)}
    ports: dict[str, Any] = unheard | silent | some
    return VisitPorts(**ports)


def order_ports(**some: Any) -> OrderPorts:
    """Of an order that nobody looks at, on a machine without a payment terminal."""
    ports: dict[str, Any] = dict.fromkeys(OrderPorts.__struct_fields__, nothing) | some
    return OrderPorts(**ports)


# Of a program whose words are not what the test is about.
UNHEARD = Listener(up=nothing, down=nothing, said=nothing)
