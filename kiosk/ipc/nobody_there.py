"""Why nobody can be reached at a socket of this machine: a code for logs, and words with what to do."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MISSING: Final = "missing"
NO_RIGHT: Final = "no-right"
REFUSED: Final = "refused"
SILENT: Final = "silent"
OTHER: Final = "other"

_CODES: Final[Mapping[int, str]] = {
    errno.ENOENT: MISSING,
    errno.ENOTDIR: MISSING,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.ECONNREFUSED: REFUSED,
    errno.EAGAIN: SILENT,
}
_WORDS: Final[Mapping[str, str]] = {
    MISSING: "there is no such socket: the program was not started yet",
    NO_RIGHT: "this user may not use the socket: run this as the machine's own user",
    REFUSED: "nobody listens there any more: the program has ended",
    SILENT: "whoever listens there does not answer in time: the program hangs or is very busy",
}

_PLAINLY: Final[Mapping[str, str]] = {
    MISSING: "it was not started, or it is another folder's; name a machine that runs with --run, as --run demo-output",
    NO_RIGHT: _WORDS[NO_RIGHT],
    REFUSED: "it has ended; start it again, or name one that runs with --run, as --run demo-output",
    SILENT: "it does not answer in time; try again in a moment, and look at its log when it stays so",
}


def code_of(error: OSError) -> str:
    """One of the codes above."""
    return SILENT if isinstance(error, TimeoutError) else _CODES.get(error.errno or 0, OTHER)


def words_of(error: OSError) -> str:
    """What is the matter, with the operating system's own name for it."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{_WORDS.get(code_of(error), os.strerror(error.errno) if error.errno else str(error))} ({name})"


def plainly(code: str) -> str:
    """For who typed a command: what is the matter with the machine, and what to do."""
    return _PLAINLY.get(code, "it can't be reached; look at its log")


def may_reach(path: Path) -> bool:
    """Whether there is a socket. Raises PermissionError when nobody of this user can tell (Path.exists says no)."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
