"""What may be taken so that all of it can go back, and how a sum is shared among hoppers. Pure; sums in whole KRW.

The rule (M8): whatever is put in, in whatever order, the whole credit and each change can be paid out in coins that are
surely there. Coins put in are not counted on. One coin more may be past the gate whenever the machine stops taking
coins; a note never is: it is held until it is decided about.
"""

from enum import StrEnum
from functools import lru_cache
from math import gcd

import msgspec
from msgspec import Struct

from kiosk.order.policies import MOST_COINS


class Hopper(Struct, frozen=True):
    """`coins` of value `coin` are surely in it."""

    coin: int
    coins: int


class Till(Struct, frozen=True):
    """The coins and notes that the machine could take, and its hoppers, the first one first."""

    coins: tuple[int, ...]
    notes: tuple[int, ...]
    hoppers: tuple[Hopper, ...]


class Taking(Struct, frozen=True):
    """What is taken now."""

    coins: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()


class CashMode(StrEnum):
    """How a fee can be paid in cash: in any way, in the exact sum only, or not at all (no cash now)."""

    ANY = "any"
    EXACT = "exact"
    NONE = "none"


def reach(hoppers: tuple[Hopper, ...]) -> int:
    """The sum up to which every multiple of the smallest coin can be paid out exactly."""
    total, step = 0, _step(hoppers)
    for hopper in sorted(hoppers, key=lambda hopper: hopper.coin):
        if hopper.coin % step or total + step < hopper.coin:
            break
        total += hopper.coin * min(hopper.coins, MOST_COINS)
    return total


def _step(hoppers: tuple[Hopper, ...]) -> int:
    return min((hopper.coin for hopper in hoppers), default=1)


def share(amount: int, hoppers: tuple[Hopper, ...]) -> tuple[int, ...]:
    """Coins from each hopper for `amount`: the large ones first, the smallest coin for all the rest.

    The smallest is asked for what it may not have, too: then it pays short, and the rest is owed on a record.
    """
    counts = [0] * len(hoppers)
    order = sorted(range(len(hoppers)), key=lambda at: -hoppers[at].coin)
    for at in order:
        coins = amount // hoppers[at].coin
        counts[at] = coins if at == order[-1] else min(coins, hoppers[at].coins, MOST_COINS)
        amount -= counts[at] * hoppers[at].coin
    return tuple(counts)


def taking(till: Till, fee: int, credit: int) -> Taking:
    """What is taken while `credit` of `fee` is in; nothing any more once it is met, or where nothing is safe."""
    if credit >= fee or not opens(till, fee):
        return Taking()
    limit, step = reach(till.hoppers), _step(till.hoppers)
    coins = tuple(coin for coin in till.coins if coin % step == 0 and credit + 2 * coin <= limit)
    in_flight = max(coins, default=0)
    notes = tuple(note for note in till.notes if note % step == 0 and credit + note + in_flight <= limit)
    return Taking(coins, notes)


# What a screen shows is asked of the same till for each fee, each time that it is drawn.
@lru_cache(maxsize=64)
def opens(till: Till, fee: int) -> bool:
    """Whether a sale of this fee may be opened: on every way to the sum some coin is still taken."""
    step = _step(till.hoppers)
    payable = [coin for coin in till.coins if coin % step == 0]
    if not till.hoppers or not payable or fee % step:
        return False
    return _least_missing(till, fee, payable) + 2 * min(payable) <= reach(till.hoppers)


def _least_missing(till: Till, fee: int, coins: list[int]) -> int:
    """The largest credit at which the fee is not met yet."""
    return max(0, fee - gcd(fee, *coins, *till.notes))


@lru_cache(maxsize=64)
def mode(till: Till, fee: int) -> CashMode:
    """How a citizen can pay this fee in cash now. EXACT: more than the fee is not taken, for want of change."""
    if not opens(till, fee):
        return CashMode.NONE
    plenty = msgspec.structs.replace(
        till, hoppers=tuple(Hopper(hopper.coin, MOST_COINS) for hopper in till.hoppers)
    )
    if _overpays(plenty, fee) and not _overpays(till, fee):
        return CashMode.EXACT
    return CashMode.ANY


def _overpays(till: Till, fee: int) -> bool:
    """Whether some coin or note is taken that is worth more than what is missing."""
    grain = gcd(fee, *till.coins, *till.notes)
    for value in (*till.coins, *till.notes):
        least = max(0, fee - value + grain)
        now = taking(till, fee, least)
        if least + value > fee and value in (*now.coins, *now.notes):
            return True
    return False
