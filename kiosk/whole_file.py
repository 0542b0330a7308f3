"""Reads a small file whole; if the name is that of a pipe or a device, reports this at once and never waits.

A pipe would hold its reader for ever and a device would fill its memory, both without a word.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class OddFileError(EnvironmentFault, OSError):
    """No regular file, or far too large a one. `strerror` is the cause; the message has file, cause and remedy.

    For who looks for a file, an OSError as its absence is; for a program that ends by it, no mistake of ours.
    """

    exit_code = exits.USAGE

    def __init__(self, file: Path, cause: str) -> None:
        super().__init__(errno.EINVAL, cause, str(file))

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}; put the right file in its place"


def read_whole_file(file: Path, most: int, *, follow: bool = True) -> bytes:
    """At most `most` bytes. `follow`: a link is as good as what it leads to. Raises OSError, an OddFileError too."""
    # Looked at first: to open some devices is to set them going.
    _refuse_odd(file, file.stat(follow_symlinks=follow).st_mode)
    with open(os.open(file, _FLAGS if follow else _FLAGS | os.O_NOFOLLOW), "rb") as stream:
        _refuse_odd(file, os.fstat(stream.fileno()).st_mode)
        content = stream.read(most + 1)
    if len(content) > most:
        raise OddFileError(file, f"larger than {most} bytes")
    return content


def odd_files(files: Iterable[Path], most: int) -> Iterator[OddFileError | IsADirectoryError]:
    """Of files that may be missing: what lies in the place of one and is none."""
    for file in files:
        try:
            read_whole_file(file, most)
        except (OddFileError, IsADirectoryError) as error:
            yield error
        except OSError:
            continue


def _refuse_odd(file: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(mode):
        raise OddFileError(file, "not a regular file")
