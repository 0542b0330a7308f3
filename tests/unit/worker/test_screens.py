"""The void ground's screens: exact on the grid, even on the print, a word on the copy, each printer's own."""

import random

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.bench.print_scan import GOOD, photocopied, printed
from kiosk.worker.calibration import (
    CELL_HEIGHT,
    CELL_WIDTH,
    COARSE,
    FINE,
    calibration_page,
    calibration_picture,
    hidden_word,
    place,
)
from kiosk.worker.ground import screened
from kiosk.worker.screens import DEFAULT_PAIR, HEIGHT, WIDTH, Grounds, Pair, Screen, pair_of

PATCH = (720, 720)
# Rows and columns whose screens are to cover equally much.
LIKE = [(fine, coarse) for fine in FINE for coarse in COARSE if fine.coverage == coarse.coverage]


def patch(pair: Pair, letters: Image.Image) -> Image.Image:
    return Image.frombytes("1", letters.size, b"".join(screened(letters, pair, letters.height))).convert("L")


def plain(pair: Pair, *, coarse: bool) -> Image.Image:
    return patch(pair, Image.new("1", PATCH, int(coarse)))


def darkness(picture: Image.Image) -> float:
    return 1 - ImageStat.Stat(picture).mean[0] / 255


def tones(picture: Image.Image, word: Image.Image) -> float:
    """How much darker the word is than what is around it, in grey levels."""
    inside, around = word.convert("L"), ImageChops.invert(word.convert("L"))
    return ImageStat.Stat(picture, around).mean[0] - ImageStat.Stat(picture, inside).mean[0]


@pytest.mark.parametrize("screen", [*FINE, *COARSE], ids=str)
def test_a_screen_covers_what_its_name_says(screen: Screen) -> None:
    whole = 360 // screen.pitch * screen.pitch
    for coarse in (False, True):
        pair = Pair(screen, screen)
        covered = darkness(plain(pair, coarse=coarse).crop((0, 0, whole, whole)))
        assert covered == pytest.approx(screen.coverage)


def test_the_sheet_has_pairs_of_equal_coverage_and_both_sides_of_them() -> None:
    assert len(LIKE) >= 5
    assert len(FINE) == len(COARSE) == 9
    assert len(set(FINE)) == len(set(COARSE)) == 9
    for pair in (Pair(fine, coarse) for fine in FINE for coarse in COARSE):
        assert pair_of(str(pair)) == pair
    assert DEFAULT_PAIR.fine in FINE
    assert DEFAULT_PAIR.coarse in COARSE


def test_the_sheet_is_printed_dot_for_dot_at_600_dpi() -> None:
    with pdfium.PdfDocument(calibration_page()) as document:
        assert len(document) == 1
        drawn = document[0].render(scale=600 / 72 * (1 - 1e-6), grayscale=True).to_pil()
    assert drawn.size == (WIDTH, HEIGHT)
    assert ImageChops.difference(drawn, calibration_picture().convert("L")).getbbox() is None


def test_each_cell_of_the_sheet_has_its_own_pair_and_keeps_off_its_neighbours() -> None:
    page, word = calibration_picture(), hidden_word()
    for row, fine in enumerate(FINE):
        for column, coarse in enumerate(COARSE):
            left, top = place(row, column)
            cell = page.crop((left, top, left + word.width, top + word.height)).convert("L")
            assert ImageChops.difference(cell, patch(Pair(fine, coarse), word)).getbbox() is None
    assert word.width < CELL_WIDTH
    assert word.height < CELL_HEIGHT


@pytest.mark.parametrize("seed", range(3))
def test_the_word_is_hidden_on_the_print_and_shows_on_a_copy(seed: int) -> None:
    """On a printer that prints all dots alike, which is the simulated one; equal coverage is its right cell."""
    rng, word = random.Random(seed), hidden_word()
    paper = printed(patch(pair_of("2/8 4/16"), word), rng)
    assert abs(tones(paper, word)) < 10
    assert tones(photocopied(paper, GOOD, rng), word) > abs(tones(paper, word)) + 5


def test_a_pair_that_suits_another_printer_gives_the_word_away_on_this_one() -> None:
    word = hidden_word()
    paper = printed(patch(pair_of("2/5 4/24"), word), random.Random(1))
    assert abs(tones(paper, word)) > 20


@pytest.mark.parametrize(
    "text",
    ["", "2/8", "2/8 4/24 6/30", "2/3 4/24", "4/24 2/8", "0/8 4/24", "2/8,4/24", "2/8  4/24", "a/8 4/24"],
)
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 # each has its own words
        pair_of(text)


def test_each_printer_has_its_own_screens_and_an_unknown_one_the_usual() -> None:
    grounds = Grounds({"one": "2/6 4/20", "two": "2/10 4/28"})
    assert str(grounds.under("one")) == "2/6 4/20"
    assert str(grounds.likely) == "2/10 4/28"
    assert grounds.under("another") == grounds.under("") == DEFAULT_PAIR
    assert Grounds({}).likely == DEFAULT_PAIR
