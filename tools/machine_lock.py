"""The lock of the whole machine: one file for all users and all clones, and the note in it about who holds it.

The kernel keeps the lock (flock(2)) with the open file, and frees it when the last process that has the file open ends,
however it ends. The file stays; what it says is believed only while somebody holds the lock.
"""

import errno
import fcntl
import json
import os
import stat
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kiosk.protocol.exits import fault_of

# /tmp and not /run/lock, which not every Linux lets a plain user write; TMPDIR differs between users.
FOLDER: Final = os.environ.get("CHANGGU_ALONE_FOLDER", "/tmp")
NAME: Final = "changgu-alone.lock"
# Names the holder to everything that it starts.
HELD_VARIABLE: Final = "CHANGGU_ALONE"
_NOTE_BYTES: Final = 4096


class Unusable(Exception):
    """The file can't be used as a lock; the words say why."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock. `started`: when the process began, in the kernel's ticks, so that its number is told from a
    later process with the same one. `since_s`: seconds since 1970.
    """

    pid: int
    started: int
    target: str
    folder: str
    since_s: int


def open_lock(path: Path) -> int:
    """The open lock file, made if nobody has made it yet; no program inherits it. Raises Unusable."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    while True:
        try:
            # Without O_CREAT: with it the kernel refuses root the file of a user in /tmp (fs.protected_regular).
            handle = os.open(path, flags)
        except FileNotFoundError:
            _make(path)
            continue
        except OSError as error:
            raise Unusable(_why(error)) from None
        found = os.fstat(handle)
        # Another name of a foreign file would have root write into that file.
        if stat.S_ISREG(found.st_mode) and found.st_nlink <= 1:
            return handle
        os.close(handle)
        raise Unusable("has a second name" if stat.S_ISREG(found.st_mode) else "is no plain file")


def _make(path: Path) -> None:
    before = os.umask(0)  # every user may write a note from the first moment on
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666))
    except FileExistsError:
        if not os.path.lexists(path):
            return  # made and removed meanwhile
    except OSError as error:
        raise Unusable(_why(error)) from None
    finally:
        os.umask(before)


def _why(error: OSError) -> str:
    if error.errno == errno.ELOOP:  # O_NOFOLLOW
        return "is a link"
    fault = fault_of(error)
    return fault.cause if fault else f"can't be opened ({error.strerror})"


def take(handle: int, wait: bool) -> bool:
    """Whether the lock is ours now; with `wait` it always is, in the end."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def is_still(handle: int, path: Path) -> bool:
    """Whether the file is still the one that the others find there: somebody may have cleaned the folder."""
    try:
        there = os.stat(path, follow_symlinks=False)
    except OSError:
        return False
    return os.path.samestat(there, os.fstat(handle))


def write_note(handle: int, target: str) -> None:
    """Say who we are. A full disk keeps the note out and nobody from working."""
    holder = Holder(os.getpid(), started(os.getpid()) or 0, target, os.getcwd()[:1000], int(time.time()))
    text = json.dumps(asdict(holder)).encode()
    try:
        os.pwrite(handle, text, 0)
        os.ftruncate(handle, len(text))
    except OSError:
        return


def read_note(handle: int) -> Holder | None:
    """Who holds the lock; None if the note is no note, or about a process that is gone."""
    try:
        said = json.loads(os.pread(handle, _NOTE_BYTES, 0))
        holder = Holder(
            int(said["pid"]),
            int(said["started"]),
            _shown(said["target"]),
            _shown(said["folder"]),
            int(said["since_s"]),
        )
        time.localtime(holder.since_s)
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return holder if holder.pid > 0 and started(holder.pid) == holder.started else None


def _shown(text: object) -> str:
    """Everybody may write there: nothing in it moves the cursor of a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text))


def started(pid: int) -> int | None:
    """When this process began, in ticks since the machine did (proc_pid_stat(5)); None if it is not there."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def _stat(pid: int) -> list[str]:
    """What follows the process's name, which may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def parents() -> dict[int, int]:
    """Every process that there is, and its parent."""
    found: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdecimal() and (fields := _stat(int(entry))):
            found[int(entry)] = int(fields[1])
    return found


def name_of_hold(handle: int) -> str:
    """What a child is told: which process holds which file."""
    file = os.fstat(handle)
    return f"{os.getpid()}:{started(os.getpid())}:{file.st_dev}:{file.st_ino}"


def is_held_for_us(handle: int) -> bool:
    """Whether the holder that the environment names is above us and holds this very file.

    The name alone proves nothing: a program that outlived its holder still carries it.
    """
    try:
        pid, began, device, inode = map(int, os.environ.get(HELD_VARIABLE, "").split(":"))
    except ValueError:
        return False
    file = os.fstat(handle)
    if (device, inode) != (file.st_dev, file.st_ino) or started(pid) != began:
        return False
    above, parent = os.getpid(), parents()
    while above > 1 and above != pid:
        above = parent.get(above, 0)
    return above == pid
