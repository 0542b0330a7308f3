"""What admin.sock answers about the coins for change: what the hoppers surely hold, and that they were counted."""

from typing import Any

from kiosk.core.machine import Machine
from kiosk.ipc.json_lines import Answer
from kiosk.settings import Settings

MOST_COINS = 5_000


class CashAdmin:
    """Asked on core's thread; it never raises. Counting reads the devices first: `cash` says how that ended."""

    def __init__(self, settings: Settings, machine: Machine) -> None:
        self._coins, self._machine = settings.hopper_coins, machine
        self._counting = ""

    def asks(self) -> dict[str, Answer]:
        """By the word that is asked."""
        return {"cash": self.state, "hopper-counted": self.counted}

    def state(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Each hopper: its coin (KRW), the coins that are counted on (None: not known) and those that the books say,
        whether it was exchanged uncounted, since when it is silent (wall clock; None: it answers).
        """
        hoppers = self._machine.cash.hoppers
        levels = [
            {
                "coin": coin,
                "coins": self._machine.surely_in(at),
                "books": hoppers.surely_in(at, None),
                "uncounted": hoppers.uncounted(at),
                "silent_ms": self._machine.silent_since_ms(at),
            }
            for at, coin in enumerate(self._coins)
        ]
        return {"hoppers": levels, "counting": self._counting}

    def counted(self, request: dict[str, Any]) -> dict[str, Any]:
        """`coins` are in `hopper` (from 0) now, by hand. Refused with `why`: hopper, coins, busy."""
        hopper, coins = request.get("hopper"), request.get("coins")
        if type(hopper) is not int or hopper not in range(len(self._coins)):
            return {"begun": False, "why": "hopper"}
        if type(coins) is not int or coins not in range(MOST_COINS + 1):
            return {"begun": False, "why": "coins"}
        if self._counting == "counting" or not self._machine.idle():
            return {"begun": False, "why": "busy"}
        self._counting = "counting"
        self._machine.cash.counted(hopper, coins, self._over)
        return {"begun": True, "why": ""}

    def _over(self, taken: bool) -> None:
        silent = self._machine.idle()  # else it answered, and somebody came meanwhile
        self._counting = "counted" if taken else "silent" if silent else "interrupted"
