"""A folder that a command fills. It is ours if it is new, empty or carries our mark; any other is left as it is.

The mark is a file in the folder. It names the command that made it, the process that fills it now (its last head) and
every file that was put there, each before it is written, and forgets a file only when it is gone: after a power cut or
on a full disk, too, only what we made is ever taken away, and all of it. Whoever fills the folder holds a lock
(flock(2)) on the mark. The kernel lets it go with the process, however that ends, so that neither a mark nor a link
that a dead process left stands in anybody's way.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
import time
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from kiosk.protocol import exits
from kiosk.protocol.exits import MISSING
from kiosk.protocol.fault import RefusalError

MARK = ".changgu-output"
# What stands in the run directory of a machine on a desk while it runs (desk/desk_run.py).
DESK_LOCK = "desk.lock"
_KIND = "an output folder of Changgu"
_LARGEST_MARK_BYTES = 16_000_000
_TRIES, _AGAIN_S = 4, 0.05


class OutputError(RefusalError):
    """The folder is not one to write to. The message says why and what to do; `exit_code` is the command's."""


class OutputFolder:
    """Use `take`. Ours until `close`; for `with`."""

    def __init__(self, path: Path, mark: int, made: set[str]) -> None:
        self.path = path
        self._mark = mark
        self._made = made

    @classmethod
    def take(cls, path: Path, maker: str, *, keep: bool = False) -> Self:
        """Take the folder for `maker`, the command's name, and clear away what it made there before.

        `keep`: what was made before stays until something of the same name takes its place. Raises OutputError; what
        was made before and is still there is known as ours then, and where there was no room it is all there.
        """
        place = Path(os.path.abspath(path))
        try:
            if place.is_symlink():
                raise OutputError(f"{path} is a link to {place.readlink()}; name a folder itself with --out")
            if place.exists() and not place.is_dir():
                raise OutputError(f"{path} is a file; name a folder with --out")
            place.mkdir(parents=True, exist_ok=True)
            mark = _locked_mark(path, place)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            made = _made_before(path, mark, maker)
            head = _line({"kind": _KIND, "made_by": maker, "pid": os.getpid()})
            _cut_half_a_line(mark)
            _append(mark, head)
            if not keep:
                for name in made:
                    _remove(place, name)
                made = set()
                _forget(mark, head)
        except BaseException as error:
            os.close(mark)
            if isinstance(error, OSError):
                raise _unwritable(path, error) from error
            raise
        return cls(place, mark, made)

    def file(self, name: str) -> Path:
        """Where to write this file (`screens/01.png`); its folders are there. Raises OutputError where one of somebody
        else has the name, OSError.
        """
        place = self._place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # what was written here before may be another file by now, or a link
        return place

    def folder(self, name: str) -> Path:
        """A folder in the folder, made now. Raises OutputError, OSError."""
        place = self._place(f"{name}/")
        place.mkdir(parents=True, exist_ok=True)
        return place

    def link(self, name: str, target: Path) -> None:
        """A symbolic link. Raises OutputError, OSError."""
        self._place(name).symlink_to(target)

    def copy(self, source: Path, name: str) -> None:
        """A copy of a file. Raises OutputError, OSError."""
        shutil.copy(source, self.file(name))

    def remove(self, name: str) -> None:
        """Take away a file or a link that was put there."""
        if name in self._made:
            _remove(self.path, name)

    def close(self) -> None:
        """Let the folder go; what is in it stays, and stays known as ours."""
        if self._mark >= 0:
            os.close(self._mark)
            self._mark = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _place(self, name: str) -> Path:
        place = self.path / name
        for above in _folders_above(name):
            if (self.path / above).is_symlink() or (self.path / above).is_file():
                raise OutputError(
                    f"{self.path / above} is in the way; move it, or name another folder with --out"
                )
        if name.endswith("/") and place.is_dir():
            return place
        if name not in self._made:
            if os.path.lexists(place):
                raise OutputError(f"{place} is not ours; move it, or name another folder with --out")
            _append(self._mark, _line(name))
            self._made.add(name)
        return place


def holder(path: Path) -> int | None:
    """The process that fills this folder now; None when there is none."""
    try:
        mark = _open(path / MARK, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _pid_in(mark)
    finally:
        os.close(mark)
    return None


def _locked_mark(path: Path, place: Path) -> int:
    """The mark's descriptor, locked. Raises OutputError, OSError."""
    flags = os.O_RDWR
    if not os.path.lexists(place / MARK):
        if any(place.iterdir()):
            raise OutputError(
                f"{path} holds files that were not made by this command, and they stay as they are; "
                "name an empty or new folder with --out"
            )
        flags |= os.O_CREAT
    mark = _open(place / MARK, flags)
    try:
        _lock(mark)
    except BlockingIOError as error:
        pid = _pid_in(mark)
        os.close(mark)
        raise OutputError(
            f"{path} is being filled by process {pid}; end that one, or name another folder with --out",
            MISSING,
        ) from error
    except OSError:
        os.close(mark)
        raise
    return mark


def _lock(mark: int) -> None:
    """Raises BlockingIOError while somebody has it. Who only looks (`holder`) has it for a moment, too."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(BlockingIOError):
            return fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(_AGAIN_S)  # who only looks is gone by then; who fills the folder is still there
    return fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _open(mark: Path, flags: int) -> int:
    """Whatever lies there under the mark's name: nobody is led elsewhere, and nobody waits for a pipe."""
    descriptor = os.open(mark, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EEXIST, "its mark is no file")
    return descriptor


def _lines(mark: int) -> list[object]:
    """The mark's lines. The last one may have been cut short with its process; nothing was written under that name."""
    read = os.pread(mark, _LARGEST_MARK_BYTES, 0).split(b"\n")[:-1]
    return [json.loads(line) for line in read if line]


def _pid_in(mark: int) -> int:
    """Whose process it is; 0 when it has just begun and has not said so yet."""
    try:
        lines = _lines(mark)
    except (ValueError, RecursionError):
        lines = []
    heads = [line for line in lines if isinstance(line, dict)]
    pid = heads[-1].get("pid") if heads else None
    return pid if isinstance(pid, int) else 0


def _made_before(path: Path, mark: int, maker: str) -> set[str]:
    """What the mark says that we made. Raises OutputError when it is the mark of somebody else."""
    if os.fstat(mark).st_size == 0:
        return set()
    try:
        lines = _lines(mark)
    except (ValueError, RecursionError) as error:
        raise _strange(path) from error
    heads = [line for line in lines if isinstance(line, dict)]
    names = [line for line in lines if not isinstance(line, dict)]
    if lines[:1] != heads[:1] or any(head.get("kind") != _KIND for head in heads):
        raise _strange(path)
    if other := next((head for head in heads if head.get("made_by") != maker), None):
        raise OutputError(f"{path} was made by {other.get('made_by')}; name another folder with --out")
    if not all(isinstance(name, str) and _inside(name) for name in names):
        raise _strange(path)
    return {str(name) for name in names}


def _strange(path: Path) -> OutputError:
    return OutputError(f"{path / MARK} is not a mark of ours; name another folder with --out")


def _unwritable(path: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        said = f"{path} has no room left; make room on its disk, or name another folder with --out"
        return OutputError(said, MISSING)
    fault = exits.fault_of(error)
    code = fault.code if fault is not None else MISSING
    return OutputError(f"{path} can't be written ({error.strerror}); name another folder with --out", code)


def _inside(name: str) -> bool:
    """Whether it is a name below the folder, other than the mark's."""
    parts = PurePosixPath(name).parts
    return bool(parts) and name != MARK and "\0" not in name and not {"/", ".."}.intersection(parts)


def _folders_above(name: str) -> list[str]:
    """`a`, `a/b` for `a/b/c`."""
    return [str(above) for above in reversed(PurePosixPath(name).parents) if str(above) != "."]


def _remove(place: Path, name: str) -> None:
    """Take it away, and the folders that are empty then. Nobody's folder is reached through a link. Raises OSError."""
    if any((place / above).is_symlink() for above in _folders_above(name)):
        return
    try:
        (place / name).rmdir() if name.endswith("/") else (place / name).unlink(missing_ok=True)
    except (IsADirectoryError, NotADirectoryError):
        return
    except OSError:
        if not name.endswith("/"):
            raise
    for above in reversed(_folders_above(name)):
        with contextlib.suppress(OSError):
            (place / above).rmdir()


def _line(what: object) -> bytes:
    return json.dumps(what).encode() + b"\n"


def _cut_half_a_line(mark: int) -> None:
    """What was cut short with its process would spoil the line that comes after it."""
    read = os.pread(mark, os.fstat(mark).st_size, 0)
    os.ftruncate(mark, read.rfind(b"\n") + 1)


def _forget(mark: int, head: bytes) -> None:
    """Leave this head alone. It is written over what is there, which needs no room, and is valid before it is cut, too.
    Raises OSError, with the mark as it was.
    """
    size = os.fstat(mark).st_size
    before = os.pread(mark, size, 0)
    try:
        if os.pwrite(mark, head.ljust(size, b"\n"), 0) != size:
            raise OSError(0, "no room for its mark")
    except OSError:
        os.pwrite(mark, before, 0)
        raise
    os.ftruncate(mark, len(head))


def _append(mark: int, lines: bytes) -> None:
    """All of it or nothing: half a line would spoil the next one. Raises OSError."""
    end = os.lseek(mark, 0, os.SEEK_END)
    try:
        if os.write(mark, lines) != len(lines):
            raise OSError(0, "no room for its mark")
    except OSError:
        os.ftruncate(mark, end)
        raise
