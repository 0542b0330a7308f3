"""How the machine's own programs run and end: told to, by a fault of the world, or by a mistake of ours.

A fault of the world is one sentence. A mistake ends the whole program, on whichever thread it was made: its supervisor
starts a new one, and one that goes on with a thread missing would be taken for well. Both are told on standard error,
which is the journal in service, and never on the screen. Where that can't be written (a full disk, nobody who reads
it) the program ends all the same, with the same exit code: that of protocol/exits.py.
"""

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn

from kiosk.console.leaving import have_stderr, let_go_of_stderr, tell
from kiosk.faults import trail, where_met
from kiosk.protocol import exits
from kiosk.protocol.exits import MISTAKE
from kiosk.protocol.fault import EnvironmentFault


def run(name: str, program: Callable[[], int]) -> int:
    """Run `program` to its end; its exit code."""
    have_stderr()
    end_on_any_mistake(name)
    try:
        return program()
    except EnvironmentFault as fault:
        tell_fault(name, fault)
        return fault.exit_code
    except Exception as error:  # whatever no border has named is a mistake of ours, of any kind
        tell_mistake(name, error)
        return MISTAKE
    finally:
        let_go_of_stderr()


def end_on_any_mistake(name: str) -> None:
    """From now on a mistake on any thread, or in what a library calls back, ends the program."""

    def on_thread(met: threading.ExceptHookArgs) -> None:
        if met.exc_value is not None and not isinstance(met.exc_value, SystemExit):
            _end(name, met.exc_value)

    def elsewhere(_kind: type[BaseException], error: BaseException, _way: TracebackType | None) -> None:
        _end(name, error)

    def past_raising(met: "sys.UnraisableHookArgs") -> None:
        if met.exc_value is not None:  # in a destructor, say: nothing depends on it
            tell_mistake(name, met.exc_value)

    threading.excepthook = on_thread
    sys.excepthook = elsewhere
    sys.unraisablehook = past_raising
    faulthandler.enable()


def tell_fault(name: str, fault: EnvironmentFault) -> None:
    """What the world did, in one sentence."""
    tell(f"{where_met(fault)}kiosk {name}: {f'{fault.code}: ' if fault.code else ''}{fault}")


def tell_mistake(name: str, error: BaseException) -> None:
    """Where a mistake was made, for whoever can mend it."""
    tell(f"kiosk {name}: a mistake of ours ({type(error).__name__})\n{trail(error)}")


def _end(name: str, error: BaseException) -> NoReturn:
    """At once: the other threads would go on as if nothing had been."""
    code = MISTAKE
    try:
        if isinstance(error, EnvironmentFault):
            code = error.exit_code
            tell_fault(name, error)
        elif isinstance(error, KeyboardInterrupt):
            code = exits.SIGNALLED + signal.SIGINT
        else:
            tell_mistake(name, error)
    finally:  # whatever goes wrong with the telling
        os._exit(code)
