"""How every command of `kiosk` and `central` ends: one table of exit codes, and one of what the world does to them.

Pure: the numbers by which the operating system and SQLite name a fault are handed in. Docs: docs/commands.md.
"""

import errno
from collections.abc import Mapping
from typing import Final, NamedTuple

# Done, and all is as it should be.
DONE: Final = 0
# A check found something that is not as it should be, or the machine said no.
WRONG: Final = 1
# Ask otherwise: a word, a setting, or a file or folder that was named is wrong. Asked again, it ends the same.
USAGE: Final = 2
# Mend first, then ask the same again: something that the command needs is not there, not allowed, taken, or full.
MISSING: Final = 3
# Nothing differs in what was looked at, and not everything could be looked at.
UNCOUNTED: Final = 4
# A mistake of ours, which left its traceback: whatever was asked has no answer (sysexits.h: EX_SOFTWARE).
MISTAKE: Final = 70
# Ended from outside: so much and the signal's number (Ctrl-C 130, SIGTERM 143, SIGHUP 129, SIGPIPE 141).
SIGNALLED: Final = 128
# With this in the environment a fault of the world shows where it was met, too.
TRACEBACK_VARIABLE: Final = "CHANGGU_TRACEBACK"
HELP: Final = (
    "Exit codes: 0 all is as it should be; 1 a check found something that is not, or the machine said no; 2 a word, a "
    "setting, or a file that was named is wrong; 3 something that the command needs is missing, taken, full or not "
    "allowed; 4 nothing differs, but not all of it could be counted; 70 a mistake of ours, with its traceback; 128 and "
    "more, ended by that signal."
)


class Fault(NamedTuple):
    """What the world did, what to do about it, and the exit code."""

    cause: str
    mend: str
    code: int


_GONE = Fault("is not there", "name one that is", USAGE)
_NO_RIGHT = Fault("is not yours to use", "run this as its owner, or name another", MISSING)
_FULL = Fault("has no room left", "make room on its disk, then try again", MISSING)
_READ_ONLY = Fault("can only be read", "name a place that can be written", MISSING)
_TOO_MANY = Fault(
    "can't be opened, too many files are", "close something or raise the limit (ulimit -n)", MISSING
)
_BROKEN = Fault("can't be read or written", "see whether its disk is full (df) or broken (dmesg)", MISSING)
_BUSY = Fault("is in use", "end what uses it, then try again", MISSING)

FAULTS: Final[Mapping[int, Fault]] = {
    errno.ENOENT: _GONE,
    errno.ENOTDIR: Fault("lies below something that is no folder", "name another place", USAGE),
    errno.EISDIR: Fault("is a folder", "name a file", USAGE),
    errno.EEXIST: Fault("is there already", "name another place", USAGE),
    errno.ENOTEMPTY: Fault("is not empty", "name another place", USAGE),
    errno.ELOOP: Fault("is a link that leads to itself", "name another place", USAGE),
    errno.ENAMETOOLONG: Fault("is too long a name", "name a shorter one", USAGE),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: Fault("may not grow any more", "raise the limit (ulimit -f), then try again", MISSING),
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
    errno.ENOMEM: Fault("needs more memory than there is", "end something else, then try again", MISSING),
    errno.EIO: _BROKEN,
    errno.EBUSY: _BUSY,
    errno.ETXTBSY: _BUSY,
    errno.EADDRINUSE: Fault("is taken", "end who has it, or name another", MISSING),
    errno.EADDRNOTAVAIL: Fault("is no address of this computer", "name another", USAGE),
}

# SQLite's primary result codes (sqlite.org/rescode.html); what is left out is a mistake of ours.
_STORE_FAULTS: Final[Mapping[int, Fault]] = {
    3: _NO_RIGHT,  # SQLITE_PERM
    5: _BUSY,  # SQLITE_BUSY
    8: _READ_ONLY,  # SQLITE_READONLY
    10: _BROKEN,  # SQLITE_IOERR
    11: Fault("is damaged", "bring it back from a copy", MISSING),  # SQLITE_CORRUPT
    13: _FULL,  # SQLITE_FULL
    14: Fault("can't be opened", "see that it is there and yours to use", MISSING),  # SQLITE_CANTOPEN
    26: Fault("is no database of ours", "name another", USAGE),  # SQLITE_NOTADB
}


def fault_of(error: BaseException) -> Fault | None:
    """The fault of the world that this is, by its number; None for anything else, which is a mistake of ours."""
    if isinstance(error, OSError):
        return FAULTS.get(kernel_number(error))
    code = getattr(error, "sqlite_errorcode", None)
    return _STORE_FAULTS.get(code & 0xFF) if isinstance(code, int) else None


def kernel_number(error: OSError) -> int:
    """The number by which the kernel names what went wrong; 0 where there is none.

    Python raises its own types for these. A library's type may count by itself under the same attribute: 1 is EPERM to
    the kernel, SSL_ERROR_SSL to ssl.SSLError and HOST_NOT_FOUND to socket.herror.
    """
    return (error.errno or 0) if type(error).__module__ == "builtins" else 0


def sentence(fault: Fault, what: str) -> str:
    """One sentence: what is the matter with what, and what to do."""
    return f"{what} {fault.cause}; {fault.mend}"
