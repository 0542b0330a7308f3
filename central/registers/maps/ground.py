"""How a dong's ground is divided: rows of blocks with streets between, blocks into families of lots, those into lots.

Every cut takes off an area exactly, so each lot is as large as its register says; what a row or the dong has over
lies at its end and belongs to the street there. Numbers that follow each other lie beside each other.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TypeVar

import msgspec
from msgspec import Struct

from central.registers.maps.plane import Corner, Plot, Point, Ring, bounds_of, cut_area, cut_at, level_of
from central.registers.maps.rows import ALLEY, STREET, Block, Row, Rows, area_of_block
from central.registers.parcel import Lot

_ROW_TILT, _BLOCK_TILT, _LOT_TILT = 0.035, 0.06, 0.09  # radians
_EAST, _NORTH = 0.0, math.pi / 2
_HILL_ROOM = 1.05  # a hill has no straight edge at its top

Thing = TypeVar("Thing")


class Site(Struct, frozen=True):
    """Where one lot lies. `row` numbers its row from the south; `streets`: how wide (m) those are that it lies at."""

    lot: Lot
    ring: Ring
    row: int
    streets: tuple[int, ...] = ()


class Way(Struct, frozen=True):
    """The middle of a street or a stream, and how wide it is, m. `border`: two dongs meet there."""

    start: Point
    end: Point
    width: int
    name: str = ""
    water: bool = False
    border: bool = False

    @property
    def outline(self) -> Ring:
        """Its four corners."""
        (ax, ay), (bx, by) = self.start, self.end
        half = self.width / 2 / math.dist(self.start, self.end)
        dx, dy = (by - ay) * half, (ax - bx) * half
        return (ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)


class Sides(Struct, frozen=True):
    """How wide (m) the street on each side of a dong is; 0 where there is none."""

    south: int = 0
    east: int = 0
    north: int = 0
    west: int = 0


class Ground:
    """One dong's ground while it is divided."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lines = count(1)
        self._widths: dict[int, int] = {}
        self._plots: list[tuple[Lot, Plot, int]] = []
        self.ways: list[Way] = []

    def divide(self, corner: Point, width: float, rows: Rows, sides: Sides) -> list[Site]:
        """The lots in a rectangle `width` wide whose south-western corner is given, amid the streets of its sides."""
        rest = self._rectangle(corner, width, rows.height(width), sides)
        for number, row in enumerate(rows.rows):
            last = number == len(rows.rows) - 1
            line = self._line(sides.north if last else STREET)
            angle = _NORTH + self._tilt(_ROW_TILT)
            strip, rest = cut_area(rest, angle, rows.need(row, width), line)
            self._row(strip, row, number, sides)
            if not last:
                rest = self._street(rest, angle, line, STREET)
        return self._sites()

    def one_block(self, corner: Point, width: float, families: Block) -> list[Site]:
        """The same without any street: a hill."""
        area = area_of_block(families)
        whole = self._rectangle(corner, width, hill_height(families, width), Sides())
        block, _ = cut_area(whole, _NORTH + self._tilt(_ROW_TILT), area, next(self._lines))
        self._block(block, families, 0)
        return self._sites()

    def _rectangle(self, corner: Point, width: float, height: float, sides: Sides) -> Plot:
        x, y = corner
        points = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        streets = msgspec.structs.astuple(sides)
        return tuple((*point, self._line(street)) for point, street in zip(points, streets, strict=True))

    def _line(self, street: int) -> int:
        line = next(self._lines)
        if street:
            self._widths[line] = street
        return line

    def _row(self, strip: Plot, blocks: Row, row: int, sides: Sides) -> None:
        """Every other row is numbered from the east."""
        towards, end = (_EAST, sides.east) if row % 2 == 0 else (math.pi, sides.west)
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            line = self._line(end if last else ALLEY)
            angle = towards + self._tilt(_BLOCK_TILT)
            plot, strip = cut_area(strip, angle, area_of_block(block), line)
            self._block(plot, block, row)
            if not last:
                strip = self._street(strip, angle, line, ALLEY)

    def _street(self, rest: Plot, angle: float, line: int, width: int) -> Plot:
        """Take a street off the edge that a cut has left."""
        level = level_of(rest, angle, line)
        strip, rest = cut_at(rest, angle, level + width, self._line(width))
        index = next(index for index, corner in enumerate(strip) if corner[2] == line)
        start, end = strip[index], strip[(index + 1) % len(strip)]
        dx, dy = math.cos(angle) * width / 2, math.sin(angle) * width / 2
        self.ways.append(Way((start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy), width))
        return rest

    def _block(self, plot: Plot, families: Block, row: int) -> None:
        for family, part in self._shared(plot, [(one, area_of_block((one,))) for one in families]):
            for lot, own in self._shared(part, family):
                self._plots.append((lot, own, row))

    def _shared(self, plot: Plot, things: Sequence[tuple[Thing, float]]) -> Iterator[tuple[Thing, Plot]]:
        """Cut across the longer side into two halves, and those again, until each has its own."""
        if len(things) == 1:
            yield things[0][0], plot
            return
        middle = _middle([area for _, area in things])
        angle = self._across(plot) + self._tilt(_LOT_TILT)
        area = sum(area for _, area in things[:middle])
        first, second = cut_area(plot, angle, area, next(self._lines))
        yield from self._shared(first, things[:middle])
        yield from self._shared(second, things[middle:])

    def _across(self, plot: Plot) -> float:
        """The direction of the plot's longest edge, towards east or north."""
        window = bounds_of(plot)
        (ax, ay, _), (bx, by, _) = max(_edges(plot), key=lambda edge: math.dist(edge[0][:2], edge[1][:2]))
        wide = window.east - window.west > window.north - window.south
        angle = math.atan2(by - ay, bx - ax)
        ahead = math.cos(angle) > 0 if wide else math.sin(angle) > 0
        return angle if ahead else angle + math.pi

    def _tilt(self, most: float) -> float:
        return self._rng.uniform(-most, most)

    # --- written down ---

    def _sites(self) -> list[Site]:
        """Each plot with its neighbours' corners on its own edges, so that all share whole edges."""
        on_line: dict[int, set[Point]] = {}
        for _, plot, _ in self._plots:
            for corner, after in _edges(plot):
                on_line.setdefault(corner[2], set()).update((corner[:2], after[:2]))
        return [self._site(lot, plot, row, on_line) for lot, plot, row in self._plots]

    def _site(self, lot: Lot, plot: Plot, row: int, on_line: Mapping[int, set[Point]]) -> Site:
        ring: list[Point] = []
        for corner, after in _edges(plot):
            start, end = corner[:2], after[:2]
            length = math.dist(start, end)
            between = sorted(
                (math.dist(start, point), point)
                for point in on_line[corner[2]] - {start, end}
                if math.dist(start, point) < length and math.dist(end, point) < length
            )
            ring += [start, *(point for _, point in between)]
        widths = {self._widths[corner[2]] for corner in plot if corner[2] in self._widths}
        return Site(lot, tuple(ring), row, tuple(sorted(widths, reverse=True)))


def hill_height(families: Block, width: float) -> float:
    """How far a hill so wide reaches from south to north, m."""
    return area_of_block(families) * _HILL_ROOM / width


def _middle(areas: Sequence[float]) -> int:
    """After how many of them about half of their sum is reached, at least one and not all."""
    half, reached = sum(areas) / 2, 0.0
    for number, area in enumerate(areas, 1):
        if reached + area / 2 >= half:
            return min(max(1, number - 1), len(areas) - 1)
        reached += area
    return len(areas) - 1


def _edges(plot: Plot) -> Iterable[tuple[Corner, Corner]]:
    return zip(plot, (*plot[1:], *plot[:1]), strict=True)
