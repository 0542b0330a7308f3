"""The trust list of this machine as it is now: a worker waits for a visit while the courier brings a newer one."""

from pathlib import Path

from kiosk.protocol.signed_list import load_list
from kiosk.protocol.trust import TrustError, TrustList


class NewestList:
    """A list file. Raises TrustError where there is none that counts at the start; later what was read is kept."""

    def __init__(self, file: Path, root_file: Path) -> None:
        self._file, self._root_file = file, root_file
        self._read = load_list(file, root_file)

    def read(self) -> TrustList:
        """The list in the file, or the last that was good there."""
        try:
            self._read = load_list(self._file, self._root_file, self._read.version)
        except TrustError:
            return self._read
        return self._read
