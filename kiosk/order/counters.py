"""Where the lifetime counters stood when they were last written down, and what it means that they stand elsewhere now.

Between orders nothing may move: coins and sheets that did belong to nobody and are written down as such (SURPLUS),
never credited to anybody, never ignored.
Counters mean something only on the device that they were read from; another serial is an exchange. Where the same
printer tells another of its counts, nothing can be said of the step. A step that no coin and no sheet can have made is
written down as what it is: not believable.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct

from drivers.contract import CashReading, CoinPosition, PaperReading, printer_of
from kiosk.order.events import CashRead, CashReady, Counted, Offered, OrderEvent, PaperRead, PayoutOver


class Count(Struct, frozen=True):
    """One lifetime counter, and the serial of the device that it was read from."""

    serial: str
    value: int


class Counters(Struct, frozen=True):
    """A (coins accepted), D (coins dispensed, of each hopper), P (sheets printed), R (documents retracted).

    None: never read, or not there.
    """

    coin: Count | None = None
    hopper: Count | None = None
    hopper_2: Count | None = None
    printer: Count | None = None
    presenter: Count | None = None


class What(StrEnum):
    """What a finding says."""

    SURPLUS = "surplus"
    IMPLAUSIBLE = "counter-implausible"
    EXCHANGED = "device-exchanged"


class Finding(Struct, frozen=True):
    """One counter that does not stand where it stood. `amount` coins, sheets or documents, of a SURPLUS only."""

    what: What
    counter: str
    before: Count
    now: Count
    amount: int = 0


# Name -> the most that can have moved while nobody looked.
MOST: Final = {"coin": 500, "hopper": 2_000, "hopper_2": 2_000, "printer": 500, "presenter": 50}
_HOPPERS: Final = ("hopper", "hopper_2")
NAMES: Final = tuple(MOST)
# What moved, in the words of the ledger's table and of an alarm.
MOVED: Final = {
    "coin": "unknown-coin",
    "hopper": "coin-out",
    "hopper_2": "coin-out",
    "printer": "sheet",
    "presenter": "retract",
}


def of_cash(reading: CashReading) -> Counters:
    """The counters in a reading of the cash bus."""
    second = reading.more_hoppers[0] if reading.more_hoppers else None
    return Counters(
        coin=_count(reading.coin_serial, reading.accepted),
        hopper=_count(reading.hopper_serial, reading.dispensed),
        hopper_2=_count(second.serial, second.dispensed) if second is not None else None,
    )


def of_paper(reading: PaperReading) -> Counters:
    """The counters in a reading of the paper bus."""
    return Counters(
        printer=_count(reading.printer_serial, reading.sheets),
        presenter=_count(reading.presenter_serial, reading.retracts),
    )


def spans(cash: CashReading | None, paper: PaperReading | None) -> dict[str, int]:
    """Where each counter begins anew, as its driver said with what was read."""
    found: dict[str, int] = {}
    if cash is not None:
        found |= {"coin": cash.accepted_span, "hopper": cash.dispensed_span}
        if cash.more_hoppers and cash.more_hoppers[0] is not None:
            found["hopper_2"] = cash.more_hoppers[0].span
    if paper is not None:
        found |= {"printer": paper.sheets_span, "presenter": paper.retracts_span}
    return found


def booked_too(known: Counters, position: CoinPosition | None) -> Counters:
    """`known` with A as far as it is booked, if that is further: coins of nobody are booked one by one, too."""
    if position is None:
        return known
    booked, coin = Count(position.serial, position.accepted), known.coin
    ahead = coin is None or coin.serial != booked.serial or _ahead(booked.value, coin.value, position.span)
    return msgspec.structs.replace(known, coin=booked) if ahead else known


def _ahead(value: int, other: int, span: int) -> bool:
    """Of two readings of a counter that begins anew at `span`, whether the first is the later one."""
    return 0 < (value - other) % span <= MOST["coin"]


def taken_over(known: Counters, news: Counters) -> Counters:
    """`known` with what `news` knows better."""
    fresh = {name: count for name in NAMES if (count := getattr(news, name)) is not None}
    return msgspec.structs.replace(known, **fresh)


def news(known: Counters, now: Counters) -> dict[str, Count | None]:
    """Those of `now` that do not stand where `known` says, by name: what a row has to say of them."""
    return {name: count for name in NAMES if (count := getattr(now, name)) != getattr(known, name)}


def heard(known: Counters, event: OrderEvent, paying: int = 0) -> Counters:
    """The counters after an event of an order: it may carry a reading. `paying`: the hopper of the payout under way."""
    match event:
        case CashRead(reading) | Counted(reading) | CashReady(reading) if reading is not None:
            return taken_over(known, of_cash(reading))
        case PaperRead(reading=reading) | Offered(reading=reading) if reading is not None:
            return taken_over(known, of_paper(reading))
        case PayoutOver(result=result) if result is not None:
            before: Count | None = getattr(known, _HOPPERS[paying])
            now = Count(before.serial, result.dispensed) if before is not None else None
            return msgspec.structs.replace(known, **{_HOPPERS[paying]: now})
        case _:
            return known


def moved(before: Counters, now: Counters, spans: Mapping[str, int]) -> tuple[Finding, ...]:
    """Every counter that both know and that does not stand where it stood. `spans`: of each that `now` has."""
    return tuple(
        _finding(name, old, new, spans[name])
        for name in NAMES
        if (old := getattr(before, name)) is not None
        and (new := getattr(now, name)) is not None
        and old != new
        and not (name == "printer" and _recounted(old, new))
    )


def learned(known: Counters, now: Counters) -> Counters:
    """`known` with what was read for the first time, and with P where that is another count of the same printer."""
    full = taken_over(now, known)
    if _recounted(known.printer, now.printer):
        return msgspec.structs.replace(full, printer=now.printer)
    return full


def _recounted(before: Count | None, now: Count | None) -> bool:
    if before is None or now is None or before.serial == now.serial:
        return False
    return printer_of(before.serial) == printer_of(now.serial)


def _finding(name: str, before: Count, now: Count, span: int) -> Finding:
    if before.serial != now.serial:
        return Finding(What.EXCHANGED, name, before, now)
    step = (now.value - before.value) % span
    if step > MOST[name]:
        return Finding(What.IMPLAUSIBLE, name, before, now)
    return Finding(What.SURPLUS, name, before, now, step)


def _count(serial: str, value: int | None) -> Count | None:
    return Count(serial, value) if serial and value is not None else None
