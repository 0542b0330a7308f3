"""The card reader's slot: a card is put in, pulled, swapped; while it is in it stays connected to the reader."""

import asyncio
import socket
from pathlib import Path

from simulators.card_chip import Chip, card_memory
from simulators.card_dial import dial
from simulators.card_drawer import CardAtHand, cards_at_hand, tries_file
from simulators.card_faults import CardFaults
from simulators.card_file import BadCard, labels, read_card
from simulators.card_wire import CardWire
from simulators.clock import Clock
from simulators.world import World

_AGAIN_SECONDS = 0.1


class CardSlot:
    """`reader`: where the reader is, as `dial` takes it. `sim`: RUN/sim, with cards/ and each card's tries."""

    def __init__(self, clock: Clock, world: World, sim: Path, reader: str) -> None:
        self._clock = clock
        self._world = world
        self._sim = sim
        self._cards = sim / "cards"
        self._reader = reader
        self.faults = CardFaults()
        self.powered = True
        self.chip: Chip | None = None
        self._wire: CardWire | None = None
        self._holding: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether the reader sees the card, or will at its next look."""
        return self._wire is not None

    @property
    def asked(self) -> int:
        """Commands that this card got since it was put in (or since the power or the reader came back)."""
        return self._wire.asked if self._wire is not None else 0

    def labels(self) -> list[str]:
        """The cards at hand."""
        return labels(self._cards)

    def drawer(self) -> list[CardAtHand]:
        """The cards at hand as their holders know them."""
        return cards_at_hand(self._sim)

    def insert(self, label: str) -> None:
        """Put a card in. Another one that is in comes out in the same moment. Raises BadCard."""
        chip = self._chip(label)
        self._out()
        self.chip = chip
        self._connect()
        self._world.tell("card", inserted=label)

    def pull(self) -> bool:
        """Take the card out. False: there was none."""
        if self.chip is None:
            return False
        self._world.tell("card", pulled=self.chip.card.label)
        self._out()
        return True

    def unblock(self, label: str) -> None:
        """Give a card all its tries back, in the slot or not. Raises BadCard."""
        self._held(label).unblock()
        self._world.tell("card", unblocked=label)

    def block(self, label: str) -> None:
        """Take a card all its tries, in the slot or not. Raises BadCard."""
        chip = self._held(label)
        if not chip.card.identifies:
            raise BadCard(f"{label} has no PIN that could be blocked")
        chip.block()
        self._world.tell("card", blocked=label)

    def power(self, up: bool) -> None:
        """Without power the card is where it is and nobody sees it."""
        self.powered = up
        self._disconnect()
        self._connect()

    async def close(self) -> None:
        """Take the card out and wait until nothing of the connection is left."""
        holding = self._holding
        self._out()
        if holding is not None:
            await asyncio.wait((holding,))

    def _held(self, label: str) -> Chip:
        """The card itself when it is in: a second chip would not know of what the first one forgets."""
        if self.chip is not None and self.chip.card.label == label:
            return self.chip
        return self._chip(label)

    def _chip(self, label: str) -> Chip:
        card = read_card(self._cards, label)
        if not card.identifies:
            return Chip(card, card_memory(None, card))
        return Chip(card, card_memory(tries_file(self._sim, label), card))

    def _out(self) -> None:
        self._disconnect()
        self.chip = None

    def _disconnect(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None

    def _connect(self) -> None:
        if self.chip is not None and self.powered:
            self._holding = asyncio.ensure_future(self._hold(self.chip))

    async def _hold(self, chip: Chip) -> None:
        """Keep the card connected: a reader that is not there yet, or starts again, finds it when it comes."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                end = await _dialled(self._reader)
            except OSError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            _, wire = await loop.create_connection(lambda: self._new_wire(chip), sock=end)
            self._wire = wire
            self._world.tell("card", connected=chip.card.label)
            await wire.lost.wait()
            self._wire = None
            await asyncio.sleep(_AGAIN_SECONDS)

    def _new_wire(self, chip: Chip) -> CardWire:
        def tried() -> None:
            self._world.tell("card", tries=chip.tries)

        return CardWire(chip, lambda: self.faults, self._clock, self.pull, tried)


async def _dialled(reader: str) -> socket.socket:
    """A connection made beside the loop. Raises OSError; when nobody waits any more, it is closed again."""
    loop = asyncio.get_running_loop()
    call = loop.run_in_executor(None, dial, reader)
    try:
        return await asyncio.shield(call)
    except asyncio.CancelledError:
        call.add_done_callback(_hang_up)
        raise


def _hang_up(call: asyncio.Future[socket.socket]) -> None:
    if not call.cancelled() and call.exception() is None:
        call.result().close()
