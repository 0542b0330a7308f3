"""Prints the slip that leads to the counter, on request.

If nothing is proved about the print, it is UNSURE.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from drivers import contract as device
from kiosk.catalogue.catalogue import Catalogue
from kiosk.clocks import SEOUL
from kiosk.core.receipts import FATES, PRINT_MS
from kiosk.ipc.peer import Bus
from kiosk.settings import Settings
from kiosk.visit.effects import PrintGuide
from kiosk.visit.order_view import Slip
from kiosk.words.guide import GuideFacts, guide
from kiosk.words.words import load


class GuideSlips:
    """Prints one slip for each request."""

    def __init__(
        self, settings: Settings, catalogue: Callable[[], Catalogue], printer: Bus, wall_ms: Callable[[], int]
    ) -> None:
        self._settings, self._catalogue, self._printer, self._wall_ms = settings, catalogue, printer, wall_ms

    def print(self, wanted: PrintGuide, over: Callable[[Slip], None]) -> None:
        """Print the slip; `over` hears how that ended."""
        if not self._printer.up:
            over(Slip.FAILED)
            return
        request = self._printer.request()
        command = device.PrintReceipt(
            request=request,
            key=f"guide-{request}",
            lines=guide(self._facts(wanted), load(wanted.lang)),
            deadline_ms=PRINT_MS,
        )
        self._printer.ask(command, lambda end, _: over(FATES[end.outcome]))

    def _facts(self, wanted: PrintGuide) -> GuideFacts:
        kind = self._catalogue().type(wanted.type_code)
        at = datetime.fromtimestamp(self._wall_ms() / 1000, UTC).astimezone(SEOUL)
        return GuideFacts(
            certificate=kind.name.text(wanted.lang) if kind is not None else wanted.type_code,
            register=kind.register if kind is not None else "other",
            personal=kind is not None and kind.personal,
            code=wanted.code,
            at=at.strftime("%Y-%m-%d %H:%M"),
            site=self._settings.site,
            machine=self._settings.machine,
            help_phone=self._settings.help_phone,
        )
