"""What drawn lives have come to have since the first: each edition adds one thing, drawn from a Random of its own, so
that a life of an older edition stays what it was.
"""

import random
from collections.abc import Callable

from msgspec.structs import replace

from drivers.contract import Supply
from tests.crash.lives.plan import Citizen, Plan, draw, with_notes
from tests.crash.lives.power import Blow


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


def _money_back(plan: Plan, rng: random.Random) -> Plan:
    """A machine that knows people by their cards; one of them comes back, once or twice, for what it owes."""
    owners = ["Kim", *rng.choices(("Kim", "Lee", ""), k=len(plan.citizens) - 1)]
    citizens = tuple(
        replace(one, owner=owner, takes_after_ms=one.takes_after_ms if rng.random() < 0.7 else None)
        for one, owner in zip(plan.citizens, owners, strict=True)
    )
    back = tuple(
        Citizen(
            (),
            (),
            owner=rng.choice(("Kim", "Kim", "Kim", "Lee")),
            redeems=True,
            another_time=rng.random() < 0.1,
        )
        for _ in range(rng.choice((1, 1, 2)))
    )
    return replace(plan, reader=True, citizens=(*citizens, *back))


def _ups(plan: Plan, rng: random.Random) -> Plan:
    """A UPS on whose word nothing depends: the mains go for a moment or for good, come and go, or nobody says."""
    left = rng.choice((None, 600, 30, 3))
    at = rng.randint(1_000, 25_000)
    script: list[tuple[int, Supply | None, int | None]] = [(at, Supply.BATTERY, left)]
    for _ in range(rng.choice((0, 1, 1, 2, 8))):
        at += rng.choice((1_000, 1_000, 4_000, 15_000, 40_000, 140_000))
        said = rng.choice((Supply.LOW, Supply.LINE, Supply.BATTERY, Supply.UNKNOWN))
        script.append((at, said, rng.choice((None, left))))
    at += rng.choice((2_000, 12_000, 60_000, 150_000))
    script.append((at, rng.choice((None, Supply.LINE)), None))
    if script[-1][1] is None:
        script.append((at + 1_000, Supply.LINE, None))
    return replace(plan, mains=tuple(script), blow=Blow.POWER)


def _outages(plan: Plan, rng: random.Random) -> Plan:
    """One device alone is without current for a while, once or twice, mostly while it is needed."""
    names = ["coin", "hopper", "printer", "presenter"]
    names += ["note"] if plan.notes else []
    names += ["hopper-2"] if plan.second is not None else []
    outages = tuple(
        (
            rng.randint(3_000, 15_000),
            rng.choice(names),
            rng.choice((300, 1_000, 4_000, 12_000, 40_000)),
            rng.random() < 0.3,
        )
        for _ in range(rng.choice((1, 1, 2)))
    )
    return replace(plan, outages=outages)


_ADDED: dict[int, tuple[float, Callable[[Plan, random.Random], Plan]]] = {
    2: (0.2, _second_hopper),
    3: (0.2, _money_back),
    4: (0.2, _ups),
    5: (0.2, _outages),
}
NEWEST = len(_ADDED) + 1
