"""The last words of a program or command: on standard error, and the exit code whether or not they could be written."""

import contextlib
import os
import sys
from typing import NoReturn

from kiosk.faults import where_met


def leave(code: int, sentence: str) -> NoReturn:
    """Say what is wrong and what to do, then end with `code`."""
    tell(f"{where_met(sys.exc_info()[1])}kiosk: {sentence}")
    let_go_of_stderr()
    raise SystemExit(code)


def tell(what: str) -> None:
    """To the journal, if that can be written."""
    if sys.stderr is not None:  # print() would take standard output for it
        with contextlib.suppress(OSError, ValueError):
            print(what, file=sys.stderr, flush=True)


def have_stderr() -> None:
    """Who was started without one would find a socket or the ledger under its number."""
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def let_go_of_stderr() -> None:
    """What could not be written there is not tried again at the interpreter's end, which would change the exit code."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stderr.fileno())
            os.close(nowhere)
