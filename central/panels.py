"""In which panels the commands of `central` stand in its help."""

from typing import Final

from kiosk import panels

SERVER: Final = "The server"
TYPES: Final = "Certificate types and keys"
MONEY: Final = "Registers and money"
DESK: Final = "The desk (development)"


class Commands(panels.Commands):
    """All commands of `central`."""

    program = "central"
    panels = (SERVER, TYPES, MONEY, DESK)
