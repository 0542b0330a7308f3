"""Opening a ledger: nothing is touched before its version is known; then settings read back, a look, migrations."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from kiosk.ledger.migrations import migrate, refuse_newer
from kiosk.ledger.problems import LedgerError, code_of
from kiosk.ledger.schema import PRAGMAS
from kiosk.protocol import exits

REBUILDING = "rebuilding"
# What a damaged file can make SQLite say; a message with the file's own garbage in it can't even be read.
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
RESTORE = "restore the second copy or call service (`kiosk ledger rebuild --from-copy`)"


def connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection in the state that the ledger needs. The second copy is read through it on another thread."""
    return sqlite3.connect(name, isolation_level=None, check_same_thread=False, uri=uri)


def prepare(db: Database, file: Path) -> int:
    """Make a connection a ledger's; the schema that was found. Raises LedgerError: it can't be used, and why."""
    _refuse_rebuilding(file)
    db.conn.isolation_level = None
    try:
        db.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        found = refuse_newer(db)
        _refuse_copy(db, found)
        _settle(db)
        if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise LedgerError(f"{file}: the ledger file is damaged; {RESTORE}", "damaged")
        migrate(db, file)
        _settle(db)
    except DAMAGE as error:
        raise _unusable(file, error) from error
    return found


def _unusable(file: Path, error: Exception) -> LedgerError:
    """A disk that is full or a file that somebody else has open is not damaged, and is not mended by a copy."""
    code = code_of(error)
    fault = exits.fault_of(error)
    if fault is None or code == "damaged":
        return LedgerError(f"{file}: the ledger file is damaged ({error}); {RESTORE}", "damaged")
    return LedgerError(f"{exits.sentence(fault, str(file))} ({error})", code)


def _settle(db: Database) -> None:
    for name, (value, expected) in PRAGMAS.items():
        db.execute(f"PRAGMA {name}={value}")
        found = db.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            cause = f"PRAGMA {name} is {found!r} and must be {expected!r}; this SQLite can't be used"
            raise LedgerError(cause, "pragma")


def _refuse_rebuilding(file: Path) -> None:
    if file.with_name(REBUILDING).exists():
        cause = (
            f"{file}: a rebuild was interrupted; run `kiosk ledger rebuild` again before the machine starts"
        )
        raise LedgerError(cause, "rebuilding")


def _refuse_copy(db: Database, version: int) -> None:
    """A second copy ends at some night: who went on from it by hand would give out its numbers a second time."""
    if version < 2:
        return
    row = db.execute("SELECT value FROM about WHERE name = 'second-copy'").fetchone()
    if row is not None:
        cause = "this is a second copy, not the ledger; bring it back with `kiosk ledger rebuild --from-copy`"
        raise LedgerError(cause, "second-copy")
