"""Giving up rights: what the worker and its typesetting child cannot do any more, however they are attacked."""

import contextlib
import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_MEMORY_BYTES = 1 << 30
_CPU_S = 60  # of a whole visit; one document takes less than 0.1

_libc = ctypes.CDLL(None, use_errno=True)


def harden() -> None:
    """No core dump, no reading of our memory by others of our user, no new rights through a set-uid program."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def confine(parent: int, cpu_s: int = _CPU_S) -> bool:
    """For the child: `harden`, die with `parent`, write no file, bounded memory and time; no network where the machine
    lets us leave it (in production the unit's PrivateNetwork does in any case). Returns whether the network is gone.
    """
    harden()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        _unshare(_CLONE_NEWNET)
        return True
    with contextlib.suppress(OSError):
        _unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        return True
    return False


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _unshare(flags: int) -> None:
    if _libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
