"""How somebody ends a command from outside: each signal goes the way of Ctrl-C, so that all clears up behind itself."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from kiosk.protocol import exits

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What Python does with them before anybody says otherwise.
_USUAL = (signal.SIG_DFL, signal.default_int_handler)
_STREAMS = (0, 1, 2)
_SAID = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "the terminal was closed"}


class Stopped(KeyboardInterrupt):
    """Somebody ended this command from outside; it goes the way of Ctrl-C, so that all clears up behind itself."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def how(self) -> str:
        """In a person's words."""
        return _SAID[signal.Signals(self.number)]

    @property
    def code(self) -> int:
        """The command's exit code."""
        return exits.SIGNALLED + self.number


@contextmanager
def undisturbed() -> Iterator[None]:
    """What clears up in here is not ended by a signal that comes only now."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def let_go(*streams: int) -> None:
    """Nobody is there to read: what is still said goes nowhere, and is no fault."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream)
    os.close(nowhere)


def stand_in() -> None:
    """Where a standard stream is closed something stands in for it: else the next file that is opened, a key or a
    database, has its number, and what anybody says goes there.
    """
    while (opened := os.open(os.devnull, os.O_RDWR)) in _STREAMS:
        os.set_inheritable(opened, True)
    os.close(opened)
    sys.stdin = sys.stdin or open(0)  # noqa: SIM115 - for as long as the process
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115


@contextmanager
def stoppable() -> Iterator[None]:
    """Each of the signals ends the block like Ctrl-C, and what comes after the first disturbs nobody who clears up.
    What was told to be deaf to them (nohup) stays so. A terminal that is gone takes no words, and that is no fault.
    """
    terminals = [stream for stream in _STREAMS if os.isatty(stream)]
    stopping = False

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if number == signal.SIGHUP:
            let_go(*terminals)
        if not stopping:
            stopping = True
            raise Stopped(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) in _USUAL:
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
