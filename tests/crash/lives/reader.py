"""The card reader as a thing, and the card process: whose card is in it, since which insertion."""

from collections.abc import Callable
from typing import Any

from drivers import contract as device
from tests.crash.lives.bus import Bus, End, Fate
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Timeline

POLL_MS = 100
NAME = "Reader 0"


class Reader:
    """`owner` of the card that is in it, "" for none. `insertion` counts while there is current."""

    def __init__(self, power: Power) -> None:
        self._power = power
        self.owner = ""
        self.insertion = 0
        self.heard: Callable[[], None] = _nothing

    def insert(self, owner: str) -> None:
        """A hand puts a card in; one that somebody forgot comes out first."""
        self._change(owner, f"the card of {owner} goes in")

    def pull(self) -> None:
        """A hand takes the card out, with or without current."""
        if self.owner:
            self._change("", "the card comes out")

    def _change(self, owner: str, what: str) -> None:
        self.owner = owner
        self.insertion += 1
        self.heard()
        if self._power.on:
            self._power.step(what, Place.OUTSIDE)

    def dies(self) -> None:
        """No current: what was put in is counted anew."""
        self.insertion = 0


class CardBus(Bus):
    """Tells what comes and goes; says what is in when it is asked."""

    name = "card"
    devices = ("card",)

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        reader: Reader,
    ) -> None:
        super().__init__(timeline, power, fate, start_again)
        self._reader = reader
        self._told = (reader.owner, reader.insertion)
        reader.heard = lambda: self.soon(self._look, POLL_MS)

    def status(self, name: str) -> device.Status:
        """The reader."""
        return device.Status(name, device.DeviceState.READY, identity=device.Identity(serial="C1"))

    def carry_out(self, command: Any, end: End) -> None:
        """Which card is in it."""
        reader = self._reader
        if isinstance(command, device.ReadCard):
            inside = device.CardReading(NAME, reader.insertion) if reader.owner else device.CardReading()
            self.soon(lambda: end(device.Outcome.DONE, inside))

    def _look(self) -> None:
        reader = self._reader
        before, self._told = self._told, (reader.owner, reader.insertion)
        if before[0] and before != self._told:
            self.say(device.CardRemoved(NAME))
        if reader.owner and before != self._told:
            self.say(device.CardInserted(NAME, reader.insertion))


def _nothing() -> None: ...
