"""What drawn lives have come to have since the first: each edition adds one thing, drawn from a Random of its own, so
that a life of an older edition stays what it was.
"""

import random
from collections.abc import Callable

from msgspec.structs import replace

from tests.crash.lives.plan import Plan, draw, with_notes


def drawn(seed: int, edition: int) -> Plan:
    """The life of this seed, with all that lives may have had by then."""
    plan = draw(random.Random(seed))
    for number, (share, add) in list(_ADDED.items())[: edition - 1]:
        rng = random.Random(f"{seed}, edition {number}")
        if rng.random() < share:
            plan = add(plan, rng)
    return plan


def _second_hopper(plan: Plan, rng: random.Random) -> Plan:
    """Coins of 500 KRW to give back too; often fewer than the machine was told, so that it pays short."""
    plan = with_notes(plan, rng) if not plan.notes and rng.random() < 0.5 else plan
    return replace(plan, second=rng.choice((10, 10, 10, rng.randint(0, 3))))


_ADDED: dict[int, tuple[float, Callable[[Plan, random.Random], Plan]]] = {
    2: (0.2, _second_hopper),
}
NEWEST = len(_ADDED) + 1
