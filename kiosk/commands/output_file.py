"""A PDF that a command writes where it was told to. It takes the place of nothing but one that such a command made.

The mark is a comment behind the document's end, where readers of PDF pass it over.
"""

import os
import stat
from pathlib import Path
from typing import Annotated

import typer

from kiosk.console.named import writing
from kiosk.protocol.fault import RefusalError

MARK = b"%made by a command of Changgu\n"

ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="also where a file of somebody else has that name")
]


def free_to_write(file: Path, *, replace: bool) -> Path:
    """The file, seen to be none of somebody else's. Raises RefusalError, OSError."""
    if not replace and file.is_file() and not _ours(file):
        raise RefusalError(
            f"{file} is there and was not made by this command; name another file with --out, or say --replace"
        )
    return file


def write_pdf(file: Path, document: bytes) -> None:
    """Put it there, marked as ours. Raises OSError."""
    with writing(file):
        file.write_bytes(document + MARK)


def _ours(file: Path) -> bool:
    """Whether it carries our mark; one that is empty was made for us, as by mktemp."""
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or not found.st_size:
            return True
        return os.pread(handle, len(MARK), max(0, found.st_size - len(MARK))) == MARK
    finally:
        os.close(handle)
