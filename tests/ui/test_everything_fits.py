"""No text is cut off, elided, torn, shrunk or covered: any screen, panel, size, language, with 17, 32 or 320 types.

`make test` shows each screen of 17 or 32 types in one language and one of the ways, chosen so that every two settings
meet (PAIRS), and what was once wrong in the way in which it was. `make fits` shows all of them in all ways.
"""

from collections.abc import Iterator
from functools import cache, partial
from itertools import chain, combinations, product
from zlib import crc32

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.bundles.catalogue_files import SHIPPED, load_catalogue, load_full_catalogue
from kiosk.catalogue.catalogue import Catalogue
from kiosk.commands.screens import shown_examples
from kiosk.examples.all_screens import examples
from kiosk.examples.choosing import choosing_among_many
from kiosk.protocol.certificates import Names
from kiosk.protocol.screen import Display, Snapshot
from kiosk.words.words import LANGUAGES
from tests.ui.fitting import complaints
from tests.ui.looking import Eye
from tests.ui.samples import MAKERS, sample
from ui.panel import load
from ui.window import build

PANELS = ("27-portrait", "23.8-portrait", "17-landscape")
SIZES = (100, 130, 160, 200)
MANY = 320
Way = tuple[str, int, bool, bool]
"""Panel, size of letters in percent, low reach, high contrast."""
WAYS: list[Way] = list(product(PANELS, SIZES, (False, True), (False, True)))
# Every two of panel, size, reach and contrast meet, in the fewest ways.
PAIRS: list[Way] = [
    ("27-portrait", 200, True, True),
    ("27-portrait", 100, False, False),
    ("27-portrait", 130, True, False),
    ("27-portrait", 160, False, True),
    ("23.8-portrait", 200, False, False),
    ("23.8-portrait", 160, True, False),
    ("23.8-portrait", 130, False, True),
    ("23.8-portrait", 100, True, True),
    ("17-landscape", 200, False, True),
    ("17-landscape", 160, True, True),
    ("17-landscape", 130, True, False),
    ("17-landscape", 100, False, False),
]
# Hundreds of pages of large letters: in the full matrix, and where one was once wrong.
OF_MANY = f"-{MANY}"
# What was once wrong, in the way in which it was.
KNOWN: dict[Way, tuple[str, ...]] = {
    ("27-portrait", 100, False, False): ("ko/attract-32", "ko/attract-320", "en/attract-320"),
    ("27-portrait", 200, False, False): (
        "ko/identify-pin-wrong", "en/options-content", "ko/choose-groups-17", "ko/trouble-card-in",
        "en/trouble-card-unreadable", "en/check-waived-32", "en/trouble-one-of-several", "en/sheet-reason",
    ),
    ("17-landscape", 100, False, False): (
        "ko/identify-pin-wrong", "ko/sheet-leave", "en/choose-by-name-few-32", "en/check-waived-32",
    ),
    ("17-landscape", 200, False, False): (
        "ko/attract-320", "en/attract-no-notes", "en/identify-pin-wrong", "ko/sample-lot-wrong",
        "en/choose-group-resident-320", "en/trouble-record-under-change", "en/sheet-display",
    ),
    ("17-landscape", 160, False, True): ("ko/attract-exact-only",),
    ("17-landscape", 130, False, False): ("ko/trouble-refunded", "ko/choose-group-parcel-17"),
    ("23.8-portrait", 200, False, False): ("en/choose-no-change", "en/trouble-card-settling"),
    ("23.8-portrait", 130, False, False): ("en/choose-groups-17", "en/choose-groups-with-basket-32"),
}  # fmt: skip


@cache
def catalogues() -> tuple[Catalogue, ...]:
    """17, 32 and 320 types."""
    return load_full_catalogue(SHIPPED), load_full_catalogue(), multiplied(load_full_catalogue(), MANY)


def multiplied(catalogue: Catalogue, types: int) -> Catalogue:
    """The same types over and over, each time under another name."""
    found = list(catalogue.types)
    for at in range(types - len(found)):
        kind = catalogue.types[at % len(catalogue.types)]
        again = 2 + at // len(catalogue.types)
        name = Names(f"{kind.name.ko} 제{again}호", f"{kind.name.en}, No. {again}")
        found.append(msgspec.structs.replace(kind, code=f"{kind.code}-{again}", name=name))
    return msgspec.structs.replace(catalogue, types=tuple(found))


def everything(display: Display) -> Iterator[tuple[str, Snapshot]]:
    """Each example in each language, of few types and of many; and what the ui's own tests are made of."""
    yield from shown_examples(lambda _lang: examples(load_catalogue()), display)
    for catalogue in catalogues():
        yield from shown_examples(partial(choosing_among_many, catalogue), display)
    for lang in LANGUAGES:
        for name in MAKERS:
            yield f"{lang}/sample-{name}", sample(name, lang, msgspec.structs.replace(display, lang=lang))


def wrong_with(eye: Eye, name: str, snapshot: Snapshot) -> list[str]:
    eye.show(snapshot)
    return [f"{name}, page {page}: {each}" for page in eye.pages() for each in complaints(eye)]


def in_the_slice(way: Way, name: str) -> bool:
    """Whether this screen's turn is in this way and this language: by its name, so that a new one moves no other."""
    lang, _, example = name.partition("/")
    language, at = divmod(crc32(example.encode()) % (len(LANGUAGES) * len(PAIRS)), len(PAIRS))
    return not example.endswith(OF_MANY) and (LANGUAGES[language], PAIRS[at]) == (lang, way)


def display(way: Way) -> Display:
    _panel, size, low, strong = way
    return Display(text_scale=size, low_reach=low, high_contrast=strong)


@pytest.fixture
def glass_of(qapp: QGuiApplication, request: pytest.FixtureRequest) -> Iterator[Eye]:
    """A window of that panel."""
    glass = build(load(request.param))
    glass.window.show()
    yield Eye(glass)
    glass.close()


def test_every_two_settings_meet() -> None:
    for first, second in combinations(range(4), 2):
        assert {(way[first], way[second]) for way in PAIRS} == {(way[first], way[second]) for way in WAYS}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("glass_of", PANELS, indirect=True)
def test_each_screen_fits_in_ways_in_which_every_two_settings_meet(
    glass_of: Eye, request: pytest.FixtureRequest
) -> None:
    panel = request.node.callspec.params["glass_of"]
    wrong: list[str] = []
    for way in (way for way in PAIRS if way[0] == panel):
        for name, snapshot in everything(display(way)):
            if in_the_slice(way, name):
                wrong += [f"{way} {each}" for each in wrong_with(glass_of, name, snapshot)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("glass_of", PANELS, indirect=True)
def test_what_was_once_wrong_fits(glass_of: Eye, request: pytest.FixtureRequest) -> None:
    panel = request.node.callspec.params["glass_of"]
    wrong: list[str] = []
    for way, names in KNOWN.items():
        if way[0] == panel:
            shown = dict(everything(display(way)))
            wrong += chain.from_iterable(wrong_with(glass_of, name, shown[name]) for name in names)
    assert not wrong, "\n".join(wrong)


@pytest.mark.fits
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("glass_of", "way"),
    [(way[0], way) for way in WAYS],
    indirect=["glass_of"],
    ids=["-".join(map(str, way)) for way in WAYS],
)
def test_everything_fits_in_every_way(glass_of: Eye, way: Way) -> None:
    wrong: list[str] = []
    for name, snapshot in everything(display(way)):
        wrong += wrong_with(glass_of, name, snapshot)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
