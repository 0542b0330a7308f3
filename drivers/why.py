"""Why a wire can't be had: what the operating system says of it, as a reason and in words for a technician."""

import errno
import os
from collections.abc import Mapping

from drivers.contract import ReasonCode

_DENIED = (ReasonCode.PORT_DENIED, "this program may not use it; see its group and mode")
_BUSY = (ReasonCode.PORT_BUSY, "another program has it")
_MISSING = (ReasonCode.UNPLUGGED, "it is not there")
_KNOWN: Mapping[int, tuple[ReasonCode, str]] = {
    errno.ENOENT: _MISSING,
    errno.ENODEV: _MISSING,
    errno.ENXIO: _MISSING,
    errno.ENOTDIR: _MISSING,
    errno.EIO: (ReasonCode.UNPLUGGED, "it was pulled"),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EBUSY: _BUSY,
    errno.EAGAIN: _BUSY,  # pyserial's lock (flock) is somebody else's
    errno.ECONNREFUSED: (ReasonCode.UNPLUGGED, "nobody listens there"),
    errno.EHOSTUNREACH: (ReasonCode.UNPLUGGED, "there is no way to it"),
    errno.ENETUNREACH: (ReasonCode.UNPLUGGED, "there is no way to it"),
    errno.ENOTTY: (ReasonCode.UNPLUGGED, "it is no serial port"),
}


def why(error: Exception) -> tuple[ReasonCode, str]:
    """The reason, and the words with the operating system's own name for it. Whatever is not known is UNPLUGGED."""
    number = _number(error)
    code, words = _KNOWN.get(number, (ReasonCode.UNPLUGGED, ""))
    name = errno.errorcode.get(number, type(error).__name__)
    said = words or (os.strerror(number) if number else "it failed")
    return code, f"{said} ({name})"


def _number(error: Exception) -> int:
    """errno, wherever the three families keep it: pyserial's own may have none, termios' is its first argument."""
    number = getattr(error, "errno", None)
    if not isinstance(number, int) and error.args and isinstance(error.args[0], int):
        number = error.args[0]
    if not isinstance(number, int):
        inner = error.__cause__ or error.__context__
        return _number(inner) if isinstance(inner, Exception) else 0
    return number
