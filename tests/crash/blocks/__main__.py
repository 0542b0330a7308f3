"""`python -m tests.crash.blocks`: the ledger on a real ext4 after power cuts; the last line has the sum.

First the known bad setting, synchronous=NORMAL, which has to lose something: else nothing was looked at.
"""

import argparse
import os
import sys

from tests.crash.blocks.campaign import Sum, campaign
from tests.crash.blocks.needs import why_not
from tests.crash.blocks.trial import Found

CONTROL_SHARE = 5
CONTROL_LEAST = 12
# Mounts and processes of its own: a run that is killed takes all of them with it.
ALONE = ("unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child")


def main() -> int:
    """0 for nothing lost or damaged, 1 for any, or if the bad setting lost nothing; 2 where it can't run."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.blocks", description=__doc__)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--orders", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if reason := why_not():
        print(f"blocks: {reason}", file=sys.stderr)
        return 2
    if os.getpid() != 1:
        os.execvp(ALONE[0], [*ALONE, sys.executable, "-m", "tests.crash.blocks", *sys.argv[1:]])
    control = campaign(max(CONTROL_LEAST, asked.images // CONTROL_SHARE), asked.seed, asked.orders, "NORMAL")
    print(f"control synchronous=NORMAL seed={asked.seed} {control.line}")
    blind = control.found[Found.LOST] == 0
    if blind:
        print("the setting that is known to lose commits lost none: this run proves nothing")
    told = campaign(asked.images, asked.seed, asked.orders)
    _tell(told)
    print(f"seed={asked.seed} {told.line}")
    return 1 if blind or told.stories else 0


def _tell(told: Sum) -> None:
    for story in told.stories:
        print(story)


if __name__ == "__main__":
    sys.exit(main())
