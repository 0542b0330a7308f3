"""Contrast as it is really drawn: the lightest and the darkest pixel within the room of each text."""

import pytest
from PySide6.QtGui import QImage

from kiosk.protocol.screen import Display
from tests.ui.looking import Eye, Seen
from tests.ui.samples import MAKERS, sample

USUAL, HIGH = 7.0, 15.0


def luminance(pixel: int) -> float:
    """Relative luminance by WCAG 2.2 of a pixel 0xAARRGGBB."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(pixel >> shift & 0xFF) for shift in (16, 8, 0))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(picture: QImage, words: Seen) -> float:
    area = picture.copy(words.rect.toRect().intersected(picture.rect()))
    pixels = set(memoryview(area.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I"))
    found = sorted(luminance(pixel) for pixel in pixels)
    return (found[-1] + 0.05) / (found[0] + 0.05)


@pytest.mark.parametrize(("high", "least"), [(False, USUAL), (True, HIGH)], ids=["usual", "high"])
def test_words_stand_out_from_their_ground(eye: Eye, high: bool, least: float) -> None:
    weak: list[str] = []
    for name in MAKERS:
        snapshot = sample(name, "ko", Display(high_contrast=high))
        eye.show(snapshot)
        picture = eye.picture()
        for words in eye.words():
            # What lies under the sheet is dimmed on purpose and can't be pressed.
            if snapshot.overlay is not None and not words.item.isEnabled():
                continue
            seen = contrast(picture, words)
            if seen < least:
                weak.append(f"{name}: {words.name!r} {seen:.1f}")
    assert not weak, "\n".join(weak)


def test_high_contrast_has_three_colours_only(eye: Eye) -> None:
    eye.show(sample("check", "ko", Display(high_contrast=True)))
    picture = eye.picture()
    strong = {"#000000", "#ffffff", "#ffe600"}
    common: dict[str, int] = {}
    for y in range(0, picture.height(), 3):
        for x in range(0, picture.width(), 3):
            name = picture.pixelColor(x, y).name()
            common[name] = common.get(name, 0) + 1
    total = sum(common.values())
    assert sum(count for name, count in common.items() if name in strong) / total > 0.97
