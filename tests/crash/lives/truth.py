"""What physically happened to money and paper, written down as it happens. Nothing here is asked of the ledger."""

from collections import Counter, deque
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


LOOSE = (Lies.PATH, Lies.MOUTH, Lies.STUCK)


@dataclass
class Truth:
    """Coins in and out by the order that was open ("" when none was), sheets, and what must never happen.

    `loose` are the sheets that are still somewhere inside where they can move.
    """

    coins_in: Counter[str] = field(default_factory=Counter)
    coins_out: Counter[str] = field(default_factory=Counter)
    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    loose: list[Sheet] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    story: deque[str] = field(default_factory=lambda: deque(maxlen=2_000))

    def wrong(self, what: str) -> None:
        """Something that must never happen."""
        self.wrongs.append(what)
        self.story.append(f"!!! {what}")

    def feed(self, number: str, sheet: int, of: int) -> Sheet:
        """A sheet begins to move: a number is being printed on it."""
        fed = Sheet(number, sheet, of, Lies.STUCK)
        self.sheets.setdefault(number, []).append(fed)
        self.loose.append(fed)
        return fed

    def lay(self, sheet: Sheet, to: Lies) -> None:
        """It comes to lie there."""
        sheet.lies = to
        if to not in LOOSE:
            self.loose.remove(sheet)

    def at(self, *places: Lies) -> list[Sheet]:
        """The loose sheets that lie there."""
        return [sheet for sheet in self.loose if sheet.lies in places]

    def move(self, to: Lies, *places: Lies) -> int:
        """All that lies there comes to lie elsewhere; how many sheets it was."""
        moved = self.at(*places)
        for sheet in moved:
            self.lay(sheet, to)
        return len(moved)

    def in_hands(self, number: str) -> list[int]:
        """Which sheets of a document somebody has or may take, in order; twice what is there twice."""
        out = (Lies.HAND, Lies.TRAY)
        return sorted(sheet.sheet for sheet in self.sheets.get(number, ()) if sheet.lies in out)
