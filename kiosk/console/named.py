"""Places that a command was told: seen to be there before it begins, named when something is the matter with them."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.protocol.fault import RefusalError


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """A fault in the block that names no file is one of `place`: a write knows only a descriptor."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(place)
        raise


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """As naming, of a file that the block makes: what is missing is never that file, it is the folder for it."""
    try:
        with naming(file):
            yield
    except FileNotFoundError as error:
        if error.filename == str(file) and not file.parent.is_dir():
            error.filename = str(file.parent)
        raise


def existing_file(file: Path | None) -> Path | None:
    """For an option: the file that was named, seen to be there and unopened (it may be a pipe). Raises OSError."""
    if file is not None and stat.S_ISDIR(file.stat().st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    return file


def existing_folder(folder: Path | None) -> Path | None:
    """For an option: the folder that was named, seen to be there and ours to use. Raises OSError; RefusalError for a
    file.
    """
    if folder is not None:
        if folder.is_file():
            raise RefusalError(f"{folder} is a file; name a folder")
        os.scandir(folder).close()
    return folder
