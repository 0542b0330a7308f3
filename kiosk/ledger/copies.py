"""The second copy: taken page by page beside the machine's work, looked at as if it were the only one, then named.

A copy that is torn, damaged, another machine's or older than the ledger never takes the place of the one before it.
"""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from kiosk.ledger.chain_check import Chain, check_chain
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.migrations import SCHEMA_VERSION
from kiosk.ledger.opening import DAMAGE
from kiosk.ledger.room import sync_folder
from kiosk.protocol import journal

COPY = "ledger-copy.db"
_PART = "ledger-copy.part"
_STAGE = "ledger-copy.stage"
PAGES_AT_ONCE = 64
_BUSY_S = 0.01
# Between two steps the ledger's own thread has its turn.
_TURN_S = 0.001


class CopyError(Exception):
    """No good copy. `code`: unreachable, no-room, damaged, broken-chain, foreign, no-copy, no-ledger, not-ours,
    schema.
    """

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code


class Copy(Struct, frozen=True):
    """A copy that was looked at: whose, its last row, its size, and the longest time (ms) that the ledger was held."""

    machine: str
    chain: Chain
    size: int
    held_ms: float = 0.0


def take_copy(ledger: Ledger, folder: Path, breathe: Callable[[], None], spare: int = 0) -> Copy:
    """Write a copy beside the old one and look at it; it counts from `name_copy` on. Raises CopyError.

    May run on another thread than the ledger's: SQLite lets go of the connection after every 64 pages, and a step that
    meets a transaction under way waits for its end. It is written to the ledger's own disk first: SQLite holds the
    connection while it writes, and the other disk may hang. `spare` bytes stay free there. `breathe` is called in
    between; what it raises ends the copy.
    """
    part, stage = folder / _PART, ledger.file.with_name(_STAGE)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _clear(part)
        _clear(stage)
        _need_room(_size(ledger.file) + spare, ledger.file.parent)
        _need_room(_size(ledger.file), folder)
        held_ms = _stage(ledger, stage, breathe)
        _carry(stage, part, breathe)
        found = read_copy(part, ledger.about("machine"), breathe)
    except DAMAGE as error:
        raise CopyError("damaged", f"{part}: {error}; look at the disk of the second copy") from error
    except OSError as error:
        cause = f"{folder}: {error.strerror}; is the disk of the second copy there?"
        raise CopyError("unreachable", cause) from error
    finally:
        with contextlib.suppress(OSError):
            _clear(stage)
    return Copy(found.machine, found.chain, found.size, held_ms)


def _stage(ledger: Ledger, stage: Path, breathe: Callable[[], None]) -> float:
    """Page by page; the longest step in ms. The copy is one file and says that it is a copy."""
    held = [0.0]
    begun = [time.perf_counter()]

    def between(_status: int, _left: int, _all: int) -> None:
        held[0] = max(held[0], time.perf_counter() - begun[0])
        breathe()
        time.sleep(_TURN_S)  # core's own writes have their turn between two steps
        begun[0] = time.perf_counter()

    target = sqlite3.connect(stage, isolation_level=None)
    try:
        target.execute("PRAGMA journal_mode=OFF").fetchone()
        target.execute("PRAGMA synchronous=OFF")
        ledger.db.conn.backup(target, pages=PAGES_AT_ONCE, progress=between, sleep=_BUSY_S)
        target.execute("PRAGMA journal_mode=DELETE").fetchone()
        target.execute("INSERT OR REPLACE INTO about VALUES ('second-copy', '1')")
    finally:
        target.close()
    return held[0] * 1000


def _carry(stage: Path, part: Path, breathe: Callable[[], None]) -> None:
    """To the other disk, and onto it."""
    with stage.open("rb") as source, part.open("wb") as target:
        while piece := source.read(1 << 20):
            target.write(piece)
            breathe()
        target.flush()
        os.fsync(target.fileno())


def name_copy(ledger: Ledger, folder: Path, copy: Copy, at_ms: int) -> None:
    """The copy takes the old one's place, if its last row is one of the ledger's. Core's thread. Raises CopyError."""
    chain = copy.chain
    row = ledger.db.execute("SELECT hash FROM journal WHERE seq = ?", (chain.seq,)).fetchone()
    if row is None or row[0] != chain.head:
        raise CopyError("not-ours", f"the copy ends at row {chain.seq}, which is another one in the ledger")
    try:
        (folder / _PART).replace(folder / COPY)
        sync_folder(folder)
    except OSError as error:
        raise CopyError("unreachable", f"{folder}: {error.strerror}") from error

    def write(_seq: int, _head: str) -> None:
        ledger.write_about("copied-seq", str(chain.seq))
        ledger.write_about("copied-ms", str(at_ms))

    ledger.commit((journal.CopyMade(chain.seq, chain.head, copy.size),), also=write)


def read_copy(file: Path, machine: str, breathe: Callable[[], None] | None = None) -> Copy:
    """Look at every page and every row of a copy of `machine`'s ledger ("": whoever's). Raises CopyError."""
    if not file.exists():
        raise CopyError("no-copy", f"{file} is not there; is the disk of the second copy mounted?")
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as db:
            return _look(db, file, machine, breathe)
    except DAMAGE as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise _no_ledger(file) from error
        raise CopyError("damaged", f"{file}: {error}") from error


def _no_ledger(file: Path) -> CopyError:
    return CopyError("no-ledger", f"{file} is no copy of a ledger; name one")


def _look(db: sqlite3.Connection, file: Path, machine: str, breathe: Callable[[], None] | None) -> Copy:
    db.execute("PRAGMA cell_size_check=ON")
    said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise CopyError("damaged", f"{file}: {said}")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        raise _no_ledger(file)
    if not 2 <= version <= SCHEMA_VERSION:
        raise CopyError("schema", f"{file} has schema {version}, this program knows 2 to {SCHEMA_VERSION}")
    facts = dict(db.execute("SELECT name, value FROM about").fetchall())
    owner = facts.get("machine", "")
    if machine and owner != machine:
        raise CopyError("foreign", f"{file} is a copy of {owner or 'nobody'}'s ledger, not of {machine}'s")
    chain = check_chain(db, breathe)
    if chain.broken:
        raise CopyError("broken-chain", f"{file}: row {chain.broken} does not follow from the row before it")
    return Copy(owner, chain, file.stat().st_size)


def _clear(part: Path) -> None:
    for file in part.parent.glob(part.name + "*"):
        file.unlink()


def _size(ledger: Path) -> int:
    """Bytes that a copy of this ledger takes at most."""
    files = (ledger, ledger.with_name(ledger.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _need_room(needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        cause = f"{folder}: {free // 1_000_000} MB free, {needed // 1_000_000} MB needed; the old copy stays"
        raise CopyError("no-room", cause)
