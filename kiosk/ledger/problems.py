"""What is wrong with a ledger, said so that somebody can act on it."""

import sqlite3


class LedgerError(Exception):
    """The ledger can't be trusted or opened; the machine stays out of service. The message says what to do.

    `code` is one word for logs and tests: damaged, schema-newer, pragma, foreign, second-copy, rebuilding, no-room.
    """

    def __init__(self, cause: str, code: str = "ledger") -> None:
        super().__init__(cause)
        self.code = code


def is_full(error: sqlite3.Error) -> bool:
    """Whether this is the disk having no room: as SQLite says it, or as an I/O error of the WAL or its memory."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
