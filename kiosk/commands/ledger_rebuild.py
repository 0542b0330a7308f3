"""`kiosk ledger rebuild`: asks central, writes a ledger beside the old one; only a proved one takes its place.

The machine must be stopped. The old files are put aside, never deleted; while they change places a mark keeps core from
beginning an empty ledger.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.core.order_terms import order_terms
from kiosk.courier.line import Call, Credentials, Line
from kiosk.courier.results import read
from kiosk.ledger.copies import COPY
from kiosk.ledger.ledger import Stamp
from kiosk.ledger.opening import REBUILDING
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.rebuild import Fetch, RebuildError, Rebuilt, rebuild
from kiosk.ledger.room import sync_folder
from kiosk.protocol.central import JournalReply
from kiosk.settings import Settings

LEDGER = "ledger.db"
_PLACE = "rebuilt"
_ASK_S = 20.0
_TRIES = 3


@contextlib.contextmanager
def from_central(settings: Settings) -> Iterator[Fetch]:
    """Central's journal of this machine, over its own certificate. Raises SettingsError."""
    pki = settings.path("pki")
    line = Line(
        settings.central_url, Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem"), "rebuild"
    )

    def fetch(after: int) -> JournalReply:
        page: object = None
        for _ in range(_TRIES):
            page = read(line.call(Call(f"/v1/journal?after={after}"), _ASK_S), JournalReply)
            if isinstance(page, JournalReply):
                return page
        raise RebuildError(
            "central-silent", f"central does not give its journal ({page}); try again when it does"
        )

    try:
        yield fetch
    finally:
        line.close()


def rebuild_here(settings: Settings, *, with_copy: bool, fetch: Fetch, stamp: Callable[[], Stamp]) -> Rebuilt:
    """Put a proved ledger in the place of the one in RUN. Raises RebuildError with the old one still in place."""
    folder = settings.path("ledger")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = settings.path(settings.ledger.copies) / COPY if with_copy else None
    (folder / _PLACE).mkdir(mode=0o700, exist_ok=True)
    _refuse_running(folder / LEDGER)
    with _alone(folder), _for_its_owner():
        return _rebuilt(settings, folder, copy, fetch, stamp)


@contextlib.contextmanager
def _for_its_owner() -> Iterator[None]:
    """What is made in the block is its owner's alone; what is made after it, the caller's matter as before."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _rebuilt(
    settings: Settings, folder: Path, copy: Path | None, fetch: Fetch, stamp: Callable[[], Stamp]
) -> Rebuilt:
    part = folder / _PLACE / LEDGER
    try:
        terms = order_terms(settings, cards=True)
        rebuilt = rebuild(part, copy, fetch, settings.kiosk_id, stamp, terms)
        if rebuilt.violations:
            rules = ", ".join(rebuilt.violations)
            raise RebuildError(
                "unsound", f"what was brought back breaks {rules}; call service, nothing was changed"
            )
        _take_place(folder, part, stamp().at_ms)
    except (LedgerError, sqlite3.Error, OSError) as error:
        raise RebuildError("disk", f"{part}: {error}; the old ledger is where it was") from error
    return rebuilt


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two would write one file. Raises RebuildError while another one is at it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise RebuildError("running", "another rebuild is at it; wait for its end") from error
    finally:
        os.close(handle)


def _take_place(folder: Path, part: Path, at_ms: int) -> None:
    """The old files aside, the new one in. Torn at any point the mark stays, and the command is run again."""
    handle = os.open(part, os.O_RDWR)
    os.fsync(handle)
    os.close(handle)
    owner = folder.stat()
    if os.geteuid() == 0:  # run by root: core's user must be able to write it
        os.chown(part, owner.st_uid, owner.st_gid)
    mark = folder / REBUILDING
    mark.write_text(f"{at_ms}\n", "ascii")
    sync_folder(folder)
    aside = folder / f"before-{at_ms}"
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"):
        with contextlib.suppress(FileNotFoundError):
            (folder / name).replace(aside / name)
    part.replace(folder / LEDGER)
    with contextlib.suppress(OSError):
        part.parent.rmdir()
    sync_folder(aside)
    sync_folder(folder)
    mark.unlink()
    sync_folder(folder)


def _refuse_running(ledger: Path) -> None:
    if not ledger.exists():
        return
    with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=rw", uri=True, timeout=0)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                cause = "the machine runs; stop it first (`systemctl stop changgu.target`)"
                raise RebuildError("running", cause) from error
        except sqlite3.DatabaseError:  # damaged: that is why somebody is here
            return
