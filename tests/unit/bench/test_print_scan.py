"""Paper that was printed, worn and scanned: its seal is read when the scan is fair, and not when it can't be."""

import io
import random

import pytest
from PIL import Image

from kiosk.bench.print_scan import COPY, GOOD, POOR, Wear, scanned
from kiosk.bench.scans import seal_on_paper
from kiosk.worker.pictures import look_into
from kiosk.worker.sample import render_sample


@pytest.fixture(scope="module")
def seal() -> Image.Image:
    return seal_on_paper(render_sample("land"))


@pytest.mark.parametrize("wear", [GOOD, POOR, COPY], ids=["good", "poor", "copied"])
def test_a_fair_scan_is_read(seal: Image.Image, wear: Wear) -> None:
    assert look_into(scanned(seal, 200, wear, random.Random(1))).seal.startswith("KC1:")


def test_a_scan_without_enough_dots_is_not_read(seal: Image.Image) -> None:
    assert look_into(scanned(seal, 50, POOR, random.Random(1))).seal == ""


def test_the_same_chance_gives_the_same_scan_and_wear_is_seen(seal: Image.Image) -> None:
    first, again = (scanned(seal, 150, GOOD, random.Random(7)) for _ in range(2))
    assert first == again
    clean, worn = (
        Image.open(io.BytesIO(scanned(seal, 150, wear, random.Random(7)))) for wear in (GOOD, POOR)
    )
    assert worn.convert("L").getextrema() != clean.convert("L").getextrema()
