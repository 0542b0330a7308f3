"""The schema's versions: what each one did to the one before. A step is one transaction; torn, it has not happened.

A version that has been to the field is never changed here; what is to be different is the next version. The number is
SQLite's `user_version`, which is part of the transaction.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database

from kiosk.ledger.problems import LedgerError
from kiosk.ledger.schema import FIRST_TABLES, FOURTH_TABLES, SECOND_TABLES, THIRD_TABLES


class Migration(Struct, frozen=True):
    """From `version` - 1 to `version`. `rewrites`: tables are copied, so the disk must hold them twice for a while."""

    version: int
    script: str
    rewrites: bool = False


MIGRATIONS = (
    Migration(1, FIRST_TABLES),
    Migration(2, SECOND_TABLES, rewrites=True),
    Migration(3, THIRD_TABLES),
    Migration(4, FOURTH_TABLES),
)
SCHEMA_VERSION = MIGRATIONS[-1].version


def refuse_newer(db: Database) -> int:
    """The version found. Raises LedgerError, with nothing touched, for one that this program doesn't know."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA_VERSION:
        cause = f"the ledger has schema {found}, this program knows {SCHEMA_VERSION}; update first"
        raise LedgerError(cause, "schema-newer")
    return found


def migrate(db: Database, file: Path) -> int:
    """Bring the schema up, step by step; the version it had. Raises LedgerError with the last whole step in place."""
    before = refuse_newer(db)
    for step in MIGRATIONS[before:]:
        if step.rewrites and before:
            _need_room(file)
        _take(db, step)
    return before


def _take(db: Database, step: Migration) -> None:
    # A table that others refer to can only be exchanged with references unchecked; they are looked at before COMMIT.
    db.execute("PRAGMA foreign_keys=OFF")
    try:
        with immediate(db):
            for statement in statements(step.script):
                db.execute(statement)
            if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                cause = f"schema {step.version} does not fit this ledger; call service, nothing was changed"
                raise LedgerError(cause, "damaged")
            db.execute(f"PRAGMA user_version={step.version:d}")
    finally:
        db.execute("PRAGMA foreign_keys=ON")


def _need_room(file: Path) -> None:
    """Three times: the new tables in the file, the same in the WAL, and something to breathe."""
    if not file.exists():
        return
    needed, free = 3 * file.stat().st_size, shutil.disk_usage(file.parent).free
    if free < needed:
        cause = (
            f"the ledger is to be brought to schema {SCHEMA_VERSION} and that needs {needed // 1_000_000} MB; "
            f"{free // 1_000_000} MB are free on the disk of {file}; make room, then start again"
        )
        raise LedgerError(cause, "no-room")


class immediate:
    """BEGIN IMMEDIATE … COMMIT; anything raised inside undoes it. The library's own transactions start deferred."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            if self._db.conn.in_transaction:
                self._db.conn.rollback()


def statements(script: str) -> Iterator[str]:
    """A script cut into statements; a trigger's body has semicolons of its own."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
