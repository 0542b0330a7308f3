"""The whole town's land register with its map, and the papers drawn from it."""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from central.authority.types import load_types
from central.registers.book import Book, write_book
from central.registers.land import read_certificate
from central.registers.maps.book import Around, boundary
from central.registers.maps.drawing import scale_of
from central.registers.maps.plane import bounds_of
from central.registers.maps.sheet import map_items, window_around
from central.registers.maps.source import WHOLE, MapSource
from central.registers.maps.town import lay_out
from central.registers.parcel import Lot, Parcel
from tests.unit.central.certificates import whole_land
from tests.unit.central.office import NOON, subject_of

TYPES = load_types()
TOWN = whole_land()
Options = Mapping[str, str]
Asked = tuple[str, Lot, Options]


def write_town(folder: Path) -> Path:
    """The register's file."""
    file = folder / "register.db"
    write_book(file, TOWN)
    return file


def papers(file: Path, asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """The data of each paper: its type, its lot and what was chosen. Raises RefusedError."""

    async def ask() -> list[dict[str, Any]]:
        book = Book(file)
        try:
            return [await _paper(book, *one) for one in asked]
        finally:
            await book.close()

    return asyncio.run(ask())


async def _paper(book: Book, code: str, lot: Lot, options: Options) -> dict[str, Any]:
    kind = TYPES[code]
    assert kind.source is not None
    return await read_certificate(book, kind.file, kind.source, subject_of(lot), options, NOON)


class Neighbourhood:
    """The town's map in memory, for those who look at thousands of its places."""

    def __init__(self) -> None:
        land = lay_out(TOWN)
        use = {parcel.lot: parcel.land[-1].category for parcel in TOWN}
        self.boundaries = {site.lot: boundary(site, use[site.lot]) for site in land.sites}
        self._lots = [(bounds_of(one.ring), one) for one in self.boundaries.values()]
        self._ways = [(bounds_of(way.outline), way) for way in land.ways]

    def draw(self, parcel: Parcel, source: MapSource) -> dict[str, Any]:
        """The parcel's map with the whole lot on it."""
        asked = self.boundaries[parcel.lot]
        scale = scale_of(asked, parcel, source, {source.option: WHOLE})
        window = window_around(asked.ring, scale, source.frame_mm)
        seen = Around(
            tuple(one for its, one in self._lots if its.meets(window)),
            tuple(way for its, way in self._ways if its.meets(window)),
        )
        return map_items(asked, seen, window, scale, source)


def choices(code: str) -> list[Options]:
    """Every way to choose a type's options."""
    options = TYPES[code].file.option
    ways = product(*([choice.code for choice in option.choices] for option in options))
    return [dict(zip((option.code for option in options), way, strict=True)) for way in ways]
