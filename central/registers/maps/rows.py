"""Which families of a dong make a block and which blocks a row, and how much ground the rows need."""

import math
from collections.abc import Sequence

from msgspec import Struct

from central.registers.parcel import Lot

ALLEY, STREET = 6, 10  # m: between the blocks of a row, between rows
_ROOM = 1.012  # of a row's lots: what tilted streets take more than upright ones
_SPARE = 1.0  # m: what is left at a dong's northern end
_BLOCK = 12_000  # m²
_FAMILIES = 3  # at least, a block

Family = tuple[tuple[Lot, float], ...]
"""The lots grown from one, each with its area in m²; together they have the ground of the first."""
Block = tuple[Family, ...]
Row = tuple[Block, ...]


class Rows(Struct, frozen=True):
    """A dong's rows, from the south."""

    rows: tuple[Row, ...]

    def need(self, row: Row, width: float) -> float:
        """The ground (m²) that a row needs in a dong so wide: its lots and the alleys between its blocks."""
        lots = sum(area_of_block(block) for block in row) * _ROOM
        return lots * (1 + (len(row) - 1) * ALLEY / width)

    def height(self, width: float) -> float:
        """How far such a dong reaches from south to north, m."""
        ground = sum(self.need(row, width) for row in self.rows)
        return ground / width + (len(self.rows) - 1) * STREET * _ROOM + _SPARE

    def width_for(self, height: float) -> float:
        """The width with which it is so high."""
        low, high = 1.0, 100_000.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if self.height(middle) < height else (middle, high)
        return high


def area_of_block(block: Block) -> float:
    """Square metres."""
    return sum(area for family in block for _, area in family)


def rows_of(families: Sequence[Family], height: float) -> Rows:
    """Rows of about square blocks for a dong of about that height."""
    blocks = list(_blocks(families))
    deep = math.sqrt(sum(map(area_of_block, blocks)) / len(blocks)) + STREET
    rows = max(1, round(height / deep))
    size = math.ceil(len(blocks) / rows)
    return Rows(tuple(tuple(blocks[start : start + size]) for start in range(0, len(blocks), size)))


def _blocks(families: Sequence[Family]) -> list[Block]:
    """Families whose numbers follow each other, until there are enough of them for a block."""
    blocks: list[Block] = []
    block: list[Family] = []
    for family in families:
        block.append(family)
        if len(block) >= _FAMILIES and area_of_block(tuple(block)) >= _BLOCK:
            blocks.append(tuple(block))
            block = []
    return [*blocks, tuple(block)] if block else blocks
