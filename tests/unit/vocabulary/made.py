"""Every code that the machine's programs can make today: read out of the code that makes them, not out of a list.

What is an enumeration is asked of the enumeration; what a pure function returns is asked of the function, with
everything that can be handed to it; what is written down where it is used (`Ailment("ledger", "no-room")`) is read from
the source. A code that is made in a way that cannot be read here fails the test that says so: `unread`.
"""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from drivers.contract import DeviceState, Reason, ReasonCode, Severity, Status
from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.cash import CashLevels
from kiosk.health.health import Ailment, device_reason, health
from kiosk.health.parts import LOOKED_AT, PARTS, PAYMENT_DEVICES, Looked
from kiosk.order.policies import REASONS
from kiosk.protocol.certificates import Hours
from tests.unit.visit.walk import by_card

ROOT = Path(__file__).resolve().parents[3]
# Where an ailment's words come from the function's arguments: what they can be is gathered below, by running it.
BY_RUNNING = {"kiosk/health/health.py: Ailment(device, reason)"}
# Where an argument comes from a table of another room, or a loop: the devices, and the reasons where these do, too.
DEVICES_AT = {
    "kiosk/core/sale_state.py: Ailment(sale.missing[0], policies.REASONS[sale.missing])": {
        device for device, _ in REASONS
    },
    "kiosk/health/start.py: Ailment(name, STARTING)": {*LOOKED_AT, "link"},
}
REASONS_AT = {
    "kiosk/core/sale_state.py: Ailment(sale.missing[0], policies.REASONS[sale.missing])": set(
        REASONS.values()
    )
}
# Samples for the screens, not the machine.
NOT_MADE = ("kiosk/examples/",)


def sources(*folders: str) -> Iterator[Path]:
    """The Python files of our programs."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def calls(name: str, *folders: str) -> Iterator[tuple[str, ast.Call, dict[str, Any]]]:
    """Each call of `name`: where it stands, what it is, and the names that its module knows."""
    for file in sources(*folders):
        place = file.relative_to(ROOT).as_posix()
        if place.startswith(NOT_MADE):
            continue
        text = file.read_text("utf-8")
        if f"{name}(" not in text:
            continue
        module = vars(importlib.import_module(place.removesuffix(".py").replace("/", ".")))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield f"{place}: {ast.unparse(node)}", node, module


def values(node: ast.expr, module: dict[str, Any]) -> set[str] | None:
    """What an argument can be; None where that depends on more than the module's own names."""
    if isinstance(node, ast.IfExp):
        both = [values(node.body, module), values(node.orelse, module)]
        return None if None in both else {word for found in both if found for word in found}
    if isinstance(node, ast.Subscript):
        try:
            whole = eval(ast.unparse(node.value), module)  # noqa: S307  (our own source)
        except NameError:
            return None
        return {str(one) for one in whole} if isinstance(whole, tuple) else None
    try:
        found = eval(ast.unparse(node), module)  # noqa: S307  (our own source)
    except (NameError, AttributeError):
        return None
    return {str(found)} if isinstance(found, str) else None


def written_ailments() -> tuple[set[Ailment], list[str]]:
    """Those that stand in the source, and the places that can't be read."""
    found: set[Ailment] = set()
    unread = []
    for place, call, module in calls("Ailment", "kiosk"):
        if place in BY_RUNNING:
            continue
        device, reason = (values(arg, module) for arg in call.args) if len(call.args) == 2 else (None, None)
        device, reason = DEVICES_AT.get(place, device), REASONS_AT.get(place, reason)
        if device is None or reason is None:
            unread.append(place)
            continue
        found |= {Ailment(one, why) for one in device for why in reason}
    return found, unread


def statuses(device: str) -> Iterator[Status | None]:
    """Whatever a device can say of itself."""
    yield None
    for state in DeviceState:
        yield Status(device, state)
        for code in ReasonCode:
            for severity in Severity:
                yield Status(device, state, (Reason(code, severity),))


@cache
def ailments() -> set[Ailment]:
    """All that can ail a machine."""
    of_devices = {
        Ailment(device, reason)
        for device in LOOKED_AT
        for status in statuses(device)
        if (reason := device_reason(status))
    }
    return of_devices | written_ailments()[0]


def _with_hours(catalogue: Catalogue) -> Catalogue:
    """One type of it is sold by day only."""
    first, *others = catalogue.types
    by_day = msgspec.structs.replace(first, hours=Hours("09:00", "18:00"))
    return msgspec.structs.replace(catalogue, types=(by_day, *others))


@cache
def type_reasons() -> set[str]:
    """Every reason for which a certificate is not sold."""
    catalogue = _with_hours(by_card())
    fitted = [
        name for name in LOOKED_AT if PARTS[name].looked is Looked.TOLD_OF and name not in PAYMENT_DEVICES
    ]
    well = {name: Status(name, DeviceState.READY) for name in LOOKED_AT if name not in fitted}
    cashless = {name: status for name, status in well.items() if name not in PAYMENT_DEVICES}
    full, poor = CashLevels(200, 100, (100, 500)), CashLevels(0, 100, (100, 500))
    found: set[str] = set()
    for besides in ((), *((one,) for one in sorted(ailments(), key=str))):
        for devices in (well, cashless):
            for cash in (full, poor, None):
                for minute in (0, 720):
                    for link in (True, False):
                        judged = health(
                            catalogue, devices, online=link, besides=besides, cash=cash, minute=minute
                        )
                        found |= {kind.reason for kind in judged.types if kind.reason}
    return found


def order_reasons() -> set[str]:
    """Reasons of an order's end that stand in the saga's source; the others are refusals' codes."""
    found = set()
    for _place, call, module in (*calls("change", "kiosk/order"), *calls("change_card", "kiosk/order")):
        for keyword in call.keywords:
            if keyword.arg == "reason":
                # `order.reason or "left"`: the last of them is what is written here.
                last = keyword.value.values[-1] if isinstance(keyword.value, ast.BoolOp) else keyword.value
                found |= values(last, module) or set()
    return found - {""}
