"""How the machine's own programs run and end: told to, by a fault of the world, or by a mistake of ours.

A fault of the world is one sentence. A mistake ends the whole program, on whichever thread it was made: its supervisor
starts a new one, and one that goes on with a thread missing would be taken for well. Both are told on standard error,
which is the journal in service, and never on the screen. Exit codes: protocol/exits.py.
"""

import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn

from kiosk.faults import trail, where_met
from kiosk.protocol.exits import MISTAKE
from kiosk.protocol.fault import EnvironmentFault


def run(name: str, program: Callable[[], int]) -> int:
    """Run `program` to its end; its exit code."""
    end_on_any_mistake(name)
    try:
        return program()
    except EnvironmentFault as fault:
        tell_fault(name, fault)
        return fault.exit_code
    except Exception as error:  # whatever no border has named is a mistake of ours, of any kind
        tell_mistake(name, error)
        return MISTAKE


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


def tell(what: str) -> None:
    """To the journal."""
    print(what, file=sys.stderr, flush=True)


def _end(name: str, error: BaseException) -> NoReturn:
    """At once: the other threads would go on as if nothing had been."""
    if isinstance(error, EnvironmentFault):
        tell_fault(name, error)
        os._exit(error.exit_code)
    if isinstance(error, KeyboardInterrupt):
        os._exit(130)
    tell_mistake(name, error)
    os._exit(MISTAKE)
