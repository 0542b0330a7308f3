"""What the hand with the card does: puts it in where one is asked for, types the PIN, takes it out afterwards."""

from kiosk.protocol.screen import Chime, ScreenName, SealedEntry
from tests.crash.lives.glass import Glass
from tests.crash.lives.reader import Reader

PIN = b"a PIN that only the worker could open"


class CardHand:
    """`owner`: whose card it is."""

    def __init__(self, reader: Reader, owner: str) -> None:
        self._reader, self._owner = reader, owner

    def act(self, glass: Glass) -> SealedEntry | None:
        """What the screen asks for: the card in, or out; the PIN typed is what is returned."""
        snapshot = glass.snapshot
        if snapshot is None or snapshot.overlay is not None:
            return None
        inside = self._reader.owner == self._owner
        if snapshot.screen is not ScreenName.IDENTIFY:
            if inside and snapshot.screen is not ScreenName.PREPARING:
                self._reader.pull()
        elif snapshot.chime is Chime.CARD:
            self._reader.pull()
        elif not inside:
            self._reader.insert(self._owner)
        elif snapshot.secret is not None and glass.may("enter"):
            return SealedEntry(snapshot.seq, "enter", PIN)
        return None

    def leave(self) -> None:
        """Whoever leaves takes the card along."""
        if self._reader.owner == self._owner:
            self._reader.pull()
