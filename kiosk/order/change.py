"""Which coins and notes the machine may take, and how it shares a payout among hoppers. Pure; whole KRW.

The rule (M8): in whatever order the citizen puts money in, the machine can pay out the whole credit and each
change with coins that are surely in the hoppers. Coins that the citizen puts in do not count as change.
When the machine stops taking coins, one more coin may already be past the gate. A note never is: the
validator holds each note until core has decided.
"""

from enum import StrEnum
from functools import lru_cache
from math import gcd

import msgspec
from msgspec import Struct

from drivers.contract import MOST_COINS


class Hopper(Struct, frozen=True):
    """A hopper that surely holds `coins` pieces of value `coin` (KRW)."""

    coin: int
    coins: int


class Till(Struct, frozen=True):
    """The values of the coins and notes that the machine could take, and its hoppers in their order."""

    coins: tuple[int, ...]
    notes: tuple[int, ...]
    hoppers: tuple[Hopper, ...]


class Taking(Struct, frozen=True):
    """The values of the coins and notes that the machine takes now."""

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
    """How many coins each hopper pays for `amount`: large coins first, the smallest coin for the rest.

    The hopper with the smallest coin may be asked for more than it holds. Then it pays short, and the rest is
    owed on a record.
    """
    counts = [0] * len(hoppers)
    order = sorted(range(len(hoppers)), key=lambda at: -hoppers[at].coin)
    for at in order:
        coins = amount // hoppers[at].coin
        counts[at] = coins if at == order[-1] else min(coins, hoppers[at].coins, MOST_COINS)
        amount -= counts[at] * hoppers[at].coin
    return tuple(counts)


def taking(till: Till, fee: int, credit: int) -> Taking:
    """What the machine takes while `credit` of `fee` is in.

    It takes nothing once the fee is met, or if nothing is safe to take.
    """
    if credit >= fee or not opens(till, fee):
        return Taking()
    limit, step = reach(till.hoppers), _step(till.hoppers)
    coins = tuple(coin for coin in till.coins if coin % step == 0 and credit + 2 * coin <= limit)
    in_flight = max(coins, default=0)
    notes = tuple(note for note in till.notes if note % step == 0 and credit + note + in_flight <= limit)
    return Taking(coins, notes)


# Cached: each drawing of a screen asks this again for each fee of the same till.
@lru_cache(maxsize=64)
def opens(till: Till, fee: int) -> bool:
    """Whether a sale of this fee may start: at each credit below the fee the machine still takes a coin."""
    step = _step(till.hoppers)
    payable = [coin for coin in till.coins if coin % step == 0]
    if not till.hoppers or not payable or fee % step:
        return False
    return _least_missing(till, fee, payable) + 2 * min(payable) <= reach(till.hoppers)


def _least_missing(till: Till, fee: int, coins: list[int]) -> int:
    """The largest possible credit below the fee."""
    return max(0, fee - gcd(fee, *coins, *till.notes))


@lru_cache(maxsize=64)
def mode(till: Till, fee: int) -> CashMode:
    """How a citizen can pay this fee in cash now.

    EXACT: change is short, so the machine takes no more than the fee.
    """
    if not opens(till, fee):
        return CashMode.NONE
    plenty = msgspec.structs.replace(
        till, hoppers=tuple(Hopper(hopper.coin, MOST_COINS) for hopper in till.hoppers)
    )
    if _overpays(plenty, fee) and not _overpays(till, fee):
        return CashMode.EXACT
    return CashMode.ANY


def _overpays(till: Till, fee: int) -> bool:
    """Whether the machine takes a coin or note that is worth more than the missing sum."""
    grain = gcd(fee, *till.coins, *till.notes)
    for value in (*till.coins, *till.notes):
        least = max(0, fee - value + grain)
        now = taking(till, fee, least)
        if least + value > fee and value in (*now.coins, *now.notes):
            return True
    return False
