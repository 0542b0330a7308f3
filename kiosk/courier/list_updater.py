"""The thread that keeps the machine's trust list new: looks when central has a newer one, proves it, lays it down.

The list that is there is replaced by a newer one that the authority's root has signed, in one step, and by nothing
else: whatever goes wrong here, the machine keeps the list that it has.
"""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.courier.looking import LookError
from kiosk.faults import trail
from kiosk.protocol.trust_files import MAX_BYTES, ROOT_FILE, lists_of, said_version
from kiosk.whole_file import odd_files, read_whole_file

PERIOD_S = 3_600.0  # after one that is no good: the next may be
_AGAIN_S = 60.0

log = logging.getLogger(__name__)


class ListUpdater:
    """`run`: the machine's run directory; `look` brings the newest list's document (repository.py).

    Methods but `run` are for any thread.
    """

    def __init__(self, run: Path, look: Callable[[], bytes]) -> None:
        self._run, self._look = run, look
        self._news = threading.Condition()
        self._heard = self._looked_for = 0

    def start(self) -> None:
        """Run until the program ends."""
        for error in odd_files(lists_of(self._run), MAX_BYTES):
            log.warning("trust list: %s", error)
        threading.Thread(target=self.run, name="list-keeper", daemon=True).start()

    def newest(self, version: int) -> None:
        """Central's heartbeat says which version is the newest."""
        with self._news:
            if version != self._heard:
                self._heard = version
                self._news.notify()

    def run(self) -> None:
        """Wait for word of a newer one, look, and so on. A machine that has the newest loads and asks nothing."""
        while True:
            with self._news:
                self._news.wait_for(self._behind)
                self._looked_for = self._heard
            pause = self.step()
            with self._news:
                self._news.wait_for(self._another_word, timeout=pause)

    def _another_word(self) -> bool:
        return self._heard != self._looked_for

    def _behind(self) -> bool:
        return self._heard > max(said_version(file, read_whole_file) for file in lists_of(self._run))

    def step(self) -> float:
        """One look; in how many seconds the next is due if nobody asks before."""
        try:
            said = self._bring()
        except LookError as error:
            log.info("trust list: %s", error)
            return _AGAIN_S
        except OSError as error:
            said = f"not kept ({error.strerror or type(error).__name__})"
        except Exception as error:  # whatever it was, the next list may be another one
            log.warning("a trust list could not be looked at\n%s", trail(error))
            said = f"refused ({error})"
        log.info("trust list: %s", said)
        return PERIOD_S

    def _bring(self) -> str:
        from kiosk.protocol.signed_list import load_root, newest_list_of, read_list
        from kiosk.protocol.trust import TrustError

        raw = self._look()
        files, root_file = lists_of(self._run), self._run / "pki" / ROOT_FILE
        try:
            known = newest_list_of(files, root_file, read_whole_file).version
        except TrustError:
            known = 0  # what lies there is damaged: any list of the root's is better
        newer = read_list(raw, load_root(root_file, read_whole_file), known)
        if newer.version == known:
            return f"version {known} is the newest"
        put(files[0], raw)
        return f"version {newer.version} is here"


def put(file: Path, content: bytes) -> None:
    """The file is there whole and durable, or as it was before. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.new")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
