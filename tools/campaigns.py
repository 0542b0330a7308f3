"""`make campaigns`: the long targets one after the other, also past a red one, with a table at the end.

python -m tools.campaigns              all of them
python -m tools.campaigns crash soak   these only (`make campaigns ONLY="crash soak"`)

Exits with 1 if one was red.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.protocol.exits import DONE, SIGNALLED, USAGE, WRONG

# In the order in which they run: first what finds most for its minutes.
LONG: Final = (
    "campaign", "crash", "proof", "fits", "forms", "soak", "kill", "blocks", "mutants", "changes", "test-user",
    "steady", "gallery", "bench", "test-bare",
)  # fmt: skip
OF_ROOT: Final = ("blocks", "test-bare")
# All that take the lock of the machine (alone.py): the long ones, and what runs as long or as hard as they do.
HEAVY: Final = (*LONG, "campaigns", "test")


@dataclass(frozen=True)
class End:
    """How a target ended. `code`: None if it was left out."""

    target: str
    seconds: float
    code: int | None

    def __str__(self) -> str:
        if self.code is None:
            return f"{self.target:<10} {'':>7}  left out: it needs root"
        return f"{self.target:<10} {self.seconds:>5.0f} s  {'red' if self.code else 'ok'}"


def run(target: str, make: Sequence[str]) -> End:
    if target in OF_ROOT and os.geteuid() != 0:
        return End(target, 0, None)
    print(f"campaigns: make {target}", flush=True)
    began = time.monotonic()
    code = subprocess.run([*make, target], check=False).returncode
    return End(target, time.monotonic() - began, code)


def main(wanted: Sequence[str], make: Sequence[str] = ("make", "--no-print-directory")) -> int:
    """Run them all, then tell how each one ended."""
    if unknown := [target for target in wanted if target not in LONG]:
        print(f"campaigns: there is no {unknown[0]}; there are {' '.join(LONG)}", file=sys.stderr)
        return USAGE
    ends: list[End] = []
    stopped = False
    try:
        for target in wanted or LONG:
            ends.append(run(target, make))
    except KeyboardInterrupt:
        stopped = True
    print("", *ends, sep="\n", flush=True)
    if stopped:
        return SIGNALLED + signal.SIGINT
    return WRONG if any(end.code for end in ends) else DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
