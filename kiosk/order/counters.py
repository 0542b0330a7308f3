"""The stored values of the lifetime counters, and the meaning of a difference to the present values.

Between orders nothing may move. If coins or sheets moved, they belong to no order: core records them as a
SURPLUS, credits them to nobody and never ignores them.
A counter can be compared only with an earlier value of the same device. Another serial number means that the
device was exchanged. If the same printer reports another of its page counters, core judges nothing. A step
that is too large for real coins or sheets is recorded as not believable.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct

from drivers.contract import CashReading, CoinPosition, PaperReading, printer_of
from kiosk.order.events import CashRead, CashReady, Counted, Offered, OrderEvent, PaperRead, PayoutOver


class Count(Struct, frozen=True):
    """The value of one lifetime counter, and the serial number of its device."""

    serial: str
    value: int


class Counters(Struct, frozen=True):
    """A (coins accepted), D (coins dispensed, of each hopper), P (sheets printed), R (documents retracted).

    None: core has never read the counter, or there is no such device.
    """

    coin: Count | None = None
    hopper: Count | None = None
    hopper_2: Count | None = None
    printer: Count | None = None
    presenter: Count | None = None


class What(StrEnum):
    """The kind of a finding."""

    SURPLUS = "surplus"
    IMPLAUSIBLE = "counter-implausible"
    EXCHANGED = "device-exchanged"


class Finding(Struct, frozen=True):
    """One counter whose value has changed. `amount`: coins, sheets or documents; only for a SURPLUS."""

    what: What
    counter: str
    before: Count
    now: Count
    amount: int = 0


# Counter name -> the largest believable step between two readings.
MOST: Final = {"coin": 500, "hopper": 2_000, "hopper_2": 2_000, "printer": 500, "presenter": 50}
_HOPPERS: Final = ("hopper", "hopper_2")
NAMES: Final = tuple(MOST)
# Counter name -> what moved, in the words of the ledger's table and of an alarm.
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
    """Where each counter begins anew at 0, as its driver reported it with the reading."""
    found: dict[str, int] = {}
    if cash is not None:
        found |= {"coin": cash.accepted_span, "hopper": cash.dispensed_span}
        if cash.more_hoppers and cash.more_hoppers[0] is not None:
            found["hopper_2"] = cash.more_hoppers[0].span
    if paper is not None:
        found |= {"printer": paper.sheets_span, "presenter": paper.retracts_span}
    return found


def booked_too(known: Counters, position: CoinPosition | None) -> Counters:
    """`known`, with A from the booked position if that is ahead.

    Coins without an order are also booked one by one, so the booked position can be ahead.
    """
    if position is None:
        return known
    booked, coin = Count(position.serial, position.accepted), known.coin
    ahead = coin is None or coin.serial != booked.serial or _ahead(booked.value, coin.value, position.span)
    return msgspec.structs.replace(known, coin=booked) if ahead else known


def _ahead(value: int, other: int, span: int) -> bool:
    """Whether `value` is a later reading than `other` of a counter that begins anew at `span`."""
    return 0 < (value - other) % span <= MOST["coin"]


def taken_over(known: Counters, news: Counters) -> Counters:
    """`known`, overwritten with every counter that `news` has."""
    fresh = {name: count for name in NAMES if (count := getattr(news, name)) is not None}
    return msgspec.structs.replace(known, **fresh)


def news(known: Counters, now: Counters) -> dict[str, Count | None]:
    """The counters of `now` that differ from `known`, by name: a row has to name these."""
    return {name: count for name in NAMES if (count := getattr(now, name)) != getattr(known, name)}


def heard(known: Counters, event: OrderEvent, paying: int = 0) -> Counters:
    """The counters after an event of an order, which may carry a reading.

    `paying`: the hopper that pays now.
    """
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
    """A finding for each counter that both have and that has changed. `spans`: for each counter of `now`."""
    return tuple(
        _finding(name, old, new, spans[name])
        for name in NAMES
        if (old := getattr(before, name)) is not None
        and (new := getattr(now, name)) is not None
        and old != new
        and not (name == "printer" and _recounted(old, new))
    )


def learned(known: Counters, now: Counters) -> Counters:
    """`known`, with the counters that were read for the first time.

    If the same printer reports another of its page counters, that value takes the place of P.
    """
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
