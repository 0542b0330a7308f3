"""Core's side of the screen: sends a snapshot after a change, and accepts the presses that still count."""

from collections.abc import Callable
from typing import Protocol

from kiosk.core.visit_runner import VisitRunner
from kiosk.protocol.screen import Intent, SealedEntry, Snapshot
from kiosk.settings import Settings
from kiosk.visit.events import Entered, Pressed
from kiosk.visit.intents import accepts
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import Drawn, redraw
from kiosk.words.words import load


class Screen(Protocol):
    """Where core sends snapshots, and from where it gets intents."""

    def listen(self, intent: Callable[[Intent | SealedEntry], None]) -> None:
        """From now on `intent` hears each press."""

    def show(self, snapshot: Snapshot) -> None:
        """Send a snapshot to the ui, if there is one."""


class Drawing:
    """The last snapshot, and the rule that decides which presses on it count."""

    def __init__(
        self, settings: Settings, screen: Screen, visit: VisitRunner, now_ms: Callable[[], int]
    ) -> None:
        self._screen, self._visit, self._now_ms = screen, visit, now_ms
        self._facts = MachineFacts(
            settings.site,
            settings.machine,
            settings.help_phone,
            settings.cash.coins,
            settings.hopper_coins,
        )
        self._drawn: Drawn | None = None
        screen.listen(self._pressed)

    def _pressed(self, intent: Intent | SealedEntry) -> None:
        pressed = Intent(intent.seq, intent.control) if isinstance(intent, SealedEntry) else intent
        if self._drawn is None or not accepts(self._drawn.snapshot, pressed):
            return
        if isinstance(intent, SealedEntry):
            self._visit.post(Entered(intent.control, intent.sealed))
        else:
            self._visit.post(Pressed(intent.control))

    def settle(self) -> None:
        """Draw again; send the snapshot if anything visible has changed."""
        state = self._visit.state
        drawn = redraw(self._drawn, state, load(state.display.lang), self._facts, self._now_ms())
        if drawn is not self._drawn:
            self._drawn = drawn
            self._screen.show(drawn.snapshot)
