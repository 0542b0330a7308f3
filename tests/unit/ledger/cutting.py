"""The power cut under SQLite's statements: a connection that ends at the k-th one, and the disk as it was then."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any


class Cut(BaseException):
    """Everything after this never happened."""


class Cutting(sqlite3.Connection):
    """`left` statements are done, the next one is not."""

    left = 1 << 60

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """As always, until the cut."""
        self.left -= 1
        if self.left < 0:
            raise Cut
        return super().execute(*arguments)


def connect(file: Path, statements: int | None = None) -> Cutting:
    """A connection that ends after so many statements; None: never."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, factory=Cutting)
    if statements is not None:
        connection.left = statements
    return connection


def image(file: Path, folder: Path) -> Path:
    """What is on the disk now of an open database, somewhere else: the file, and the log beside it."""
    folder.mkdir()
    for name in (file.name, f"{file.name}-wal"):
        if file.with_name(name).exists():
            shutil.copy(file.with_name(name), folder / name)
    return folder / file.name
