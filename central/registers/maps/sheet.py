"""A map for a certificate: what the window around the asked lot shows, as the numbers and words that its form draws.

Places are whole centimetres on the ground from the window's south-western corner: at 1:500 a fiftieth of a millimetre
on paper.
"""

import math
from collections.abc import Sequence
from typing import Any

from central.registers.district import dong_of
from central.registers.maps.book import Around, Boundary
from central.registers.maps.labels import Label, Labels
from central.registers.maps.plane import Point, Ring, Window, bounds_of, centre_of, clip, clip_line
from central.registers.maps.source import MapSource

_TICK_MM = 30  # at least so far apart are the coordinates at the frame
_CORNER_MM = 6  # and off the frame's corners
_BAR_MM = 40  # at most so long is the scale bar
_STEPS = (5, 10, 20, 50, 100, 200, 500)  # m


def window_around(ring: Ring, scale: int, frame_mm: tuple[int, int]) -> Window:
    """The ground that a map of that size shows at that scale with the lot in its middle, from whole metres on."""
    lot = bounds_of(ring)
    width, height = (size * scale / 1000 for size in frame_mm)
    west = round((lot.west + lot.east - width) / 2)
    south = round((lot.south + lot.north - height) / 2)
    return Window(west, south, west + width, south + height)


def no_map() -> dict[str, Any]:
    """What the form's data holds where no map was asked for."""
    lists: dict[str, list[Any]] = {
        name: [] for name in ("lots", "waters", "borders", "labels", "ticks", "bar", "legend")
    }
    return {
        "printed_scale": "",
        "map": {"scale": 0, "width": 0, "height": 0, "x": 0, "y": 0, "zone": 0, "asked": []},
        **lists,
    }


def map_items(asked: Boundary, seen: Around, window: Window, scale: int, source: MapSource) -> dict[str, Any]:
    """The map as the form's data holds it."""
    shown = [
        (one, clip(one.ring, window)) for one in seen.boundaries if one.lot.mountain == asked.lot.mountain
    ]
    others = [(one, ring) for one, ring in shown if ring and one.lot != asked.lot]
    own = clip(asked.ring, window)
    x, y = _cm(centre_of(own), window)
    zones = sorted({one.zoning.zone for one, ring in shown if ring}) if source.zones else []
    return {
        "printed_scale": f"1:{scale}",
        "map": {
            "scale": scale,
            "width": source.frame_mm[0] * scale // 10,
            "height": source.frame_mm[1] * scale // 10,
            "x": x,
            "y": y,
            "zone": _zone(asked, zones),
            "asked": _numbers(own, window),
        },
        "lots": [{"zone": _zone(one, zones), "outline": _numbers(ring, window)} for one, ring in others],
        "waters": [{"outline": _numbers(ring, window)} for ring in _waters(seen, window)],
        "borders": [{"line": _numbers(line, window)} for line in _borders(seen, window)],
        "labels": [
            _label(label, window) for label in _labels(asked, own, others, seen, window, scale, source)
        ],
        "ticks": _ticks(window, scale),
        "bar": _bar(scale),
        "legend": [{"name": zone} for zone in zones],
    }


def _zone(one: Boundary, zones: Sequence[str]) -> int:
    """Which of the legend's zones, from 1; 0 without a legend."""
    return zones.index(one.zoning.zone) + 1 if zones else 0


def _waters(seen: Around, window: Window) -> list[Ring]:
    return [ring for way in seen.ways if way.water and (ring := clip(way.outline, window))]


def _borders(seen: Around, window: Window) -> list[Ring]:
    found = (clip_line(way.start, way.end, window) for way in seen.ways if way.border)
    return [line for line in found if line is not None]


def _labels(
    asked: Boundary,
    own: Ring,
    others: Sequence[tuple[Boundary, Ring]],
    seen: Around,
    window: Window,
    scale: int,
    source: MapSource,
) -> list[Label]:
    """The asked lot's name first, then the streets', then its neighbours'."""
    labels = Labels(window, source.letter_mm * scale / 1000)
    labels.asked(name_of(asked), own)
    for way in seen.ways:
        labels.way(way)
    for one, ring in others:
        labels.lot(name_of(one), ring)
    dongs: dict[str, list[Ring]] = {asked.lot.dong: []}
    for one, ring in others:
        dongs.setdefault(one.lot.dong, []).append(ring)
    if len(dongs) > 1:  # only then do numbers alone not say which lot it is
        for code, rings in dongs.items():
            labels.dong(name_of_dong(code), rings)
    return labels.placed


def name_of_dong(code: str) -> str:
    """`신길동`. Raises ValueError for a code of another district."""
    dong = dong_of(code)
    if dong is None:
        raise ValueError(f"no dong {code} in this district")
    return dong.name


def name_of(one: Boundary) -> str:
    """A lot as maps name it: `60-1대`, `산12임`."""
    return one.lot.number.replace(" ", "") + one.sign


def _label(label: Label, window: Window) -> dict[str, Any]:
    x, y = _cm(label.at, window)
    turn = round(math.degrees(label.turn)) % 360
    return {"text": label.text, "kind": label.kind, "x": x, "y": y, "turn": turn}


def _ticks(window: Window, scale: int) -> list[dict[str, Any]]:
    """Round coordinates along the frame, off its corners: `east` ones below it, `north` ones beside it."""
    step = next(step for step in _STEPS if step * 1000 / scale >= _TICK_MM)
    corner = _CORNER_MM * scale / 1000
    sides = (("east", window.west, window.east), ("north", window.south, window.north))
    return [
        {"text": f"{metres:,}", "side": side, "at": round((metres - start) * 100)}
        for side, start, end in sides
        for metres in range(math.ceil((start + corner) / step) * step, math.floor(end - corner) + 1, step)
    ]


def _bar(scale: int) -> list[dict[str, Any]]:
    """The marks of the scale bar: nothing, half and all of it."""
    whole = max(step for step in _STEPS if step * 1000 / scale <= _BAR_MM)
    half = f"{whole // 2}" if whole % 2 == 0 else f"{whole / 2}"
    return [
        {"text": text, "at": at} for text, at in (("0", 0), (half, whole * 50), (f"{whole} m", whole * 100))
    ]


def _numbers(ring: Ring, window: Window) -> list[int]:
    """x, y, x, y …"""
    return [number for point in ring for number in _cm(point, window)]


def _cm(point: Point, window: Window) -> tuple[int, int]:
    most = round((window.east - window.west) * 100), round((window.north - window.south) * 100)
    x, y = round((point[0] - window.west) * 100), round((point[1] - window.south) * 100)
    return min(max(0, x), most[0]), min(max(0, y), most[1])
