"""Plane geometry of convex plots, in metres: areas, cuts that take off an area exactly, clipping to a window.

A plot's corners run counter-clockwise. Each corner carries the number of the line that its edge to the next one lies
on, so that neighbours can be given each other's corners (ground.py) without a search by distance.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

Point = tuple[float, float]
Ring = tuple[Point, ...]
Corner = tuple[float, float, int]
Plot = tuple[Corner, ...]

_ON_LINE = 1e-9  # m: a corner so near to a cut lies on it
_NOTHING = 1e-3  # m²: so little is not to be seen


class Window(Struct, frozen=True):
    """An upright rectangle, in metres."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: "Window") -> bool:
        """Whether the two have ground in common."""
        return (
            self.west < other.east
            and other.west < self.east
            and self.south < other.north
            and other.south < self.north
        )


def area_of(ring: Sequence[tuple[float, ...]]) -> float:
    """Square metres, positive for a counter-clockwise ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _pairs(_near_origin(ring))) / 2


def centre_of(ring: Ring) -> Point:
    """The centre of gravity."""
    home, near = ring[0], _near_origin(ring)
    crosses = [a[0] * b[1] - b[0] * a[1] for a, b in _pairs(near)]
    twice = sum(crosses)
    x = sum((a[0] + b[0]) * cross for (a, b), cross in zip(_pairs(near), crosses, strict=True))
    y = sum((a[1] + b[1]) * cross for (a, b), cross in zip(_pairs(near), crosses, strict=True))
    return home[0] + x / (3 * twice), home[1] + y / (3 * twice)


def bounds_of(ring: Iterable[tuple[float, ...]]) -> Window:
    """The smallest window around it."""
    points = tuple(ring)
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return Window(min(xs), min(ys), max(xs), max(ys))


def cut_area(plot: Plot, angle: float, area: float, line: int) -> tuple[Plot, Plot]:
    """Cut off `area` from the side that `angle` points away from; what was cut off, and the rest.

    Raises ValueError when the plot is not larger than that.
    """
    return cut_at(plot, angle, _level_for(plot, angle, area), line)


def cut_at(plot: Plot, angle: float, level: float, line: int) -> tuple[Plot, Plot]:
    """The parts below and above `level`, measured in the direction of `angle`; the cut gets the number `line`."""
    levels = _levels(plot, angle)
    below: list[Corner] = []
    above: list[Corner] = []
    for index, corner in enumerate(plot):
        here, there = levels[index] - level, levels[(index + 1) % len(plot)] - level
        if here <= _ON_LINE:
            below.append(corner if here < -_ON_LINE or there <= _ON_LINE else (*corner[:2], line))
        if here >= -_ON_LINE:
            above.append(corner if here > _ON_LINE or there >= -_ON_LINE else (*corner[:2], line))
        if (here < -_ON_LINE and there > _ON_LINE) or (here > _ON_LINE and there < -_ON_LINE):
            x, y = _between(corner, plot[(index + 1) % len(plot)], here / (here - there))
            rising = here < 0
            below.append((x, y, line if rising else corner[2]))
            above.append((x, y, corner[2] if rising else line))
    return tuple(below), tuple(above)


def level_of(plot: Plot, angle: float, line: int) -> float:
    """How far in that direction the edge on `line` lies. Raises StopIteration when there is none."""
    corner = next(corner for corner in plot if corner[2] == line)
    return corner[0] * math.cos(angle) + corner[1] * math.sin(angle)


def clip(ring: Ring, window: Window) -> Ring:
    """What of a convex ring lies in the window; () for nothing."""
    left: tuple[Corner, ...] = tuple((x, y, 0) for x, y in ring)
    for angle, level in (
        (0.0, window.east),
        (math.pi / 2, window.north),
        (math.pi, -window.west),
        (-math.pi / 2, -window.south),
    ):
        left, _ = cut_at(left, angle, level, 0)
        if len(left) < 3:
            return ()
    return tuple((x, y) for x, y, _ in left) if area_of(left) > _NOTHING else ()


def clip_line(start: Point, end: Point, window: Window) -> tuple[Point, Point] | None:
    """What of a straight line lies in the window."""
    first, last = 0.0, 1.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    for step, room in (
        (-dx, start[0] - window.west),
        (dx, window.east - start[0]),
        (-dy, start[1] - window.south),
        (dy, window.north - start[1]),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return (_between(start, end, first), _between(start, end, last)) if first < last else None


def holds(ring: Ring, points: Iterable[Point]) -> bool:
    """Whether all the points lie in the convex ring."""
    edges = list(_pairs(ring))
    return all(
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0 for x, y in points for a, b in edges
    )


def _level_for(plot: Plot, angle: float, area: float) -> float:
    """The level below which `area` lies. Between two corners the plot is a trapezium, so its area is a square in the
    level there.
    """
    levels = _levels(plot, angle)
    steps = sorted(set(levels))
    left = area
    for low, high in pairwise(steps):
        narrow, wide = _width(plot, levels, low), _width(plot, levels, high)
        slab = (narrow + wide) / 2 * (high - low)
        if slab >= left:
            slope = (wide - narrow) / (high - low)
            return low + 2 * left / (narrow + math.sqrt(max(0.0, narrow * narrow + 2 * slope * left)))
        left -= slab
    raise ValueError("a plot is smaller than what is to be cut off")


def _width(plot: Plot, levels: Sequence[float], level: float) -> float:
    """How wide the plot is at a level."""
    points: list[tuple[float, ...]] = []
    for index, corner in enumerate(plot):
        here, there = levels[index] - level, levels[(index + 1) % len(plot)] - level
        if here == 0:
            points.append(corner)
        elif here * there < 0:
            points.append(_between(corner, plot[(index + 1) % len(plot)], here / (here - there)))
    return max(math.dist(a[:2], b[:2]) for a in points for b in points)


def _levels(plot: Plot, angle: float) -> list[float]:
    across, along = math.cos(angle), math.sin(angle)
    return [corner[0] * across + corner[1] * along for corner in plot]


def _between(a: tuple[float, ...], b: tuple[float, ...], share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _near_origin(ring: Sequence[tuple[float, ...]]) -> list[Point]:
    """Moved to its first corner: products of coordinates of hundreds of kilometres would lose the centimetres."""
    return [(point[0] - ring[0][0], point[1] - ring[0][1]) for point in ring]


def _pairs(ring: Sequence[Point]) -> Iterable[tuple[Point, Point]]:
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)
