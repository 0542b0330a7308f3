"""How a command of central's ends when the world is against it: one sentence, the house's exit code, no traceback."""

from contextlib import AbstractContextManager

from kiosk.console.endings import endings


def failures() -> AbstractContextManager[None]:
    """What the world does wrong ends in one sentence (kiosk/console/endings.py)."""
    return endings("central")
