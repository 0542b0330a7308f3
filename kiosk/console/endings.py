"""How a command of `kiosk` or `central` ends when the world is against it: one sentence with cause and remedy, and the
house's exit code.

Only what protocol/exits.py names, and what a program refuses itself, is told like this. Anything else is a mistake of
ours: it leaves its traceback and has an exit code of its own.
"""

import os
import select
import signal
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from kiosk.console.named import naming
from kiosk.console.stopping import Stopped, let_go, stop_first, stoppable
from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault, RefusalError

_OUTPUTS = (1, 2)
_LONGEST_WORD, _SAID = 400, 60


@contextmanager
def endings(program: str) -> Iterator[None]:
    """What the world does wrong ends the program with one sentence (raises typer.Exit)."""
    try:
        with _unread(), stoppable(), stop_first(typer.Exit, TyperException), _handed_over():
            yield
    except KeyboardInterrupt as error:
        stopped = error if isinstance(error, Stopped) else Stopped(signal.SIGINT)
        _end(program, f"stopped ({stopped.how})", stopped.code)
    except TyperException as error:
        said = error.format_message().strip()
        if not said or "\n" in said:  # a page of help, which typer shows
            raise
        _end(program, _wrong_words(error), exits.USAGE)
    except RefusalError as error:
        met = error.__cause__
        fault = exits.fault_of(met) if isinstance(met, OSError) else None
        if met is not None and fault is not None and error.exit_code < fault.code:
            # "Cannot be read; make it first" is no help to somebody who has no right to what is there.
            _end(program, exits.sentence(fault, _what(met)), fault.code)
        _end(program, str(error), error.exit_code)
    except EnvironmentFault as error:
        _end(program, f"{error.code}: {error}" if error.code else str(error), error.exit_code)
    except _worlds_doing() as error:
        met = getattr(error, "orig", error)  # SQLAlchemy's stands before SQLite's own
        fault = exits.fault_of(met)
        if fault is None:
            raise
        _end(program, exits.sentence(fault, _what(met)), fault.code)


@contextmanager
def mistakes() -> Iterator[None]:
    """A mistake of ours leaves its traceback and ends the program with MISTAKE (raises SystemExit), on whichever thread
    it was made: what went on without that thread has found nothing that one could rely on.
    """
    made: list[BaseException | None] = []
    usual = threading.excepthook

    def on_thread(met: threading.ExceptHookArgs) -> None:
        usual(met)
        if not issubclass(met.exc_type, SystemExit):
            made.append(met.exc_value)

    threading.excepthook = on_thread
    try:
        yield
    except SystemExit:
        if not made:
            raise
    except Exception as error:  # whatever no border has named, of any kind
        _tell_mistake(error)
        made.append(error)
    finally:
        threading.excepthook = usual
    if made:
        raise SystemExit(exits.MISTAKE)


@contextmanager
def _unread() -> Iterator[None]:
    """Nobody reads the output any more: no fault, no answer and no word."""
    try:
        yield
    except BrokenPipeError as error:
        if not _nobody_reads():  # typer takes any other broken pipe for this one, and says nothing
            _tell_mistake(error)
            raise typer.Exit(exits.MISTAKE) from error
        _end_unread(error)
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # rich ends a program that nobody reads, with 1
            _end_unread(error)
        raise
    except Stopped as error:
        if error.number == signal.SIGPIPE:
            _end_unread(error)
        raise


@contextmanager
def _handed_over() -> Iterator[None]:
    """A result that nobody got is not done: what was printed goes out before an exit code says that all is well."""
    try:
        yield
    except (typer.Exit, SystemExit):
        _hand_over()
        raise
    _hand_over()


def _hand_over() -> None:
    if sys.stdout is not None:
        with naming(Path("the output")):
            sys.stdout.flush()


def _worlds_doing() -> tuple[type[BaseException], ...]:
    """Asked for only when something went wrong; what never loaded SQLAlchemy can't have failed in it."""
    alchemy = sys.modules.get("sqlalchemy.exc")
    return (OSError, sqlite3.Error, *((alchemy.DBAPIError,) if alchemy is not None else ()))


def _what(error: BaseException) -> str:
    if isinstance(error, OSError):
        named = error.filename2 or error.filename
        return str(named or ("the output" if _met_in_echo(error) else "what this writes to"))
    return f"the database ({error})"


def _met_in_echo(error: BaseException) -> bool:
    """Whether it was printing that met it: that, too, knows only a descriptor."""
    return any(frame.f_code is typer.echo.__code__ for frame, _ in traceback.walk_tb(error.__traceback__))


def _wrong_words(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    asked = f"; `{context.command_path} --help` says what there is" if context is not None else ""
    return f"{error.format_message().rstrip('.')}{asked}"


def _end(program: str, sentence: str, code: int) -> NoReturn:
    way = traceback.format_exc() if os.environ.get(exits.TRACEBACK_VARIABLE) else ""
    _say(f"{way}{program}: {' '.join(map(_short, sentence.split()))}\n")
    raise typer.Exit(code)


def _short(word: str) -> str:
    """What somebody typed is said again so far that they know it; no path that there is comes near this length."""
    return word if len(word) <= _LONGEST_WORD else f"{word[:_SAID]}…{word[-_SAID:]}"


def _end_unread(error: BaseException) -> NoReturn:
    let_go(*_OUTPUTS)
    raise typer.Exit(exits.SIGNALLED + signal.SIGPIPE) from error


def _tell_mistake(error: BaseException) -> None:
    _say("".join(traceback.format_exception(error)))


def _say(text: str) -> None:
    """The last words. Where they can't be written either, the exit code has to do, and Python's own end keeps it."""
    for stream, last in ((sys.stderr, text), (sys.stdout, "")):
        if stream is None:
            continue
        try:
            stream.write(last)
            stream.flush()
        except OSError:
            let_go(stream.fileno())


def _nobody_reads() -> bool:
    """Whether it is our own output whose reader went away (poll(2) tells so unasked): a broken pipe names no file."""
    look = select.poll()
    for stream in _OUTPUTS:
        look.register(stream, 0)
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in look.poll(0))
