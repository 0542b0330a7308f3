"""The file system `crash`, registered in the SQLite library that the standard module `sqlite3` is linked to.

`sqlite3.connect(uri(disk), uri=True)` then works on that Disk. What goes wrong in a callback ends the power of its disk
(`broken`), for nothing may be thrown through C.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from tests.crash import vfs_abi as abi
from tests.crash.disk import Disk, Gone, Inode

NAME = "crash"
# A disk is let go of with whoever holds it, which an open file does: nobody has to take it out.
_disks: "WeakValueDictionary[str, Disk]" = WeakValueDictionary()
_open: dict[int, tuple[Disk, Inode, str]] = {}
_numbers = count(1)
_kept: list[Any] = []
broken: list[BaseException] = []


def mount(disk: Disk) -> str:
    """Put a disk in; its name, for `uri`. Raises NoSharedLibraryError."""
    _register()
    name = f"d{next(_numbers)}"
    _disks[name] = disk
    return name


def unmount(name: str) -> None:
    """Take a disk out. Its connections have to be closed."""
    _disks.pop(name, None)


def uri(mounted: str, file: str = "ledger.db") -> str:
    """For sqlite3.connect(…, uri=True)."""
    return f"file:/{mounted}/{file}?vfs={NAME}"


def seed_randomness(seed: int) -> None:
    """SQLite's own dice (the salts of a WAL), so that one seed is one run."""
    _register().sqlite3_test_control(abi.TESTCTRL_PRNG_SEED, ctypes.c_int(seed % 2**31 or 1), None)


def _find(path: bytes) -> tuple[Disk, str]:
    _, mounted, file = path.decode().split("/", 2)
    return _disks[mounted], file


def _guarded(act: Callable[..., int]) -> Callable[..., int]:
    """What is thrown is kept for whoever runs the world; SQLite hears of an input/output error."""

    def safe(*arguments: Any) -> int:
        try:
            return act(*arguments)
        except Gone:
            return abi.IOERR
        except BaseException as error:
            broken.append(error)
            return abi.IOERR

    return safe


def _x_open(_vfs: int, path: bytes | None, file: Any, flags: int, out_flags: Any) -> int:
    file[0].methods = None
    if path is None:  # a file for a sort or a savepoint: nobody looks for it after a cut
        disk, name = Disk({}, lambda _what: None, _NO_DICE), "temporary"
        inode: Inode | None = Inode()
    else:
        disk, name = _find(path)
        inode = disk.open(name, create=bool(flags & abi.OPEN_CREATE))
    if inode is None:
        return abi.CANTOPEN
    number = next(_numbers)
    _open[number] = (disk, inode, name if flags & abi.OPEN_DELETEONCLOSE else "")
    file[0].handle = number
    file[0].methods = ctypes.cast(ctypes.pointer(_methods()), ctypes.c_void_p)
    if out_flags:
        out_flags[0] = flags
    return abi.OK


def _x_close(file: Any) -> int:
    disk, _inode, name = _open.pop(file[0].handle)
    if name:
        disk.delete(name, sync=False)
    return abi.OK


def _x_read(file: Any, target: int, size: int, offset: int) -> int:
    data = _open[file[0].handle][1].now[offset : offset + size]
    ctypes.memmove(target, bytes(data), len(data))
    if len(data) == size:
        return abi.OK
    ctypes.memset(target + len(data), 0, size - len(data))
    return abi.IOERR_SHORT_READ


def _x_write(file: Any, source: int, size: int, offset: int) -> int:
    disk, inode, _name = _open[file[0].handle]
    disk.write(inode, offset, ctypes.string_at(source, size))
    return abi.OK


def _x_truncate(file: Any, size: int) -> int:
    disk, inode, _name = _open[file[0].handle]
    disk.resize(inode, size)
    return abi.OK


def _x_sync(file: Any, _flags: int) -> int:
    disk, inode, _name = _open[file[0].handle]
    disk.sync(inode)
    return abi.OK


def _x_size(file: Any, size: Any) -> int:
    size[0] = len(_open[file[0].handle][1].now)
    return abi.OK


def _x_check_lock(_file: Any, locked: Any) -> int:
    locked[0] = 0
    return abi.OK


def _x_control(_file: Any, code: int, argument: int) -> int:
    if code != abi.CONTROL_MMAP_SIZE:
        return abi.NOTFOUND
    ctypes.c_int64.from_address(argument).value = 0  # nothing is mapped, whatever was asked for
    return abi.OK


def _x_delete(_vfs: int, path: bytes, sync: int) -> int:
    disk, name = _find(path)
    return abi.OK if disk.delete(name, sync=bool(sync)) else abi.IOERR | (23 << 8)  # …_DELETE_NOENT


def _x_access(_vfs: int, path: bytes, _flags: int, found: Any) -> int:
    disk, name = _find(path)
    found[0] = int(name in disk.names)
    return abi.OK


def _x_full_path(_vfs: int, path: bytes, _size: int, target: int) -> int:
    ctypes.memmove(target, path + b"\0", len(path) + 1)
    return abi.OK


def _x_randomness(_vfs: int, size: int, target: int) -> int:
    ctypes.memset(target, 7, size)
    return size


def _x_time(_vfs: int, days: Any) -> int:
    days[0] = 2461000.5
    return abi.OK


def _x_time_ms(_vfs: int, ms: Any) -> int:
    ms[0] = 212_630_443_200_000
    return abi.OK


@cache
def _methods() -> abi.Methods:
    return abi.Methods(
        1,
        abi.Close(_guarded(_x_close)),
        abi.Read(_guarded(_x_read)),
        abi.WriteAt(_guarded(_x_write)),
        abi.Truncate(_guarded(_x_truncate)),
        abi.Sync(_guarded(_x_sync)),
        abi.FileSize(_guarded(_x_size)),
        abi.Lock(lambda _file, _level: abi.OK),
        abi.Lock(lambda _file, _level: abi.OK),
        abi.CheckLock(_x_check_lock),
        abi.Control(_x_control),
        abi.Plain(lambda _file: 512),
        abi.Plain(lambda _file: 0),
    )


@cache
def _register() -> ctypes.CDLL:
    library = abi.library()
    vfs = abi.Vfs(
        2,
        ctypes.sizeof(abi.File),
        200,
        None,
        NAME.encode(),
        None,
        abi.Open(_guarded(_x_open)),
        abi.Delete(_guarded(_x_delete)),
        abi.Access(_guarded(_x_access)),
        abi.FullPath(_guarded(_x_full_path)),
        None,
        None,
        None,
        None,
        abi.Randomness(_x_randomness),
        abi.Sleep(lambda _vfs, _us: 0),
        abi.CurrentTime(_x_time),
        abi.LastError(lambda _vfs, _size, _text: 0),
        abi.CurrentTimeMs(_x_time_ms),
    )
    _kept.append(vfs)
    if library.sqlite3_vfs_register(ctypes.byref(vfs), 0) != abi.OK:
        raise abi.NoSharedLibraryError("SQLite did not take the file system")
    return library


class _NoDice:
    """A temporary file is never cut."""


_NO_DICE: Any = _NoDice()
