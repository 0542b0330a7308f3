"""Where the words of a map stand: inside what they name, upright or along a street, and on no other word.

What has no room is left out, as on a surveyor's map; only the asked lot's own name always has a place.
"""

import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from central.registers.maps.ground import Way
from central.registers.maps.plane import Point, Ring, Window, area_of, bounds_of, centre_of, clip_line, holds

LOT, ASKED, BESIDE, STREET, WATER, DONG = "lot", "asked", "beside", "street", "water", "dong"
_NARROW, _WIDE = 0.62, 1.0  # of the letter's height: digits and signs, Hangul
_ASKED = 1.3  # so much larger is the asked lot's own name
_DONG = 2.0  # and a dong's name, with its letters apart
_GAP = 0.8  # letters: so far apart at least are two words, or a reader takes them for one
_SPARE = 1.25  # a word's box is so much higher than its letters
_ALONG = (0.5, 0.3, 0.7, 0.15, 0.85)


class Label(Struct, frozen=True):
    """A word and the middle of its place, m; `turn`: radians against the clock. `kind`: LOT, ASKED, BESIDE …"""

    text: str
    kind: str
    at: Point
    turn: float = 0.0


class Labels:
    """The words placed on one map so far. `letter`: how high its letters are on the ground, m."""

    def __init__(self, window: Window, letter: float) -> None:
        self._window = window
        self._letter = letter
        self._taken: list[Ring] = []
        self.placed: list[Label] = []

    def lot(self, text: str, ring: Ring) -> None:
        """Name a lot, if its name has room in what the map shows of it."""
        self._try(Label(text, LOT, centre_of(ring)), ring)

    def asked(self, text: str, ring: Ring) -> None:
        """Name the asked lot, beside it if it is too small."""
        if self._try(Label(text, ASKED, centre_of(ring)), ring, larger=_ASKED):
            return
        for at in self._beside(ring):
            if self._try(Label(text, BESIDE, at), (), larger=_ASKED):
                return
        self.placed.append(Label(text, ASKED, centre_of(ring)))

    def way(self, way: Way) -> None:
        """Name a street or a stream along it, where it is wide enough; where it is a border, off the border's line."""
        seen = clip_line(way.start, way.end, self._window)
        lane = way.width / 2 if way.border else way.width
        if seen is None or lane < self._letter * _SPARE:
            return
        (ax, ay), (bx, by) = seen if seen[0] < seen[1] else seen[::-1]
        turn = math.atan2(by - ay, bx - ax)
        aside = lane / 2 if way.border else 0
        for share in _ALONG:
            x, y = ax + (bx - ax) * share, ay + (by - ay) * share
            at = (x - math.sin(turn) * aside, y + math.cos(turn) * aside)
            if self._try(Label(way.name, WATER if way.water else STREET, at, turn), ()):
                return

    def dong(self, name: str, rings: Sequence[Ring]) -> None:
        """Name a dong inside the largest of its lots that has room besides its own name."""
        for ring in sorted(rings, key=area_of, reverse=True):
            x, y = centre_of(ring)
            for lines in (-3, 3, -5, 5):
                if self._try(Label(name, DONG, (x, y + lines * self._letter)), ring, larger=_DONG):
                    return

    def _try(self, label: Label, inside: Ring, larger: float = 1.0) -> bool:
        box = _box(label, self._width(label.text) * larger, self._letter * _SPARE * larger)
        free = holds(_ring_of(self._window), box) and not any(_overlap(box, other) for other in self._taken)
        if not free or (inside and not holds(inside, box)):
            return False
        self._taken.append(box)
        self.placed.append(label)
        return True

    def _width(self, text: str) -> float:
        letters = sum(_NARROW if letter.isascii() else _WIDE for letter in text)
        return (letters + _GAP) * self._letter

    def _beside(self, ring: Ring) -> Iterator[Point]:
        """Places around it, the nearest first."""
        window = bounds_of(ring)
        x, y = (window.west + window.east) / 2, (window.south + window.north) / 2
        for away in (3, 5, 8, 12):
            step = away * self._letter
            for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1)):
                yield (
                    x + dx * (step * 1.5 + window.east - x),
                    y + dy * (step + window.north - y),
                )


def _box(label: Label, width: float, height: float) -> Ring:
    across, along = math.cos(label.turn), math.sin(label.turn)
    corners = ((-width, -height), (width, -height), (width, height), (-width, height))
    x, y = label.at
    return tuple(
        (x + (dx * across - dy * along) / 2, y + (dx * along + dy * across) / 2) for dx, dy in corners
    )


def _ring_of(window: Window) -> Ring:
    west, south, east, north = window.west, window.south, window.east, window.north
    return (west, south), (east, south), (east, north), (west, north)


def _overlap(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two convex rings have ground in common: no edge of either has all of the other outside."""
    return not any(_apart(a, b) for a, b in ((one, other), (other, one)))


def _apart(ring: Sequence[Point], other: Sequence[Point]) -> bool:
    return any(
        all((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) <= 0 for x, y in other)
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
    )
