"""Many lives: each drawn life once without a blow, then struck all over its length, twice and three times too."""

import random
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

from msgspec import Struct

from tests.crash.lives.life import Ended, Life, live

STRUCK = 24
AFTERSHOCK = 60


class Tally(Struct):
    """What came of it so far. `stories`: of each failing life its name, what is wrong, and the end of its story."""

    lives: int = 0
    blows: int = 0
    violations: int = 0
    stories: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []

    def add(self, life: Life, ended: Ended) -> None:
        """Count one more."""
        self.lives += 1
        self.blows += ended.blows
        if ended.wrongs:
            self.violations += 1
            self.stories.append((life.name, ended.wrongs, ended.story[-25:]))

    def join(self, other: "Tally") -> None:
        """Another lane's."""
        self.lives += other.lives
        self.blows += other.blows
        self.violations += other.violations
        self.stories += other.stories


def struck(seed: int, steps: int, times: int) -> Iterator[Life]:
    """The same life, struck at `times` places spread over its steps; every third one again while it recovers."""
    rng = random.Random(-seed - 1)
    for at in range(times):
        low, high = steps * at // times, steps * (at + 1) // times
        cuts = [rng.randint(low + 1, max(low + 1, high))]
        if at % 3 == 1:
            cuts.append(rng.randint(1, AFTERSHOCK))
        if at % 9 == 4:
            cuts.append(rng.randint(1, AFTERSHOCK))
        yield Life(seed, tuple(cuts))


def lane(seeds: Iterator[int], lives: int, until_s: float = float("inf")) -> Tally:
    """So many lives, or until that moment of the monotonic clock."""
    tally = Tally(stories=[])
    for seed in seeds:
        whole = Life(seed)
        ended = live(whole)
        tally.add(whole, ended)
        for life in struck(seed, ended.steps, min(STRUCK, lives - tally.lives)):
            if time.monotonic() >= until_s:
                return tally
            tally.add(life, live(life))
        if tally.lives >= lives or time.monotonic() >= until_s:
            return tally
    return tally


def campaign(seed: int, lives: int, lanes: int) -> Tally:
    """All lanes at once, each with seeds of its own. The same seed, lives and lanes are the same lives."""
    context = get_context("spawn")
    ends, processes = [], []
    for number in range(lanes):
        here, there = context.Pipe(duplex=False)
        share = lives // lanes + (number < lives % lanes)
        process = context.Process(target=_work, args=(there, seed + number, lanes, share))
        process.start()
        there.close()
        ends.append(here)
        processes.append(process)
    tally = Tally(stories=[])
    for end in ends:
        tally.join(end.recv())
    for process in processes:
        process.join()
    return tally


def _work(end: Connection, first: int, step: int, lives: int) -> None:
    end.send(lane(_seeds(first, step), lives))
    end.close()


def _seeds(first: int, step: int) -> Iterator[int]:
    while True:
        yield first
        first += step
