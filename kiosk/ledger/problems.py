"""What is wrong with a ledger, said so that somebody can act on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.faults import own_words
from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault


class LedgerError(EnvironmentFault):
    """The ledger can't be trusted or opened; the machine stays out of service. The message says what to do.

    `code` is one word for logs and tests: damaged, schema-newer, pragma, foreign, second-copy, rebuilding, no-room,
    in-use, no-right, io, unusable.
    """

    def __init__(self, cause: str, code: str = "ledger") -> None:
        super().__init__(cause)
        self.code = code


@contextmanager
def at_the_file(file: Path) -> Iterator[None]:
    """Whatever the disk or a damaged file does to SQLite in here is a LedgerError; a mistake in our SQL is none."""
    try:
        yield
    except sqlite3.Error as error:
        fault = exits.fault_of(error)
        if fault is None:
            raise
        cause = f"{exits.sentence(fault, str(file))} ({own_words(error)})"
        raise LedgerError(cause, code_of(error)) from error


def code_of(error: Exception) -> str:
    """The code of what SQLite says."""
    code = getattr(error, "sqlite_errorcode", 0)
    return _CODES.get(code & 0xFF, "unusable")


_CODES = {
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_FULL: "no-room",
    sqlite3.SQLITE_BUSY: "in-use",
    sqlite3.SQLITE_PERM: "no-right",
    sqlite3.SQLITE_READONLY: "no-right",
    sqlite3.SQLITE_CANTOPEN: "no-right",
    sqlite3.SQLITE_IOERR: "io",
}


def is_full(error: sqlite3.Error) -> bool:
    """Whether this is the disk having no room: as SQLite says it, or as an I/O error of the WAL or its memory."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
