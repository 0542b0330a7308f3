"""The receipt process: a slip is printed, is not, or nobody knows."""

from typing import Any

from drivers import contract as device
from tests.crash.lives.bus import Bus, End

PRINT_MS = 900


class SlipBus(Bus):
    """No money and no document hangs on it."""

    name = "receipt"
    devices = ("receipt",)

    def status(self, name: str) -> device.Status:
        """The receipt printer."""
        return device.Status(name, device.DeviceState.READY, identity=device.Identity(serial="S1"))

    def carry_out(self, command: Any, end: End) -> None:
        """Print."""
        self.soon(lambda: end(device.Outcome.DONE), PRINT_MS)
