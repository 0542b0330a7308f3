"""The void ground's size, and its two screens as a setting names them: `2/8 4/24`, dot and pitch, fine and coarse."""

import re
from collections.abc import Mapping
from typing import NamedTuple

WIDTH, HEIGHT = 4960, 7016  # dots of A4 at 600 dpi
# A picture of the page's dots, in points: a hair smaller than the page, else a rasteriser that rounds outwards (PDFium)
# stretches it by one dot, and the screens with it.
_DOT_PT, _HAIR_PT = 0.12, 0.001
WHOLE_PAGE = f"{WIDTH * _DOT_PT - _HAIR_PT:.3f} 0 0 {HEIGHT * _DOT_PT - _HAIR_PT:.3f} 0 0 cm"
REPEAT = (
    480  # both sides of what the ground repeats are multiples of it, so a pitch that divides it has no seam
)
_WRITTEN = re.compile(r"([1-9])/([1-9]\d?) ([1-9])/([1-9]\d?)")


class Screen(NamedTuple):
    """Square dots of `dot` printer dots, one every `pitch`."""

    dot: int
    pitch: int

    @property
    def coverage(self) -> float:
        """The share of the paper that is to be black."""
        return (self.dot / self.pitch) ** 2


class Pair(NamedTuple):
    """A ground and its letters that look alike in toner; picked for a printer with the calibration page."""

    fine: Screen
    coarse: Screen

    def __str__(self) -> str:
        return " ".join(f"{screen.dot}/{screen.pitch}" for screen in self)


DEFAULT_PAIR = Pair(Screen(2, 8), Screen(4, 24))


def pair_of(text: str) -> Pair:
    """The pair that `2/8 4/24` names. Raises ValueError: not so written, or dots that leave no paper between them."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not like 2/8 4/24")
    dot, pitch, coarse_dot, coarse_pitch = map(int, found.groups())
    pair = Pair(Screen(dot, pitch), Screen(coarse_dot, coarse_pitch))
    if any(screen.pitch < 2 * screen.dot for screen in pair):
        raise ValueError(f"{text}: a pitch is at least twice its dot, or the page turns grey")
    if pair.fine.dot >= pair.coarse.dot:
        raise ValueError(f"{text}: the fine screen comes first, its dots are smaller than the coarse one's")
    return pair


class Grounds:
    """The screens that were picked for printers, by serial (printer-uuid). Raises ValueError for what is no pair."""

    def __init__(self, picked: Mapping[str, str]) -> None:
        self._picked = {serial: pair_of(text) for serial, text in picked.items()}

    def under(self, printer: str) -> Pair:
        """What is printed under a page on this printer."""
        return self._picked.get(printer, DEFAULT_PAIR)

    @property
    def likely(self) -> Pair:
        """What to make ready before the printer has said who it is: that of the printer calibrated last."""
        return next(reversed(self._picked.values()), DEFAULT_PAIR)


NO_GROUNDS = Grounds({})
