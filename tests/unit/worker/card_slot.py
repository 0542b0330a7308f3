"""A reader's slot in memory: the virtual card's chip behind the worker's own transport, without any daemon."""

from pathlib import Path

from kiosk.worker.card import NoCard
from simulators.card_chip import Chip, card_memory
from simulators.card_file import read_card


class Slot:
    """A transport with one reader. `insertion` counts cards put in and pulled out, as pcscd does."""

    reader = "Citizen Reader 00 00"

    def __init__(self, place: Path) -> None:
        self._place = place
        self.insertion = 0
        self.chip: Chip | None = None

    def insert(self, file: Path) -> None:
        """Put a card in, pulling the one before."""
        if self.chip is not None:
            self.insertion += 1
        card = read_card(file.parent, file.stem)
        self.chip = Chip(card, card_memory(self._place / f"{file.stem}.memory", card))
        self.insertion += 1

    def pull(self) -> None:
        """Pull the card."""
        self.chip = None
        self.insertion += 1

    def connect(self, reader: str) -> "SlotChannel":
        """A connection to the card that is in now."""
        if self.chip is None or reader != self.reader:
            raise NoCard
        self.chip.reset()
        return SlotChannel(self)


class SlotChannel:
    """What pcscd would give."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    def counter(self) -> int:
        if self._slot.chip is None:
            raise NoCard
        return self._slot.insertion

    def noticed(self) -> int:
        return self.counter()

    def begin(self) -> None: ...

    def end(self) -> None: ...

    def transmit(self, command: bytes | bytearray) -> bytes:
        if self._slot.chip is None:
            raise NoCard
        return self._slot.chip.answer(bytes(command))

    def close(self) -> None:
        if self._slot.chip is not None:
            self._slot.chip.reset()
