"""A building as the building register keeps it (건축법 제38조): owned as a whole, or unit by unit (집합건물법).

Areas are whole hundredths of a square metre, days ISO.
"""

from typing import Final

from msgspec import Struct

from central.registers.parcel import Parcel
from central.registers.records.record import RecordState

UNNAMED: Final = "-"  # the path's step of a block that has no name, for it is the only one
WHOLE: Final = "1분의 1"
OUTDOORS: Final = 0  # basements count downwards from it, so that no storey is 0


class Floor(Struct, frozen=True):
    """One storey of a block: `storey` is -1, 1, 2 …, `area` that of the whole storey."""

    storey: int
    use: str
    area: int

    @property
    def written(self) -> str:
        """`12층`, `지1층`."""
        return written_storey(self.storey)


class Title(Struct, frozen=True):
    """Since when somebody owns it, by what cause, and which share; `reg_no` is kept masked."""

    day: str
    cause: str
    name: str
    reg_no: str
    address: str
    share: str = WHOLE


class Change(Struct, frozen=True):
    """One line of the building's own history."""

    day: str
    what: str


class Unit(Struct, frozen=True):
    """One unit: `own` is for it alone, `stairs` its part of its storey, `parking` its part of the basement;
    `site` its part of the lot. `prices`: the officially assessed ones by year, KRW.
    """

    number: str
    storey: int
    use: str
    own: int
    stairs: int
    parking: int
    site: int
    titles: tuple[Title, ...]
    prices: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> int:
        """All that belongs to it indoors."""
        return self.own + self.stairs + self.parking


class Block(Struct, frozen=True):
    """One body of a building (동), by a name of its own where there are several."""

    name: str
    use: str
    floors: tuple[Floor, ...]
    units: tuple[Unit, ...] = ()

    @property
    def key(self) -> str:
        """Its step of a path: `101` for 101동."""
        return self.name.removesuffix("동") or UNNAMED

    @property
    def total(self) -> int:
        """연면적."""
        return sum(floor.area for floor in self.floors)

    @property
    def above(self) -> int:
        """연면적 for the ratio to the lot: without the basements."""
        return sum(floor.area for floor in self.floors if floor.storey > OUTDOORS)

    @property
    def footprint(self) -> int:
        """건축면적: the largest storey above ground."""
        return max(floor.area for floor in self.floors if floor.storey > OUTDOORS)

    @property
    def storeys(self) -> tuple[int, int]:
        """How many lie below and above ground."""
        below = sum(floor.storey < OUTDOORS for floor in self.floors)
        return below, len(self.floors) - below


class Building(Struct, frozen=True):
    """A building on a lot. `key` names it there (`b1`). One without units has one block and `titles` of its own.

    `violation` says what was built or used against the law (건축법 제79조), "" when nothing was.
    """

    key: str
    name: str
    road: str
    structure: str
    roof: str
    use: str
    permitted: str
    begun: str
    approved: str
    blocks: tuple[Block, ...]
    titles: tuple[Title, ...] = ()
    changes: tuple[Change, ...] = ()
    violation: str = ""
    state: RecordState = RecordState.LIVE

    @property
    def divided(self) -> bool:
        """Whether it is owned unit by unit (집합건물)."""
        return any(block.units for block in self.blocks)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Of all blocks."""
        return tuple(unit for block in self.blocks for unit in block.units)


class Site(Struct, frozen=True):
    """A lot and what stands on it."""

    parcel: Parcel
    buildings: tuple[Building, ...]

    @property
    def area(self) -> int:
        """The lot's, in hundredths of m²; the land register keeps tenths."""
        return self.parcel.area * 10

    @property
    def standing(self) -> tuple[Building, ...]:
        """Those that were not torn down."""
        return tuple(one for one in self.buildings if one.state is not RecordState.CLOSED)


def written_storey(storey: int) -> str:
    """`12층`, `지1층`."""
    return f"{storey}층" if storey > OUTDOORS else f"지{-storey}층"


def square_metres(hundredths: int) -> str:
    """`84.93`, `1,204.5`, `330`: as the building register writes an area."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}".rstrip("0").rstrip(".")


def percent(part: int, whole: int) -> str:
    """`59.83`: how much one area is of the other."""
    return square_metres(part * 10_000 // whole) if whole else ""
