"""The run directory of a machine on a desk: in the temporary folder, gone at the end.

Whoever has one holds a lock (flock(2)) on a file in it, which the kernel lets go when the process ends, however it
ends. So the next one surely knows what a killed process has left, and clears it away.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.console.output_folder import DESK_LOCK
from kiosk.console.stopping import undisturbed

PREFIX = "changgu-"
# A Unix socket's path has 107 bytes, and the deepest one in here needs 45.
_LONGEST_BYTES = 55
_TRIES, _AGAIN_S = 20, 0.1


@contextmanager
def run_directory() -> Iterator[Path]:
    """A new one. Raises OSError."""
    place = temporary()
    clear_dead(place)
    run = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    try:
        lock = _locked(run)
        try:
            yield run
        finally:
            os.close(lock)
    finally:
        with undisturbed():
            _remove(run)


def temporary() -> Path:
    """The temporary folder of this system or user, where a socket's path below it is short enough."""
    usual = tempfile.gettempdir()
    return Path(usual if len(os.fsencode(usual)) <= _LONGEST_BYTES else "/tmp")


def clear_dead(place: Path) -> None:
    """Take away the run directories of this user whose process is surely gone; all others stay."""
    for run in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            about = run.lstat()
            if stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and _is_dead(run):
                _remove(run)


def _locked(run: Path) -> int:
    """Locked before it has its name: nobody finds it unlocked."""
    unnamed = run / f"{DESK_LOCK}.new"
    lock = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    unnamed.rename(run / DESK_LOCK)
    return lock


def _is_dead(run: Path) -> bool:
    """Whether it has a lock that nobody holds. Raises OSError where it has none."""
    lock = os.open(run / DESK_LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _remove(run: Path) -> None:
    """All of it, its lock's file last: what we leave when we are killed meanwhile is still known as dead.

    A process that was killed may need a moment more to let go of what it wrote.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(OSError):
            for one in list(run.iterdir()):
                if one.is_dir() and not one.is_symlink():
                    shutil.rmtree(one, ignore_errors=True)
                elif one.name != DESK_LOCK:
                    one.unlink(missing_ok=True)
        shutil.rmtree(run, ignore_errors=True)
        if not run.exists():
            return
        time.sleep(_AGAIN_S)  # nobody tells when a process that was killed has let go of its last file
