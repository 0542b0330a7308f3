"""What the building register says of a building as a whole: its areas, how much of the lot it takes, what is in it."""

from collections.abc import Sequence

from central.registers.buildings.building import Block, Site, percent, square_metres

_STOREY_CM = 330
_PARKING_PLACE = 3_500  # hundredths of m² of car park


def measures(
    site: Site, blocks: Sequence[Block], name: str, structure: str, roof: str, use: str
) -> dict[str, str]:
    """The fields of a sheet about these blocks; storeys are the first one's."""
    counted, footprint = sum(block.above for block in blocks), sum(block.footprint for block in blocks)
    return {
        "name": name,
        "site_m2": square_metres(site.area),
        "total_m2": square_metres(sum(block.total for block in blocks)),
        "footprint_m2": square_metres(footprint),
        "counted_m2": square_metres(counted),
        "coverage": percent(footprint, site.area),
        "floor_ratio": percent(counted, site.area),
        "structure": structure,
        "roof": roof,
        "use": use,
        "storeys": written_storeys(blocks[0]),
        "parking": _parking(blocks),
        "height": f"{max(block.storeys[1] for block in blocks) * _STOREY_CM / 100:.1f}",
    }


def written_storeys(block: Block) -> str:
    """`지하 1층 / 지상 15층`."""
    below, above = block.storeys
    return f"지하 {below}층 / 지상 {above}층" if below else f"지상 {above}층"


def _parking(blocks: Sequence[Block]) -> str:
    area = sum(floor.area for block in blocks for floor in block.floors if floor.use == "주차장")
    return (
        f"옥내 자주식 {area // _PARKING_PLACE}대 ({square_metres(area)}㎡)" if area >= _PARKING_PLACE else ""
    )


def units_in(blocks: Sequence[Block]) -> str:
    """호수/가구수/세대수: what lives in them, and what does not."""
    units = [unit for block in blocks for unit in block.units]
    homes = sum(unit.use in ("아파트", "다세대주택") for unit in units)
    return f"{len(units) - homes}호 / 0가구 / {homes}세대"


def households(block: Block) -> str:
    """The same of a building that is owned as a whole; nothing where nobody lives."""
    homes = sum(floor.use == "다가구주택" for floor in block.floors)
    return f"0호 / {homes}가구 / 0세대" if homes else ""
