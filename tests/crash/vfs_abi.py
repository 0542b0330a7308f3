"""SQLite's C interface to a file system, as ctypes sees it. Source: sqlite3.h, sqlite3_vfs and sqlite3_io_methods."""

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int, c_int64, c_void_p

OK, IOERR, CANTOPEN, NOTFOUND = 0, 10, 14, 12
IOERR_SHORT_READ = IOERR | (2 << 8)
OPEN_READONLY, OPEN_CREATE, OPEN_DELETEONCLOSE = 0x1, 0x4, 0x8
TESTCTRL_PRNG_SEED = 28
CONTROL_MMAP_SIZE = 18


class File(Structure):
    """What SQLite allocates for an open file: its methods first, then our own number for it."""

    _fields_ = [("methods", c_void_p), ("handle", c_int64)]


Close = CFUNCTYPE(c_int, POINTER(File))
Read = CFUNCTYPE(c_int, POINTER(File), c_void_p, c_int, c_int64)
WriteAt = CFUNCTYPE(c_int, POINTER(File), c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, POINTER(File), c_int64)
Sync = CFUNCTYPE(c_int, POINTER(File), c_int)
FileSize = CFUNCTYPE(c_int, POINTER(File), POINTER(c_int64))
Lock = CFUNCTYPE(c_int, POINTER(File), c_int)
CheckLock = CFUNCTYPE(c_int, POINTER(File), POINTER(c_int))
Control = CFUNCTYPE(c_int, POINTER(File), c_int, c_void_p)
Plain = CFUNCTYPE(c_int, POINTER(File))


class Methods(Structure):
    """sqlite3_io_methods, version 1: the ledger's exclusive lock does without shared memory."""

    _fields_ = [
        ("version", c_int),
        ("close", Close),
        ("read", Read),
        ("write", WriteAt),
        ("truncate", Truncate),
        ("sync", Sync),
        ("size", FileSize),
        ("lock", Lock),
        ("unlock", Lock),
        ("check_lock", CheckLock),
        ("control", Control),
        ("sector_size", Plain),
        ("characteristics", Plain),
    ]


Open = CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(File), c_int, POINTER(c_int))
Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
Access = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, POINTER(c_int))
FullPath = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, c_void_p)
Randomness = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)
Sleep = CFUNCTYPE(c_int, c_void_p, c_int)
CurrentTime = CFUNCTYPE(c_int, c_void_p, POINTER(c_double))
LastError = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)
CurrentTimeMs = CFUNCTYPE(c_int, c_void_p, POINTER(c_int64))


class Vfs(Structure):
    """sqlite3_vfs, version 2. It loads no extensions."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", Open),
        ("delete", Delete),
        ("access", Access),
        ("full_path", FullPath),
        ("dl_open", c_void_p),
        ("dl_error", c_void_p),
        ("dl_symbol", c_void_p),
        ("dl_close", c_void_p),
        ("randomness", Randomness),
        ("sleep", Sleep),
        ("current_time", CurrentTime),
        ("last_error", LastError),
        ("current_time_ms", CurrentTimeMs),
    ]


class NoSharedLibraryError(Exception):
    """This Python's sqlite3 is not linked to a shared libsqlite3, so nothing can be registered in it."""


def library() -> ctypes.CDLL:
    """The very library that the standard module `sqlite3` uses. Raises NoSharedLibraryError."""
    import _sqlite3

    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "libsqlite3" in line}
    if len(paths) != 1:
        raise NoSharedLibraryError(f"{getattr(_sqlite3, '__file__', 'built in')} has {sorted(paths)} loaded")
    return ctypes.CDLL(paths.pop())
