"""One program of the system that plays one file, from its start to its end."""

import contextlib
import os
import subprocess

Command = tuple[str, ...]
_MOST_WORDS = 4096


class Player:
    """The first of `programs` at work on `file`, and what it has to say. Raises OSError when it can't be started.

    No QProcess: one that is deleted out of its own signal took the whole program with it now and then.
    """

    def __init__(self, programs: list[Command], file: str) -> None:
        self.programs, self.file = programs, file
        self.said = ""
        self._words = os.memfd_create("words")
        try:
            self.process = subprocess.Popen(
                [*programs[0], file], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._words
            )
        except OSError:
            os.close(self._words)
            raise

    @property
    def ended(self) -> bool:
        """Whether it is over; `said` is its last line then."""
        if self.process.poll() is None:
            return False
        self._listen()
        return True

    def bury(self, within_s: float) -> None:
        """Wait for the end of one that was killed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(within_s)
        self._listen()

    def _listen(self) -> None:
        if self._words >= 0:
            text = os.pread(self._words, _MOST_WORDS, 0).decode(errors="replace").strip()
            self.said = text.splitlines()[-1] if text else ""
            os.close(self._words)
            self._words = -1
