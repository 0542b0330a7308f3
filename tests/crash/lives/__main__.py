"""`python -m tests.crash.lives`: lives of the product's core, struck again and again; the last line has the sum."""

import argparse
import os
import sys
import time

from tests.crash.lives.campaign import Tally, campaign
from tests.crash.lives.life import live, named


def main() -> int:
    """0 for no violation, 1 for any."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--life", help="one life by its name, as printed (1834:57+12), with its whole story")
    asked = parser.parse_args()
    if asked.life:
        return _one(asked.life)
    began = time.monotonic()
    tally = campaign(asked.seed, asked.lives, asked.lanes)
    _tell(tally)
    seconds = time.monotonic() - began
    print(
        f"seed={asked.seed} lives={tally.lives} cuts={tally.blows} violations={tally.violations} "
        f"{tally.lives / seconds:.1f} lives/s"
    )
    return 1 if tally.violations else 0


def _one(name: str) -> int:
    ended = live(named(name))
    print("\n".join(ended.story))
    for wrong in ended.wrongs:
        print(f"violation: {wrong}")
    print(f"life={name} cuts={ended.blows} violations={len(ended.wrongs)}")
    return 1 if ended.wrongs else 0


def _tell(tally: Tally) -> None:
    for name, wrongs, story in tally.stories:
        print(f"life {name}")
        for line in story:
            print(f"    {line}")
        for wrong in wrongs:
            print(f"    violation: {wrong}")


if __name__ == "__main__":
    sys.exit(main())
