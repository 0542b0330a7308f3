"""In which panels the commands of `central` stand in its help."""

from itertools import pairwise
from typing import Any, Final

from central.problems import SetupError
from kiosk.console import panels
from kiosk.console.endings import endings

SERVER: Final = "The server"
TYPES: Final = "Certificate types and keys"
MONEY: Final = "Registers and money"
DESK: Final = "The desk (development)"
PLACES: Final = ("--data", "--out", "--keys", "--add", "--ready-file")
"""The options that name a file or a folder."""


class Commands(panels.Commands):
    """All commands of `central`."""

    program = "central"
    panels = (SERVER, TYPES, MONEY, DESK)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """An empty name would be read as that of the folder one stands in."""
        with endings(self.program):
            for option in PLACES:
                if f"{option}=" in args or (option, "") in pairwise(args):
                    raise SetupError(f"{option} names nothing; name a place, or . for where you are")
        return super().parse_args(ctx, args)
