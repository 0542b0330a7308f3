"""The physical world: where every coin and every sheet of paper is, and how it came there.

Devices move things here; nobody asks a device what is true. `truth()` is what docs/protocol.md §3.5 calls truth.json.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from simulators.clock import Clock

HOPPER_VALUE = 100
SECOND_HOPPER_VALUE = 500
COIN_VALUES = (10, 50, 100, 500)
NOTE_VALUES = (1_000, 5_000, 10_000, 50_000)


class Place(StrEnum):
    """Where a sheet that has left the printer is. `tray`: it fell out past an open gate, for anybody to take."""

    PATH = "path"
    MOUTH = "mouth"
    TRAY = "tray"
    TAKEN = "taken"
    BIN = "bin"


class Coin(Struct, frozen=True, omit_defaults=True):
    """A coin or a note that moved. `at` is ISO 8601; `value` in KRW; `why` only for a coin that came back."""

    at: str
    value: int
    why: str = ""


class Sheet(Struct, frozen=True):
    """A sheet of paper out of the printer. `number` is the document number read from the page's own text, or empty."""

    at: str
    job: str
    sheet: int
    of: int
    number: str
    image: str
    where: Place


class Spoiled(Struct, frozen=True):
    """A sheet that jammed and was thrown away; it never left the printer whole."""

    at: str
    job: str
    sheet: int


class Receipt(Struct, frozen=True):
    """A receipt cut from the roll, its lines of text from the top and the picture of it."""

    at: str
    lines: tuple[str, ...]
    image: str


class CardMoney(Struct, frozen=True):
    """One payment by card, as the bank knows it (KRW). `open`: still reserved, neither charged nor given back.

    `receipt` is the terminal's number, `reference` the kiosk's own name for it.
    """

    at: str
    receipt: int
    reference: str
    authorised: int
    captured: int = 0
    reversed: int = 0
    open: bool = True


class Truth(Struct, frozen=True):
    """What physically happened, and nothing else. `notes_in` are in the stacker; `notes_back` came out again."""

    coins_in: tuple[Coin, ...] = ()
    coins_rejected: tuple[Coin, ...] = ()
    coins_out: tuple[Coin, ...] = ()
    notes_in: tuple[Coin, ...] = ()
    notes_back: tuple[Coin, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    spoiled: tuple[Spoiled, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    cards: tuple[CardMoney, ...] = ()
    coin_value_in_hopper: int = 0


class Levels(Struct, frozen=True):
    """What is in the machine now. `cash_box` holds coins of each value; `roll` is lines of receipt paper.

    `escrow` is the note (KRW) inside the validator and not in the stacker, 0 for none; `stacker` holds notes of each
    value; `second_hopper` coins of 500 KRW, None where there is no such hopper.
    """

    hopper: int = 120
    cash_box: dict[int, int] = {}
    tray: int = 250
    roll: int = 1200
    binned: int = 0
    escrow: int = 0
    stacker: dict[int, int] = {}
    second_hopper: int | None = None


Observer = Callable[[str, dict[str, object]], None]


class World:
    """Coins, paper and their history. Every change is told to the observers as (event, details)."""

    def __init__(self, clock: Clock, levels: Levels | None = None, truth: Truth | None = None) -> None:
        self._clock = clock
        self.levels = levels or Levels()
        self._truth = truth or Truth()
        self.observers: list[Observer] = []

    def truth(self) -> Truth:
        """Everything that happened so far."""
        second = (self.levels.second_hopper or 0) * SECOND_HOPPER_VALUE
        return replace(self._truth, coin_value_in_hopper=self.levels.hopper * HOPPER_VALUE + second)

    def tell(self, event: str, **details: object) -> None:
        """Let the observers know that something can be seen from outside."""
        for observer in self.observers:
            observer(event, details)

    def _at(self) -> str:
        return self._clock.wall().isoformat(timespec="milliseconds")

    # --- coins ---

    def coin_in(self, value: int) -> None:
        """A coin passed the gate for good: 100 KRW falls into the hopper, anything else into the cash box.

        With a second hopper coins of 500 KRW fall into that.
        """
        if value == HOPPER_VALUE:
            self.levels = replace(self.levels, hopper=self.levels.hopper + 1)
        elif value == SECOND_HOPPER_VALUE and self.levels.second_hopper is not None:
            self.levels = replace(self.levels, second_hopper=self.levels.second_hopper + 1)
        else:
            box = self.levels.cash_box
            self.levels = replace(self.levels, cash_box={**box, value: box.get(value, 0) + 1})
        self._truth = replace(self._truth, coins_in=(*self._truth.coins_in, Coin(self._at(), value)))
        self.tell("coin-in", value=value)

    def coin_back(self, value: int, why: str) -> None:
        """A coin came back to the return cup."""
        coin = Coin(self._at(), value, why)
        self._truth = replace(self._truth, coins_rejected=(*self._truth.coins_rejected, coin))
        self.tell("coin-back", value=value, why=why)

    def coin_out(self, value: int = HOPPER_VALUE) -> bool:
        """The hopper of that value threw one coin into the cup. False: there was none to throw."""
        if not self.coins_in_hopper(value):
            return False
        left = self.coins_in_hopper(value) - 1
        first = value == HOPPER_VALUE
        self.levels = replace(self.levels, hopper=left) if first else replace(self.levels, second_hopper=left)
        self._truth = replace(self._truth, coins_out=(*self._truth.coins_out, Coin(self._at(), value)))
        self.tell("coin-out", value=value)
        return True

    def coins_in_hopper(self, value: int) -> int:
        """How many coins are in the hopper of that value."""
        return self.levels.hopper if value == HOPPER_VALUE else self.levels.second_hopper or 0

    # --- notes ---

    def note_inside(self, value: int) -> None:
        """The validator has drawn a note in. It is nobody's yet."""
        self.levels = replace(self.levels, escrow=value)
        self.tell("note-inside", value=value)

    def note_stacked(self) -> None:
        """The note that was inside has fallen into the stacker."""
        value, stacker = self.levels.escrow, self.levels.stacker
        self.levels = replace(self.levels, escrow=0, stacker={**stacker, value: stacker.get(value, 0) + 1})
        self._truth = replace(self._truth, notes_in=(*self._truth.notes_in, Coin(self._at(), value)))
        self.tell("note-in", value=value)

    def note_given_back(self, why: str) -> None:
        """The note that was inside is out of the slot again."""
        value = self.levels.escrow
        self.levels = replace(self.levels, escrow=0)
        self.note_back(value, why)

    def note_back(self, value: int, why: str) -> None:
        """A note is in the hand that offered it."""
        note = Coin(self._at(), value, why)
        self._truth = replace(self._truth, notes_back=(*self._truth.notes_back, note))
        self.tell("note-back", value=value, why=why)

    # --- payment cards ---

    def card_reserved(self, receipt: int, reference: str, amount: int) -> None:
        """The bank holds a sum for the machine."""
        money = CardMoney(self._at(), receipt, reference, amount)
        self._truth = replace(self._truth, cards=(*self._truth.cards, money))
        self.tell("card-money", **msgspec.to_builtins(money))

    def card_booked(self, receipt: int, *, captured: int, given_back: int) -> None:
        """The bank has charged what was left of the newest reservation of that number, and freed the rest."""
        *_, mine = (at for at, one in enumerate(self._truth.cards) if one.receipt == receipt and one.open)
        money = replace(self._truth.cards[mine], captured=captured, reversed=given_back, open=False)
        cards = (*self._truth.cards[:mine], money, *self._truth.cards[mine + 1 :])
        self._truth = replace(self._truth, cards=cards)
        self.tell("card-money", **msgspec.to_builtins(money))

    # --- paper ---

    def feed_sheet(self) -> bool:
        """The printer pulls a blank sheet from its tray. False: the tray is empty."""
        if self.levels.tray == 0:
            return False
        self.levels = replace(self.levels, tray=self.levels.tray - 1)
        self.tell("sheet-fed", tray=self.levels.tray)
        return True

    def sheet_out(self, job: str, sheet: int, of: int, number: str, image: str, where: Place) -> None:
        """A printed sheet has left the printer."""
        paper = Sheet(self._at(), job, sheet, of, number, image, where)
        self._truth = replace(self._truth, sheets=(*self._truth.sheets, paper))
        self.tell("sheet", **msgspec.to_builtins(paper))

    def sheet_spoiled(self, job: str, sheet: int) -> None:
        """A sheet is stuck inside the printer; a hand will pull it out in pieces."""
        self._truth = replace(self._truth, spoiled=(*self._truth.spoiled, Spoiled(self._at(), job, sheet)))
        self.tell("sheet-spoiled", job=job, sheet=sheet)

    def sheets_at(self, *places: Place) -> tuple[Sheet, ...]:
        """The sheets that are in these places."""
        return tuple(sheet for sheet in self._truth.sheets if sheet.where in places)

    def last_sheet(self) -> Sheet | None:
        """The newest sheet, wherever it is by now."""
        return self._truth.sheets[-1] if self._truth.sheets else None

    def move_sheets(self, start: tuple[Place, ...], end: Place) -> tuple[Sheet, ...]:
        """Move all sheets from the places `start` to `end`; the sheets as they were before."""
        moved = self.sheets_at(*start)
        if moved:
            everything = tuple(replace(s, where=end) if s.where in start else s for s in self._truth.sheets)
            self._truth = replace(self._truth, sheets=everything)
            self.tell("sheets-moved", to=str(end), count=len(moved))
        return moved

    def receipt_cut(self, lines: tuple[str, ...], image: str) -> None:
        """A receipt fell into the customer's hand."""
        receipt = Receipt(self._at(), lines, image)
        self._truth = replace(self._truth, receipts=(*self._truth.receipts, receipt))
        self.tell("receipt", **msgspec.to_builtins(receipt))

    def last_receipt(self) -> Receipt | None:
        """The newest receipt, if there is one."""
        return self._truth.receipts[-1] if self._truth.receipts else None

    def set_levels(self, **levels: object) -> None:
        """A hand filled or emptied something."""
        self.levels = replace(self.levels, **levels)
        self.tell("levels", **levels)


def load_world(clock: Clock, folder: Path) -> World:
    """The world as it was left in `folder` (world.json, truth.json), or a fresh one."""
    levels, truth = folder / "world.json", folder / "truth.json"
    try:
        return World(
            clock,
            msgspec.json.decode(levels.read_bytes(), type=Levels) if levels.exists() else None,
            msgspec.json.decode(truth.read_bytes(), type=Truth) if truth.exists() else None,
        )
    except msgspec.DecodeError as error:
        raise SystemExit(
            f"simulators: {folder} holds a damaged world.json or truth.json ({error}); delete both"
        ) from error
