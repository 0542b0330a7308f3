"""The answers of admin.sock about the coins for change: the coins surely in the hoppers, and a new count."""

from typing import Any

from kiosk.core.machine import Machine
from kiosk.ipc.json_lines import Answer
from kiosk.settings import Settings

MOST_COINS = 5_000


class CashAdmin:
    """Called on core's thread; never raises.

    A new count first reads the devices; `cash` says how that ended.
    """

    def __init__(self, settings: Settings, machine: Machine) -> None:
        self._coins, self._machine = settings.hopper_coins, machine
        self._counting = ""

    def asks(self) -> dict[str, Answer]:
        """The answers by their word."""
        return {"cash": self.state, "hopper-counted": self.counted}

    def state(self, _request: dict[str, Any]) -> dict[str, Any]:
        """The state of each hopper, and of a count under way.

        - `coin`: the value of its coin (KRW).
        - `coins`: the coins that core relies on (None: not known); `books`: the coins by the books alone.
        - `uncounted`: whether it was exchanged and not counted since.
        - `silent_ms`: since when it does not answer (wall clock; None: it answers).
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
        """A person has counted `coins` in `hopper` (from 0). Refused with `why`: hopper, coins, busy."""
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
        silent = self._machine.idle()  # if not idle, somebody came meanwhile
        self._counting = "counted" if taken else "silent" if silent else "interrupted"
