"""Reading the map for a certificate: the asked lot, the window around it, and at which scale."""

from collections.abc import Mapping
from typing import Any

from central.registers.book import Book
from central.registers.maps.book import Boundary
from central.registers.maps.plane import bounds_of
from central.registers.maps.sheet import map_items, no_map, window_around
from central.registers.maps.source import MapSource
from central.registers.maps.zones import Zoning
from central.registers.parcel import Parcel
from central.registers.refusal import RefusedError


async def drawn(book: Book, parcel: Parcel, source: MapSource, options: Mapping[str, str]) -> dict[str, Any]:
    """What the map says of the parcel, in the fields of its form. Raises RefusedError: `no-record` for a lot that is in
    the register and on no map.
    """
    asked = await book.boundary(parcel.lot)
    if asked is None:
        raise RefusedError("no-record")
    plan = plan_items(asked.zoning) if source.zones else {}
    scale = scale_of(asked, parcel, source, options)
    if not scale:
        return {**plan, **no_map()}
    window = window_around(asked.ring, scale, source.frame_mm)
    return {**plan, **map_items(asked, await book.around(window), window, scale, source)}


def scale_of(asked: Boundary, parcel: Parcel, source: MapSource, options: Mapping[str, str]) -> int:
    """At which scale it is drawn; 0 for not at all."""
    lot, own = bounds_of(asked.ring), int(parcel.scale.removeprefix("1:"))
    return source.scale_for(options, own, lot.east - lot.west, lot.north - lot.south)


def plan_items(zoning: Zoning) -> dict[str, Any]:
    """The plan's zones and districts, each as a list of lines."""
    return {
        name: [{"text": text} for text in texts]
        for name, texts in (
            ("planning", zoning.planning),
            ("others", zoning.others),
            ("decree", zoning.decree),
        )
    }
