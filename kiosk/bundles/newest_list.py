"""The trust list of this machine as it is now: a worker waits for a visit while the courier brings a newer one."""

from pathlib import Path

from kiosk.protocol.signed_list import newest_list_of
from kiosk.protocol.trust import TrustError, TrustList
from kiosk.protocol.trust_files import ROOT_FILE, lists_of
from kiosk.whole_file import read_whole_file


class NewestList:
    """Of RUN's list files. Raises TrustError where none counts at the start; later what was read is kept."""

    def __init__(self, run: Path) -> None:
        self._files, self._root_file = lists_of(run), run / "pki" / ROOT_FILE
        self._read = newest_list_of(self._files, self._root_file, read_whole_file)

    def read(self) -> TrustList:
        """The newest list that there is, or was."""
        try:
            found = newest_list_of(self._files, self._root_file, read_whole_file)
        except TrustError:
            return self._read
        if found.version > self._read.version:
            self._read = found
        return self._read
