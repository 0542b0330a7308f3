"""When a chime sounds: at once, again at a calm pace a few times, and not a moment longer than its screen is there."""

from PySide6.QtCore import QObject, QTimer

from kiosk.protocol.screen import Chime, ScreenName, Snapshot
from ui.sound.speaker import Speaker

EVERY_MS = 3_000
TIMES = 10


class Reminder(QObject):
    """Follows the snapshots that are shown. At rest it has no timer running."""

    def __init__(self, speaker: Speaker, every_ms: int = EVERY_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speaker = speaker
        self._now: tuple[Chime, ScreenName] | None = None
        self._left = 0
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self._sound)

    @property
    def at_rest(self) -> bool:
        """Whether nothing more will be heard of this screen."""
        return not self._timer.isActive()

    def follow(self, snapshot: Snapshot) -> None:
        """Begin with what this snapshot reminds of; go on when it is the same on the same screen; else fall silent."""
        now = (snapshot.chime, snapshot.screen)
        if now == self._now:
            return
        self._now = now
        self._timer.stop()
        self._speaker.hush()
        if snapshot.chime is not Chime.NONE:
            self._left = TIMES
            self._timer.start()
            self._sound()

    def close(self) -> None:
        """Silence for good."""
        self._timer.stop()
        self._speaker.close()

    def _sound(self) -> None:
        if self._now is not None:
            self._speaker.play(self._now[0])
        self._left -= 1
        if self._left == 0:
            self._timer.stop()
