"""In which panels the commands of `kiosk` stand in its help."""

from typing import Final

from kiosk import panels

MACHINE: Final = "The machine"
DOCUMENTS: Final = "Documents"
MONEY: Final = "Money and ledger"
DESK: Final = "The desk (development)"
PROGRAMS: Final = "Programs (started by systemd)"


class Commands(panels.Commands):
    """All commands of `kiosk`."""

    program = "kiosk"
    panels = (MACHINE, DOCUMENTS, MONEY, DESK, PROGRAMS)
