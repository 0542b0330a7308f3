"""Who owns a lot together with whom, and in which shares (공유지연명부): `홍모음 외 3인` are four.

The lot's own entry names the first of them. The others live outside the district, so that the town's people stay who
they are; the same owners on several lots (one that was split) are the same people.
"""

import random
from collections.abc import Sequence
from itertools import takewhile

from central.registers.parcel import OwnerEntry, Sharer
from central.registers.people import draw_co_owner

TOGETHER = " 외 "  # 홍길동 외 1인


def first_of(name: str) -> str:
    """Whom an owner's entry names: of several the first."""
    return name.partition(TOGETHER)[0]


def sharers_of(owners: Sequence[OwnerEntry]) -> tuple[Sharer, ...]:
    """The owners of today with their shares, the one that the entry names first; nobody where there is only one."""
    last = owners[-1]
    first, _, others = last.name.partition(TOGETHER)
    if not others:
        return ()
    since = [*takewhile(lambda entry: entry.name == last.name, reversed(owners))][-1]
    rng = random.Random(f"joint:{last.name}:{last.reg_no}")
    people = [draw_co_owner(rng, first[:1], since.date) for _ in range(int(others.removesuffix("인")))]
    shares = _shares(rng, len(people) + 1)
    named = (Sharer(last.date, last.cause_code, last.cause, shares[0], last.address, first, last.reg_no),)
    return named + tuple(
        Sharer(since.date, since.cause_code, since.cause, share, one.address, one.name, one.reg_no)
        for share, one in zip(shares[1:], people, strict=True)
    )


def _shares(rng: random.Random, count: int) -> list[str]:
    """In equal parts, or as a spouse inherits with the children: one and a half parts to one (민법 제1009조)."""
    if rng.random() < 0.5:
        return [f"1/{count}"] * count
    whole = 3 + 2 * (count - 1)
    return [f"3/{whole}", *[f"2/{whole}"] * (count - 1)]
