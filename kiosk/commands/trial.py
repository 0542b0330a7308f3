"""The technician's test print, with this machine's name and the screens of its printer."""

import time
from datetime import UTC, datetime
from pathlib import Path

from kiosk.settings import load
from kiosk.worker.imprint import SEOUL
from kiosk.worker.screens import DEFAULT_PAIR, Grounds
from kiosk.worker.trial_page import trial_page


def trial_page_of(run: Path | None, printer: str) -> bytes:
    """The page as PDF. Raises SettingsError, ValueError (screens that are no pair), WorkError."""
    now = int(time.time())
    about = [datetime.fromtimestamp(now, UTC).astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")]
    pair = DEFAULT_PAIR
    if run is not None:
        settings = load(run / "kiosk.toml")
        about += [settings.kiosk_id, settings.machine]
        pair = Grounds(settings.printer.ground).under(printer)
    about += [f"void ground {pair}", *([printer] if printer else [])]
    return trial_page(" · ".join(about), now, pair)
