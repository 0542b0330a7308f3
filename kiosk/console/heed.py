"""Where `kiosk` and `central` begin: signals that end a command are noted, and its three streams are there.

It comes before all else and imports next to nothing. An exception out of a signal's handler does harm while libraries
are imported: it is lost, or a library in C++ ends the process. What was noted is told by who goes on (stopping.py).
"""

import atexit
import os
import signal
import sys
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What Python does with them before anybody says otherwise.
USUAL = (signal.SIG_DFL, signal.default_int_handler)
_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_noted: list[int] = []


def begin() -> None:
    """From now on; what was told to be deaf (nohup) stays so. A result that is whole stays so: the last of all that
    Python does at its end is done undisturbed.
    """
    for number in ENDING:
        if signal.getsignal(number) in USUAL:
            signal.signal(number, note)
    atexit.register(_deafen)
    _have_streams()


def note(number: int, _frame: FrameType | None) -> None:
    """The handler: nothing but a note, the first time."""
    if _noted:  # somebody is in a hurry, or this hangs
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    _noted.append(number)


def noted() -> int:
    """The signal that came since the start, 0 for none."""
    return _noted[0] if _noted else 0


def give_back() -> int:
    """To a program that has its own way with signals: they are as Python has them. The signal that came until now."""
    for number in ENDING:
        if signal.getsignal(number) is note:
            signal.signal(number, USUAL[number == signal.SIGINT])
    return noted()


def _deafen() -> None:
    for number in ENDING:
        if signal.getsignal(number) is note:
            signal.signal(number, signal.SIG_IGN)


def _have_streams() -> None:
    """A stream that was closed leads nowhere: else the next file that is opened takes its place, and is written to."""
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this
            os.set_inheritable(nowhere, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  as long as we live
