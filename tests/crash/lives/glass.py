"""The screen: core's snapshots, and what may never stand on one."""

from collections.abc import Callable
from typing import Any

from kiosk.protocol.screen import Intent, SealedEntry, Snapshot
from kiosk.visit.intents import accepts
from tests.crash.lives.truth import Truth


class Glass:
    """`durable_credit` tells what the ledger has acknowledged for the order that is shown; `seen` is told of news."""

    def __init__(self, truth: Truth, durable_credit: Callable[[], int], seen: Callable[[], None]) -> None:
        self._truth, self._durable_credit, self._seen = truth, durable_credit, seen
        self.snapshot: Snapshot | None = None

    def listen(self, intent: Callable[[Intent | SealedEntry], None]) -> None:
        """Core hears what is pressed."""
        self._intent = intent

    def show(self, snapshot: Snapshot) -> None:
        """Somebody may look at it now."""
        self.snapshot = snapshot
        if snapshot.money is not None and snapshot.money.inserted > self._durable_credit():
            shown, durable = snapshot.money.inserted, self._durable_credit()
            self._truth.wrong(f"{shown} KRW are shown, and the disk knows of {durable}")
        self._seen()

    def may(self, control: str) -> bool:
        """Whether it can be pressed now."""
        snapshot = self.snapshot
        return snapshot is not None and accepts(snapshot, Intent(snapshot.seq, control, whole=True))

    def press(self, control: str) -> None:
        """A finger; on core's thread."""
        if self.snapshot is not None:
            self._intent(Intent(self.snapshot.seq, control, whole=True))

    def enter(self, typed: SealedEntry) -> None:
        """A finger on the last key, with what was typed before; on core's thread."""
        self._intent(typed)

    def controls(self) -> list[Any]:
        """What can be pressed."""
        snapshot = self.snapshot
        if snapshot is None:
            return []
        return list(snapshot.overlay.controls if snapshot.overlay else snapshot.controls + snapshot.bar)
