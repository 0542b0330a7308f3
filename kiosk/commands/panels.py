"""In which panels the commands of `kiosk` stand in its help."""

from typing import Any, Final

from kiosk.console import panels
from kiosk.console.choices import refuse_slips
from kiosk.console.endings import endings

MACHINE: Final = "The machine"
DOCUMENTS: Final = "Documents"
MONEY: Final = "Money and ledger"
DESK: Final = "The desk (development)"
PROGRAMS: Final = "Programs (started by systemd)"


class Commands(panels.Commands):
    """All commands of `kiosk`."""

    program = "kiosk"
    panels = (MACHINE, DOCUMENTS, MONEY, DESK, PROGRAMS)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """No word of `kiosk` may be empty, or longer than any name."""
        with endings(self.program):
            refuse_slips(args)
        return super().parse_args(ctx, args)
