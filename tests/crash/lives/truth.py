"""What physically happened to money and paper, written down as it happens. Nothing here is asked of the ledger."""

from dataclasses import dataclass, field
from enum import StrEnum


class Lies(StrEnum):
    """Where a sheet lies."""

    PATH = "path"
    MOUTH = "mouth"
    BIN = "bin"
    HAND = "hand"
    TRAY = "tray"
    STUCK = "stuck"


@dataclass
class Sheet:
    """One sheet of paper and the document number printed on it."""

    number: str
    sheet: int
    of: int
    lies: Lies = Lies.PATH


@dataclass
class Truth:
    """Coins as (order that was open, value), sheets, and what happened that must never happen.

    `awaited`: coins put in, or paid out, while this order was open ("" when none was).
    """

    coins_in: list[tuple[str, int]] = field(default_factory=list)
    coins_out: list[tuple[str, int]] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        """Something that must never happen."""
        self.wrongs.append(what)
        self.story.append(f"!!! {what}")

    def at(self, *places: Lies) -> list[Sheet]:
        """The sheets that lie there."""
        return [sheet for sheet in self.sheets if sheet.lies in places]

    def move(self, to: Lies, *places: Lies) -> int:
        """All that lies there comes to lie elsewhere; how many sheets it was."""
        moved = self.at(*places)
        for sheet in moved:
            sheet.lies = to
        return len(moved)

    def money_in(self, order: str) -> int:
        """KRW that was put in for an order."""
        return sum(value for name, value in self.coins_in if name == order)

    def money_out(self, order: str) -> int:
        """KRW that came out for it."""
        return sum(value for name, value in self.coins_out if name == order)

    def in_hands(self, number: str) -> list[int]:
        """Which sheets of a document somebody has, in order; twice what somebody has twice."""
        out = (Lies.HAND, Lies.TRAY)
        return sorted(sheet.sheet for sheet in self.at(*out) if sheet.number == number)
