"""A file system with two files: `disk`, whose writes and flushes are noted, and `marks`, which lands among them.

`python -m tests.crash.blocks.server PLACE IMAGE LOG`: serves until PLACE is unmounted, then writes the log. One thread:
the order of the log is the order in which the kernel was answered.
"""

import errno
import stat
import sys
from pathlib import Path

import mfusepy
import msgspec

from tests.crash.blocks.log import Event, Flush, Mark, Write, keep

DISK, MARKS = "/disk", "/marks"


class Noted(mfusepy.Operations):  # type: ignore[misc]  # the library comes without types
    """The image in memory, and the log."""

    use_ns = True

    def __init__(self, image: bytes) -> None:
        self._disk = bytearray(image)
        self.events: list[Event] = []

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        """Sizes never change."""
        match path:
            case "/":
                return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2}
            case "/disk":
                return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": len(self._disk)}
            case "/marks":
                return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0}
            case _:
                raise mfusepy.FuseOSError(errno.ENOENT)

    def readdir(self, path: str, fh: int) -> list[str]:
        """What there is."""
        return [".", "..", DISK[1:], MARKS[1:]]

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        """The disk as its own reads see it."""
        return bytes(self._disk[offset : offset + size]) if path == DISK else b""

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        """Noted before it is answered."""
        if path == MARKS:
            self.events.append(msgspec.msgpack.decode(data, type=Mark))
        else:
            self._disk[offset : offset + len(data)] = data
            self.events.append(Write(offset, bytes(data)))
        return len(data)

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        """What a flush of the disk above becomes here."""
        if path == DISK:
            self.events.append(Flush())
        return 0


def main() -> int:
    """0 once PLACE has been unmounted."""
    place, image, log = sys.argv[1:]
    noted = Noted(Path(image).read_bytes())
    mfusepy.FUSE(noted, place, foreground=True, nothreads=True, fsname="changgu-blocks")
    keep(noted.events, Path(log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
