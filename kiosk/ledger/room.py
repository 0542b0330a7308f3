"""Room on the ledger's disk: how much there is, and the ballast that is let go when there is none.

On a full disk nothing can be deleted from a database either: that too is written first. So a file that holds nothing
lies ready, and goes at the moment in which an open order could not be stored.
"""

import contextlib
import errno
import os
from pathlib import Path

BALLAST = "ballast"
_MB = 1_000_000


class Room:
    """Of the folder that the ledger is in. Sizes in MB of 1,000,000 bytes."""

    def __init__(self, folder: Path, *, room_mb: int, ballast_mb: int) -> None:
        self._folder, self._need, self._ballast_size = folder, room_mb * _MB, ballast_mb * _MB
        self._ballast = folder / BALLAST

    def free_mb(self) -> int:
        """MB that this user can still write there."""
        return self._free() // _MB

    def low(self) -> bool:
        """Whether no new order may be opened: too little room, or the ballast is gone."""
        return self._free() < self._need or not self._ballast.exists()

    def settle(self) -> None:
        """Lay the ballast (again) when there is room for it and for selling besides; else leave everything as it is."""
        if self._ballast.exists() or self._free() < self._need + self._ballast_size:
            return
        part = self._ballast.with_suffix(".part")
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._ballast_size)
            os.fsync(handle)
        except OSError as error:
            part.unlink()
            if error.errno != errno.ENOSPC:  # somebody was faster: no ballast, hence no sale
                raise
            return
        finally:
            os.close(handle)
        part.replace(self._ballast)
        sync_folder(self._folder)

    def release(self) -> bool:
        """Let the ballast go; False when there was none (any more)."""
        part = self._ballast.with_suffix(".part")
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        try:
            self._ballast.unlink()
        except FileNotFoundError:
            return False
        sync_folder(self._folder)
        return True

    def _free(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
