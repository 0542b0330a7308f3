"""However a person or the system ends a command, it is one exception; what clears up after it is not disturbed.

Ctrl-C is SIGINT, a closed terminal is SIGHUP, SIGTERM is what `kill`, a time limit or a shutdown sends.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STREAMS = (0, 1, 2)


class Ended(BaseException):
    """Somebody ended the command; like KeyboardInterrupt no fault, and caught by nobody who handles faults."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(self.signal.name)

    @property
    def code(self) -> int:
        """The exit code that a shell gives to a program that a signal has ended."""
        return 128 + self.signal


@contextmanager
def endings() -> Iterator[None]:
    """In here the first of the signals raises Ended in the main thread; those after it change nothing.

    Who was started to ignore one of them (nohup) goes on ignoring it.
    """
    terminals = [stream for stream in _STREAMS if os.isatty(stream)]
    heard = False

    def hear(number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        if number == signal.SIGHUP:
            let_go(terminals)
        if not heard:
            heard = True
            raise Ended(number)

    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def let_go(streams: list[int]) -> None:
    """Nobody is there to read: what is still said goes nowhere, and is no fault."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream)
    os.close(nowhere)


def reader_gone() -> None:
    """Who read our words through a pipe has left (`kiosk demo | head`)."""
    let_go([sys.stdout.fileno()])
