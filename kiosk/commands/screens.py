"""`kiosk screens`: a picture of every screen in every language and way of display, from the visit's own examples."""

import os
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

import msgspec

from kiosk.bundles.catalogue_files import ALL, load_catalogue, load_full_catalogue
from kiosk.commands.screens_index import INDEX, Picture, index_page
from kiosk.console.choices import one_of, shortened
from kiosk.console.output_folder import OutputFolder
from kiosk.console.progress import progress
from kiosk.desk.machine_folder import SETTINGS
from kiosk.examples.all_screens import NOW_MS, examples
from kiosk.examples.base import Example
from kiosk.examples.choosing import choosing_among_many
from kiosk.protocol.exits import MISSING
from kiosk.protocol.fault import RefusalError
from kiosk.protocol.screen import Display, Snapshot
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import present
from kiosk.words.words import LANGUAGES
from kiosk.words.words import load as load_words

USUAL = Display()
MAKER = "kiosk screens"


class Wanted(msgspec.Struct, frozen=True):
    """Which pictures: the screens whose name fits one of `only` (`pay*`), in these languages and ways of display.

    () is all.
    """

    only: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether this example (`ko/pay-empty`) is wanted."""
        lang = name.partition("/")[0]
        fitting = any(fits(name, pattern) for pattern in self.only or ("*",))
        return fitting and lang in (self.langs or LANGUAGES)


def fits(name: str, pattern: str) -> bool:
    """Whether an example (`ko/pay-empty`) is of this pattern, in whichever language."""
    return fnmatchcase(name.partition("/")[2], pattern)


def render_screens(out: Path, wanted: Wanted) -> int:
    """Save OUT/LANG/NAME.MODE.png of all that is wanted, and OUT/index.html, which leads through them. 0: done.

    Raises RefusalError for what there is not, when Qt can't be loaded, and for a folder of somebody else; OSError.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # whatever else this desk uses: a picture needs no display
    with progress("Get ready"):
        modes = _modes(wanted)
        first = list(_wanted(wanted, modes[next(iter(modes))]))
    missing = [pattern for pattern in wanted.only if not any(fits(name, pattern) for name, _ in first)]
    if missing:
        raise RefusalError(_nothing(missing))
    with OutputFolder.take(out, MAKER) as folder:
        pictures = list(_rendered(folder, wanted, modes, len(first)))
        folder.file(INDEX).write_text(index_page(pictures), "utf-8")
    langs = ", ".join(sorted({picture.lang for picture in pictures}, key=LANGUAGES.index))
    many = "s" if len(pictures) > 1 else ""
    print(
        f"{len(pictures)} picture{many} in {out} ({langs}; {', '.join(modes)}); "
        f"look through them: {out / INDEX}"
    )
    return 0


def _modes(wanted: Wanted) -> dict[str, Display]:
    try:
        from ui.gallery import MODES
    except ImportError as error:
        sentence = f"Qt can't be loaded ({error}); `make setup` installs what it needs"
        raise RefusalError(sentence, MISSING) from error
    for what, asked, there in (("language", wanted.langs, LANGUAGES), ("mode", wanted.modes, tuple(MODES))):
        for one in asked:
            one_of(what, one, there)
    return {mode: display for mode, display in MODES.items() if mode in (wanted.modes or MODES)}


def _rendered(
    folder: OutputFolder, wanted: Wanted, modes: dict[str, Display], each: int
) -> Iterator[Picture]:
    """Every wanted picture, as it is written."""
    from ui.gallery import render_each

    with progress("Screens", each * len(modes)) as work:
        for mode, display in modes.items():
            shown = list(_wanted(wanted, display))
            files = render_each(folder.file, shown, modes=(mode,))
            for (name, snapshot), file in zip(shown, files, strict=True):
                work.step(f"{name}, {mode}")
                lang, _, example = name.partition("/")
                yield Picture(snapshot.screen.value, example, lang, mode, str(file.relative_to(folder.path)))


def _wanted(wanted: Wanted, display: Display) -> Iterator[tuple[str, Snapshot]]:
    shown = chain(every_screen(display), every_screen_of_many(display))
    return (one for one in shown if wanted.fits(one[0]))


def _nothing(missing: Sequence[str]) -> str:
    names = sorted({name.partition("/")[2] for name, _ in chain(every_screen(), every_screen_of_many())})
    near = [name for pattern in missing for name in get_close_matches(pattern.strip("*?"), names, 3)]
    there = f"near it are {', '.join(near)}" if near else f"there are {', '.join(names[:6])} and so on"
    called = shortened(" or ".join(missing))
    return f"no screen is called {called}; {there}; * stands for any letters"


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
