"""Which hopper pays which part: large coins first, one command at a time.

A hopper that has paid short is not asked again in this order.
"""

import msgspec
from msgspec import Struct

from drivers.contract import MOST_COINS, CashReading, HopperCount
from kiosk.order.change import Hopper, share
from kiosk.order.model import IssueState
from kiosk.order.saga import Saga


class Part(Struct, frozen=True):
    """One part of a payout: `coins` coins of `value` (KRW) from this hopper."""

    hopper: int
    value: int
    coins: int


def owed(saga: Saga) -> int:
    """The sum to pay back in coins now (KRW). A person decides on the fee of a disputed copy."""
    disputed = sum(issue.fee for issue in saga.order.issues if issue.state is IssueState.DISPUTED)
    return saga.order.due - disputed


def next_payout(saga: Saga) -> Part | None:
    """The next part to pay; None if nothing is owed that a hopper could pay."""
    hoppers = _hoppers(saga)
    usable = [at for at in range(len(hoppers)) if at not in saga.dry]
    if not usable or owed(saga) <= 0:
        return None
    counts = share(owed(saga), tuple(hoppers[at] for at in usable))
    parts = (Part(at, hoppers[at].coin, coins) for at, coins in zip(usable, counts, strict=True) if coins)
    largest = max(parts, key=lambda part: part.value, default=None)
    return msgspec.structs.replace(largest, coins=min(largest.coins, MOST_COINS)) if largest else None


def smallest(saga: Saga) -> int:
    """The smallest sum that a hopper can pay (KRW)."""
    return min(hopper.coin for hopper in _hoppers(saga))


def _hoppers(saga: Saga) -> tuple[Hopper, ...]:
    if saga.till is None or not saga.till.hoppers:
        return (Hopper(saga.policy.hopper_coin, MOST_COINS),)
    return saga.till.hoppers


def less(saga: Saga, hopper: int, coins: int) -> Saga:
    """The saga after the hopper has paid `coins` coins."""
    if saga.till is None:
        return saga
    left = tuple(
        Hopper(one.coin, max(0, one.coins - coins)) if at == hopper else one
        for at, one in enumerate(saga.till.hoppers)
    )
    return msgspec.structs.replace(saga, till=msgspec.structs.replace(saga.till, hoppers=left))


def dry(saga: Saga, hopper: int | None = None) -> Saga:
    """The hopper paid short or does not answer: do not ask it again in this order.

    None: the hopper of the next part.
    """
    part = next_payout(saga) if hopper is None else None
    which = hopper if hopper is not None else part.hopper if part is not None else 0
    return msgspec.structs.replace(saga, dry=(*saga.dry, which))


def counted(reading: CashReading | None, hopper: int) -> HopperCount | None:
    """The counters of that hopper once it has stopped; None as long as nothing is proved."""
    if reading is None:
        return None
    if hopper:
        more = reading.more_hoppers
        found = more[hopper - 1] if hopper <= len(more) else None
        return found if found is not None and not found.paying else None
    if reading.dispensed is None or reading.paying:
        return None
    return HopperCount(
        reading.hopper_serial, reading.dispensed, paying=False, low=reading.low, span=reading.dispensed_span
    )
