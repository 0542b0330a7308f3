"""`kiosk screens`: a picture of every screen in every language and way of display, from the visit's own examples."""

import os
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from kiosk.apps.desk_machine import SETTINGS
from kiosk.apps.shelf import ALL, load_catalogue, load_full_catalogue
from kiosk.cli import EXIT_MISSING
from kiosk.protocol.screen import Display, Snapshot
from kiosk.visit.example_base import Example
from kiosk.visit.examples import NOW_MS, examples
from kiosk.visit.examples_of_choosing import choosing_among_many
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import present
from kiosk.words.words import LANGUAGES
from kiosk.words.words import load as load_words

USUAL = Display()


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
    files = []
    for mode, display in MODES.items():
        shown = chain(every_screen(display), every_screen_of_many(display))
        files += render_all(out, shown, modes=(mode,))
    print(f"{len(files)} pictures in {out} ({', '.join(LANGUAGES)}; {', '.join(MODES)})")
    return 0


def every_screen(display: Display = USUAL) -> Iterator[tuple[str, Snapshot]]:
    """("ko/pay-empty", its snapshot) and so on, each example in each language, as it is shown in this way."""
    catalogue = load_catalogue()
    return shown_examples(lambda _lang: examples(catalogue), display)


def every_screen_of_many(display: Display = USUAL, up_to: int = ALL) -> Iterator[tuple[str, Snapshot]]:
    """The same of what looks different where all types up to that round have come, and there is a card reader."""
    catalogue = load_full_catalogue(up_to)
    return shown_examples(lambda lang: choosing_among_many(catalogue, lang), display)


def shown_examples(
    visits: Callable[[str], Iterator[Example]], display: Display
) -> Iterator[tuple[str, Snapshot]]:
    """Each of these examples in each language, as it is shown in this way."""
    facts = MachineFacts(SETTINGS["site"], SETTINGS["machine"], SETTINGS["help_phone"])
    for lang in LANGUAGES:
        words = load_words(lang)
        for name, visit in visits(lang):
            shown = msgspec.structs.replace(visit, display=msgspec.structs.replace(display, lang=lang))
            yield f"{lang}/{name}", present(shown, words, facts, seq=1, since=1, now_ms=NOW_MS)
