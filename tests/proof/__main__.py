"""`make proof`: every search, its states, transitions and time; the story of each capability that is taken away.

Exits with 1 when a rule is broken, or when the search is blind to something that was taken away.
"""

import sys

from tests.proof.explorer import Search
from tests.proof.plan import CHEAPER, LONG, QUICK, UPS, WITHOUT

ALL = (*QUICK, UPS, *CHEAPER, *LONG)


def main() -> int:
    """Search everything, then show that the search can see."""
    violations, blind = 0, 0
    for part in ALL:
        found = Search(part.setting).run()
        violations += len(found.stories) + len(found.stuck)
        print(f"{part.name}: {found}", flush=True)
        for story in found.stories + found.stuck:
            print(story, flush=True)
    for part in WITHOUT:
        found = Search(part.setting).run()
        blind += not found.stories
        print(f"\nwithout {part.name}: {found.stories[0] if found.stories else 'nothing is found: BLIND'}")
    print(f"\nproof: searches={len(ALL)} violations={violations} blind={blind}")
    return 1 if violations or blind else 0


if __name__ == "__main__":
    sys.exit(main())
