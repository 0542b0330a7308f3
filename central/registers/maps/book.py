"""The map as the land register's office keeps it: a row for each lot's boundary, and the streets and streams.

It is in the register's own file, written with it, so that a lot's area and its boundary can't be of two days.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    insert,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from central.registers.district import dong_of
from central.registers.maps.ground import Site, Way
from central.registers.maps.plane import Ring, Window, bounds_of
from central.registers.maps.town import lay_out
from central.registers.maps.zones import Zoning, zoning_of
from central.registers.parcel import Lot, Parcel

metadata = MetaData()


def _placed(name: str, *columns: Column[str]) -> Table:
    """A table of things with the window that each lies in."""
    sides = (Column(side, Float, nullable=False) for side in ("west", "south", "east", "north"))
    return Table(name, metadata, *columns, *sides, Column("body", LargeBinary, nullable=False))


_boundaries = _placed("boundary", Column("lot", String, primary_key=True))
_ways = _placed("way")


class Boundary(Struct, frozen=True):
    """One lot on the map. `sign`: what the map says of its use, 대 or 임 (지목의 부호)."""

    lot: Lot
    sign: str
    ring: Ring
    zoning: Zoning


class Around(Struct, frozen=True):
    """What lies in a window of the map."""

    boundaries: tuple[Boundary, ...]
    ways: tuple[Way, ...]


def _meets(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.west < bindparam("its_east"),
        table.c.east > bindparam("its_west"),
        table.c.south < bindparam("its_north"),
        table.c.north > bindparam("its_south"),
    )


_ONE = select(_boundaries.c.body).where(_boundaries.c.lot == bindparam("its_lot"))
_LOTS = select(_boundaries.c.body).where(_meets(_boundaries)).order_by(_boundaries.c.lot)
_WAYS = select(_ways.c.body).where(_meets(_ways))


async def boundary_of(connection: AsyncConnection, lot: Lot) -> Boundary | None:
    """Where the lot lies; None when no map shows it."""
    body = (await connection.execute(_ONE, {"its_lot": lot.unique_no})).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=Boundary)


async def around(connection: AsyncConnection, window: Window) -> Around:
    """All lots and ways of which something may lie in the window."""
    asked = {f"its_{side}": value for side, value in msgspec.structs.asdict(window).items()}
    lots = (await connection.execute(_LOTS, asked)).scalars()
    ways = (await connection.execute(_WAYS, asked)).scalars()
    return Around(
        tuple(msgspec.json.decode(body, type=Boundary) for body in lots),
        tuple(msgspec.json.decode(body, type=Way) for body in ways),
    )


def write_map(connection: Connection, parcels: Iterable[Parcel]) -> None:
    """Draw the map of these parcels into the register's new file."""
    metadata.create_all(connection)
    known = {parcel.lot: parcel for parcel in parcels}
    land = lay_out(known.values())
    rows = []
    for site in land.sites:
        body = boundary(site, known[site.lot].land[-1].category)
        rows.append({"lot": site.lot.unique_no, **_row(site.ring, body)})
    connection.execute(insert(_boundaries), rows)
    if land.ways:
        connection.execute(insert(_ways), [_row(way.outline, way) for way in land.ways])


def boundary(site: Site, category: str) -> Boundary:
    """What the map says of a lot with that use."""
    dong = dong_of(site.lot.dong)
    if dong is None:
        raise ValueError(f"no dong {site.lot.dong} in this district")
    return Boundary(site.lot, sign_of(category), site.ring, zoning_of(site, dong))


def _row(points: Ring, body: Struct) -> dict[str, object]:
    return {**msgspec.structs.asdict(bounds_of(points)), "body": msgspec.json.encode(body)}


_SECOND_LETTER = ("공장용지", "주차장", "하천", "유원지")


def sign_of(category: str) -> str:
    """The letter by which maps name a use of land (공간정보의 구축 및 관리 등에 관한 법률 시행규칙 제64조).

    It is the first of its name, and of four the second: 장, 차, 천 and 원.
    """
    return category[1] if category in _SECOND_LETTER else category[0]
