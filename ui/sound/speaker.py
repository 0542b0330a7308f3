"""Plays one chime at a time through a program of the system, which lives for as long as the chime does.

A sound library in this program would hold memory and a device all day for a second of sound. Without a device, or
without a program, it stays silent and says so once in the log: the screen says all of it in words.
"""

import logging
import os
import shutil
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from kiosk.protocol.screen import Chime
from ui.sound.player import Command, Player
from ui.sound.tune import wav

# A desktop's own sound server first, since it holds the device; the kiosk has alsa-utils only.
PROGRAMS: tuple[Command, ...] = (("pw-play",), ("paplay",), ("aplay", "-q"))
_ENOUGH_S = 0.5
_LOOK_MS = 40

log = logging.getLogger("ui")


class Speaker(Protocol):
    """What the reminder needs. Neither call waits or raises, whatever the world does."""

    @property
    def sounding(self) -> bool:
        """Whether a chime is being played."""

    def play(self, chime: Chime) -> None:
        """Play it now, from its beginning; one that still sounds ends."""

    def hush(self) -> None:
        """Silence at once."""

    def close(self) -> None:
        """Silence for good."""


class NoSpeaker:
    """A machine whose sound is switched off."""

    sounding = False

    def play(self, chime: Chime) -> None:
        """Nothing is heard."""

    def hush(self) -> None:
        """It is silent already."""

    def close(self) -> None:
        """There is nothing to close."""


class SystemSpeaker(QObject):
    """`loudness` as in tune. `programs`: command lines to try in turn, to which the WAV file's path is added."""

    def __init__(
        self, loudness: int, programs: tuple[Command, ...] = PROGRAMS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._loudness = loudness
        self._programs = programs
        self._files: dict[Chime, int] = {}
        self._playing: Player | None = None
        self._hushed: list[Player] = []
        self._told = False
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._looked)

    @property
    def sounding(self) -> bool:
        """Whether a program plays."""
        return self._playing is not None

    def play(self, chime: Chime) -> None:
        """Play it now, from its beginning; one that still sounds ends."""
        if self.sounding:
            # The reminder leaves twice the time that a chime takes: the device does not take it.
            self._give_up("the player does not come to an end")
        self.hush()
        there = [program for program in self._programs if shutil.which(program[0])]
        if there:
            self._start(there, self._file(chime))
        else:
            names = ", ".join(program[0] for program in self._programs)
            self._give_up(f"none of {names} is installed")

    def hush(self) -> None:
        """Silence at once."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.process.kill()
            self._hushed.append(playing)

    def close(self) -> None:
        """Silence for good; nothing of it is left."""
        self._look.stop()
        self.hush()
        while self._hushed:
            self._hushed.pop().bury(_ENOUGH_S)
        while self._files:
            os.close(self._files.popitem()[1])

    def _file(self, chime: Chime) -> str:
        """A file in memory, made once: it needs no place on a disk and is gone with this program, however it ends."""
        if chime not in self._files:
            self._files[chime] = os.memfd_create(chime.value)
            os.write(self._files[chime], wav(chime, self._loudness))
        return f"/proc/{os.getpid()}/fd/{self._files[chime]}"

    def _start(self, programs: list[Command], file: str) -> None:
        try:
            self._playing = Player(programs, file)
        except OSError as error:
            self._failed(programs, file, f"{programs[0][0]}: {error.strerror}")
        self._look.start()

    def _looked(self) -> None:
        """Whether a program has ended meanwhile. Looked at only while one plays: nothing runs in silence."""
        self._hushed = [player for player in self._hushed if not player.ended]
        playing = self._playing
        if playing is not None and playing.ended:
            self._playing = None
            if playing.process.returncode == 0:
                self._told = False
            else:
                self._failed(
                    playing.programs, playing.file, playing.said or f"{playing.programs[0][0]} failed"
                )
        if self._playing is None and not self._hushed:
            self._look.stop()

    def _failed(self, programs: list[Command], file: str, why: str) -> None:
        if programs[1:]:
            self._start(programs[1:], file)
        else:
            self._give_up(why)

    def _give_up(self, why: str) -> None:
        if not self._told:
            self._told = True
            log.warning("no sound: %s; what is left behind is told by sight only", why)
