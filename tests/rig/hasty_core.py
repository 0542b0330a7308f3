"""`kiosk core` that waits for a person for seconds instead of a minute, so that a test can see it give up.

Only the time that a person has is shorter; what happens when it has passed is the product's own.
"""

import sys
from pathlib import Path

from kiosk.programs import core
from kiosk.settings import load
from kiosk.visit import patience

IDLE_MS = 3_000
WARNING_MS = 1_000


def main(run: Path) -> int:
    """Run it until SIGTERM."""
    patience.IDLE_MS = IDLE_MS
    patience.WARNING_MS = WARNING_MS
    return core.run(load(run / "kiosk.toml"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
