"""Half a year of trade with faults, in virtual time: every invariant holds, and nothing grows but the ledger.

`python -m tests.crash.lives.soak --days 180`; the last line has the figures.
"""

import argparse
import gc
import random
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

from msgspec import Struct
from msgspec.structs import replace

from kiosk.ledger.ledger import Ledger
from tests.crash import vfs
from tests.crash.disk import Image
from tests.crash.lives.bus import Fate
from tests.crash.lives.comes_back import come_back, cut_back
from tests.crash.lives.core import SETTINGS, TERMS
from tests.crash.lives.plan import Citizen, Plan, draw
from tests.crash.lives.post import Way
from tests.crash.lives.verdict import judge
from tests.crash.lives.world import World, provisioned

DAY_MS = 86_400_000
CITIZENS_A_DAY = 60
COINS = 1_000_000
MOST_BYTES = 8_000
OURS = ("kiosk.", "drivers.")


class Soaked(Struct, frozen=True):
    """`bytes_each`: of the ledger, an order. `objects`: of the product, living after the first day and at the end."""

    days: int
    orders: int
    cuts: int
    bytes_each: int
    objects: tuple[int, int]
    wrongs: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """No violation, a ledger that grows as promised, and a memory that does not."""
        before, after = self.objects
        return not self.wrongs and self.bytes_each <= MOST_BYTES and after <= before * 1.5 + 500


def soak(days: int, seed: int, citizens_a_day: int = CITIZENS_A_DAY) -> Soaked:
    """So many days of one machine."""
    vfs.seed_randomness(seed + 1)
    rng = random.Random(seed)
    citizens = [_citizen(rng, citizens_a_day) for _ in range(days * citizens_a_day)]
    plan = Plan(
        tuple(citizens),
        hopper=COINS,
        filled=COINS,
        sheet_jams=tuple(_now_and_then(rng, len(citizens) * 4, 300)),
        motor_jams=tuple(_now_and_then(rng, len(citizens) * 3, 400)),
        fates=tuple((fate, 0.000_5) for fate in Fate if fate is not Fate.WELL),
        ways=tuple((way, 0.005) for way in Way if way is not Way.WELL),
        down=tuple((at, at + 600_000) for at in _now_and_then(rng, days * DAY_MS, 3 * DAY_MS)),
        worker_dies=0.001,
        image=Image.TORN,
        tick_ms=1_000,
        idle_tick_ms=120_000,
        longest_ms=(days + 2) * 2 * DAY_MS,
    )
    cuts = [rng.randint(500, 40_000) for _ in range(days * 3)]
    world = World(plan, seed, cuts, provisioned())
    return _live(world, days, citizens_a_day)


def _live(world: World, days: int, citizens_a_day: int) -> Soaked:
    early = 0
    try:
        with redirect_stdout(StringIO()):
            for _ in world.steps():
                if not early and len(world.people) <= (days - 1) * citizens_a_day:
                    early = _objects()
            late = _objects()
            assert world.core is not None
            wrongs = (*judge(world), *_comes_back(world, world.core.ledger))
        orders = world.core.ledger.totals()["orders"]
        size = len(world.disk.names["ledger.db"].now) - len(provisioned()["ledger.db"])
        lived = round(world.timeline.now_ms / DAY_MS)
        return Soaked(lived, orders, world.power.fallen, size // max(1, orders), (early, late), wrongs)
    finally:
        world.end()


def _comes_back(world: World, ledger: Ledger) -> Iterator[str]:
    """From central's rows and from the copy, whole and as they were in the midst of an order."""
    every_way = {"central": None, "the copy": world.beside.copy}
    yield from come_back(ledger, SETTINGS.kiosk_id, TERMS, every_way)
    midst = world.beside.midst
    if midst is None:
        yield "no row was looked at in the midst of an order"
        return
    for copy in (None, midst.copy):
        yield from cut_back(ledger, SETTINGS.kiosk_id, TERMS, midst, copy)


def _citizen(rng: random.Random, a_day: int) -> Citizen:
    one = rng.choice(draw(rng).citizens)
    return replace(one, comes_after_ms=rng.randint(1_000, 2 * DAY_MS // a_day - 60_000))


def _now_and_then(rng: random.Random, until: int, every: int) -> list[int]:
    at, found = rng.randint(1, 2 * every), []
    while at < until:
        found.append(at)
        at += rng.randint(1, 2 * every)
    return found


def _objects() -> int:
    """Living objects of the product's own classes."""
    gc.collect()
    return sum(str(type(one).__module__).startswith(OURS) for one in gc.get_objects())


def main() -> int:
    """0 when all is sound, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.lives.soak", description=__doc__)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    end = soak(asked.days, asked.seed)
    for wrong in end.wrongs:
        print(f"violation: {wrong}")
    before, after = end.objects
    print(
        f"seed={asked.seed} days={end.days} orders={end.orders} cuts={end.cuts} violations={len(end.wrongs)} "
        f"ledger={end.bytes_each} B/order objects={before}->{after} {time.monotonic() - began:.0f} s"
    )
    return 0 if end.sound else 1


if __name__ == "__main__":
    sys.exit(main())
