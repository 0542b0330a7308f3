"""How much of a screen has been on the glass: what is agreed to has to have been there, to its last page."""

import msgspec

from kiosk.protocol.screen import Snapshot


class Reading:
    """Which pages of the present screen were shown. They are turned one by one, so the last one tells of all."""

    def __init__(self) -> None:
        self._began = 0
        self._last_laid = False
        self.whole = False
        """Every page of the screen was on the glass since it began."""

    def follow(self, snapshot: Snapshot) -> None:
        """Another screen begins with nothing read."""
        began = snapshot.began or snapshot.since
        if began != self._began:
            self._began, self._last_laid, self.whole = began, False, False

    def laid(self, page: int, pages: int) -> None:
        """The screen is laid out, and this page of it (from 0) is what the next frame shows."""
        self._last_laid = page >= pages - 1

    def frame(self, snapshot: Snapshot) -> None:
        """A frame is on the glass. What lies under a sheet is not read."""
        if self._last_laid and snapshot.overlay is None:
            self.whole = True

    def agrees(self, snapshot: Snapshot, control: str) -> bool:
        """Whether a press of this control says that everything was seen."""
        return self.whole and any(each.id == control and each.unseen for each in snapshot.controls)

    def drawn(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as it is shown: what agrees can't be pressed before the last page is there, and says so."""
        if self.whole or self._last_laid or not any(each.unseen for each in snapshot.controls):
            return snapshot
        controls = tuple(
            msgspec.structs.replace(each, enabled=False, note=each.note or each.unseen)
            if each.unseen
            else each
            for each in snapshot.controls
        )
        return msgspec.structs.replace(snapshot, controls=controls)
