"""`kiosk screens`: a picture of every screen in every language and way of display, from the visit's own examples."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.apps.desk_machine import SETTINGS
from kiosk.apps.shelf import load_catalogue
from kiosk.cli import EXIT_MISSING
from kiosk.protocol.screen import Snapshot
from kiosk.visit.examples import NOW_MS, examples
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import present
from kiosk.words.words import LANGUAGES
from kiosk.words.words import load as load_words


def render_screens(out: Path) -> int:
    """Save OUT/LANG/NAME.MODE.png of everything. 0 done, 3 when Qt can't be loaded here."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from ui.gallery import MODES, render_all
    except ImportError as error:
        print(
            f"kiosk screens: Qt can't be loaded ({error}); `make setup` installs what it needs",
            file=sys.stderr,
        )
        return EXIT_MISSING
    files = render_all(out, every_screen())
    print(f"{len(files)} pictures in {out} ({', '.join(LANGUAGES)}; {', '.join(MODES)})")
    return 0


def every_screen() -> Iterator[tuple[str, Snapshot]]:
    """("ko/pay-empty", its snapshot) and so on, each example in each language."""
    facts = MachineFacts(SETTINGS["site"], SETTINGS["machine"], SETTINGS["help_phone"])
    catalogue = load_catalogue()
    for lang in LANGUAGES:
        words = load_words(lang)
        for name, visit in examples(catalogue):
            display = msgspec.structs.replace(visit.display, lang=lang)
            shown = msgspec.structs.replace(visit, display=display)
            yield f"{lang}/{name}", present(shown, words, facts, seq=1, since=1, now_ms=NOW_MS)
