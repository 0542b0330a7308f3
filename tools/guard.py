"""Runs a command as if it had been called by itself, and sees to it that it ends when the process that called ends.

Between caller and command stands a guard. If the caller is killed, with kill -9 too, the kernel tells the guard, which
ends the command and all that the command started. If the guard is killed, the kernel ends the command.

All are in one process group: Ctrl-C and Ctrl-Z of the terminal reach the command by themselves, and it alone decides
what they mean. A signal that somebody sent to the caller only is passed on.
"""

import ctypes
import errno
import os
import signal
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from kiosk.protocol.exits import MISTAKE, SIGNALLED, fault_of
from tools.machine_lock import parents

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_PR_SET_CHILD_SUBREAPER: Final = 36
_SI_KERNEL: Final = 0x80  # asm-generic/siginfo.h: from the terminal, so the whole group has it already
_CALLER_DIED: Final = signal.SIGUSR1
_PASSED_ON: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
_NOT_FOUND, _NOT_STARTED = 127, 126  # as a shell says it
_LOST = SIGNALLED + signal.SIGKILL  # nobody reads it
# From asking everything to end to ending it: `make test-bare` removes its root in this time.
GRACE_S: Final = 5.0
_LOOK_AGAIN_S: Final = 0.05
Mask = set[int | signal.Signals]


class _CallerDied(Exception):
    pass


def run(argv: Sequence[str], environment: Mapping[str, str], grace_s: float = GRACE_S) -> int:
    """Its exit code; 128 and the number if a signal ended it. Files that are open here stay open in the guard.

    The last thing that a process does: it hears no signals afterwards.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever ignores it is never told how a child ended
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_PASSED_ON, _CALLER_DIED, signal.SIGCHLD})
    caller = os.getpid()
    guard = os.fork()
    if guard == 0:
        code = MISTAKE
        try:
            code = _guard(caller, argv, environment, before, grace_s)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return _until_it_ends(guard, {*_PASSED_ON, signal.SIGCHLD})


def _guard(
    caller: int, argv: Sequence[str], environment: Mapping[str, str], mask: Mask, grace_s: float
) -> int:
    # What loses its parent below becomes our child, so nothing gets out of sight.
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _prctl(_PR_SET_PDEATHSIG, _CALLER_DIED)
    guard = os.getpid()
    if os.getppid() != caller:  # it died before we asked to be told
        return _LOST
    command = os.fork()
    if command == 0:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(_LOST)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os._exit(become(argv, environment))
    try:
        return _until_it_ends(command, {*_PASSED_ON, _CALLER_DIED, signal.SIGCHLD}, caller)
    except _CallerDied:
        _end_all_below(grace_s)
        return _LOST


def become(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command in this process's place; returns, with a shell's code, only if it can't be started."""
    # Python ignores these for itself, and a program inherits what is ignored.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execvpe(argv[0], list(argv), dict(environment))
    except OSError as error:
        fault = fault_of(error)
        os.write(2, f"{argv[0]} {fault.cause if fault else error.strerror}\n".encode(errors="replace"))
        return _NOT_FOUND if error.errno == errno.ENOENT else _NOT_STARTED


def _until_it_ends(child: int, heard: set[signal.Signals], caller: int | None = None) -> int:
    """How the child ended. Reaps what became our child on the way. Raises _CallerDied."""
    while True:
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            if ended[0] == child:
                code = os.waitstatus_to_exitcode(ended[1])
                return code if code >= 0 else SIGNALLED - code
        told = signal.sigwaitinfo(heard)
        if told.si_signo == _CALLER_DIED:
            if os.getppid() != caller:
                raise _CallerDied
        elif told.si_signo != signal.SIGCHLD and told.si_code != _SI_KERNEL:
            with suppress(PermissionError):  # somebody else by now (sudo)
                os.kill(child, told.si_signo)


def _end_all_below(grace_s: float) -> None:
    """Ask everything below this process to end, end what has not, and return when nothing is left."""
    _send_below(signal.SIGTERM)
    end_at = time.monotonic() + grace_s
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        if time.monotonic() > end_at:
            _send_below(signal.SIGKILL)
        signal.sigtimedwait({signal.SIGCHLD}, _LOOK_AGAIN_S)


def _send_below(number: signal.Signals) -> None:
    parent = parents()
    for process in parent:
        above = process
        while above > 1 and above != os.getpid():
            above = parent.get(above, 0)
        if above == os.getpid() and process != above:
            with suppress(ProcessLookupError, PermissionError):  # gone meanwhile, or somebody else by now
                os.kill(process, number)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
