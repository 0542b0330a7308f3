"""Tells a fault of the world (a full disk, a missing right) from a mistake of ours.

A fault of the world is raised on purpose, at the border that knows it: a full disk, a missing right, a damaged ledger.
It is told in one sentence. Everything else is a mistake of ours: where it was made is told, and what led there.
Who catches which: programs/running.py.
"""

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault


@contextmanager
def border(what: str) -> Iterator[None]:
    """What the world does wrong in here (protocol/exits.py) is an EnvironmentFault of `what`; others stay."""
    try:
        yield
    except Exception as error:  # protocol/exits.py knows which of them are the world's; the others go on
        fault = exits.fault_of(error)
        if fault is None:
            raise
        told = EnvironmentFault(f"{exits.sentence(fault, what)} ({own_words(error)})")
        told.exit_code = fault.code
        raise told from error


def own_words(error: BaseException) -> str:
    """The name by which the operating system or SQLite knows an error (EACCES, SQLITE_FULL); "" for all others."""
    if isinstance(error, OSError) and (number := exits.kernel_number(error)):
        return errno.errorcode.get(number, str(number))
    return str(getattr(error, "sqlite_errorname", ""))


def trail(error: BaseException) -> str:
    """Where a mistake was made and what led there, as Python shows it, but for what the errors say.

    An error's message may hold what it was raised about: a name, an answer of central. It is left out; of the operating
    system's and SQLite's errors their own word for it stays. Lines of source and names of functions are ours.
    """
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None:
        way = "".join(traceback.format_tb(link.__traceback__))
        parts.insert(0, f"Traceback (most recent call last):\n{way}{_named(link)}\n")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nand then:\n\n".join(parts)


def where_met(error: BaseException | None) -> str:
    """The trail of a fault of the world, for who asked to see it (CHANGGU_TRACEBACK); else ""."""
    asked = os.environ.get(exits.TRACEBACK_VARIABLE)
    return f"{trail(error)}\n" if asked and error is not None else ""


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    words = own_words(error)
    return f"{name}: {words}" if words else name
