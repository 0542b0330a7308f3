"""The key that names one record of a lot: the steps to it, joined by `/`.

    land                  the lot itself (registry)
    all                   all buildings of the lot that are owned as a whole (총괄표제부)
    b1                    the building b1, owned as a whole
    b1/all                all blocks of the divided building b1 (총괄표제부)
    b1/101/all            its block 101동 (표제부); `-` for the only block, without a name
    b1/101/12/1203        the unit 1203호 on the 12th storey of block 101동

Each step has what a citizen tells it by: a label, and a detail where there is more to say.
"""

from msgspec import Struct

from central.registers.buildings.building import Block, Building, Site, Unit, square_metres, written_storey

ALL = "all"
LAND = "land"


class Step(Struct, frozen=True):
    """One step of a path."""

    key: str
    label: str
    detail: str = ""


def at_land(site: Site) -> tuple[Step, ...]:
    """The lot itself."""
    return (Step(LAND, "토지", f"{square_metres(site.area)}㎡"),)


def at_building(site: Site, building: Building) -> tuple[Step, ...]:
    """A building, by its name or its number on the lot."""
    number = site.buildings.index(building) + 1
    total = square_metres(sum(block.total for block in building.blocks))
    return (Step(building.key, building.name or f"건물 {number}", f"{building.use} · {total}㎡"),)


def at_summary(site: Site, building: Building | None = None) -> tuple[Step, ...]:
    """All buildings of the lot, or all blocks of one."""
    step = Step(ALL, "총괄표제부", "모든 건물의 요약")
    return (step,) if building is None else (*at_building(site, building), step)


def at_block(site: Site, building: Building, block: Block) -> tuple[Step, ...]:
    """A whole block."""
    return (*_block(site, building, block), Step(ALL, "표제부", "동 전체"))


def at_unit(site: Site, building: Building, block: Block, unit: Unit) -> tuple[Step, ...]:
    """A unit by its storey."""
    storey = Step(str(unit.storey), written_storey(unit.storey))
    own = Step(unit.number, f"{unit.number}호", f"전용 {square_metres(unit.own)}㎡")
    return (*_block(site, building, block), storey, own)


def _block(site: Site, building: Building, block: Block) -> tuple[Step, ...]:
    _, above = block.storeys
    return (*at_building(site, building), Step(block.key, block.name or building.name, f"지상 {above}층"))


def floor_and_unit(block: Block, unit: Unit) -> str:
    """A unit as a deed names it: `제101동 제12층 제1203호`."""
    in_block = f"제{block.name} " if block.name else ""
    return f"{in_block}제{unit.storey}층 제{unit.number}호"
