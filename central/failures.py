"""How a command of central's ends when the world is against it: one sentence, the house's exit code, no traceback."""

from contextlib import AbstractContextManager

from kiosk.endings import endings


def failures() -> AbstractContextManager[None]:
    """What the world does wrong ends in one sentence (kiosk/endings.py)."""
    return endings("central")
