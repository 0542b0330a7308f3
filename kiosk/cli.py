"""The `kiosk` command. The machine's own programs start without the command line's libraries: their memory counts."""

# Signals are noted before anything else is imported.
if __name__ == "__main__":
    from kiosk.console import heed

    heed.begin()

import logging
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from kiosk.console import heed
from kiosk.faults import where_met
from kiosk.programs import running
from kiosk.protocol.exits import MISSING as EXIT_MISSING
from kiosk.protocol.exits import SIGNALLED
from kiosk.protocol.exits import UNCOUNTED as EXIT_UNCOUNTED
from kiosk.protocol.exits import USAGE as EXIT_USAGE
from kiosk.protocol.exits import WRONG as EXIT_WRONG
from kiosk.settings import RUN_VARIABLE, Settings, SettingsError, load

__all__ = ["EXIT_MISSING", "EXIT_UNCOUNTED", "EXIT_USAGE", "EXIT_WRONG", "RUN_VARIABLE"]

PROGRAMS = ("ui", "core", "devices", "courier", "worker")
BUSES = ("cash", "printer", "receipt", "card", "terminal", "ups")
DEFAULT_RUN = "/var/lib/changgu"


def app() -> None:
    """The command line: a plain `kiosk PROGRAM [BUS] [--run DIR]` goes straight to the program, all else to typer."""
    plain = plain_command(sys.argv[1:])
    if plain is not None:
        program, bus, run = plain
        if number := heed.give_back():
            from kiosk.console.stopping import Stopped

            leave(SIGNALLED + number, f"stopped ({Stopped(number).how})")
        start(program, bus, run)
    else:
        from kiosk.commands.commands import commands

        commands()


def start(program: str, bus: str, run: Path) -> NoReturn:
    """Run one of the machine's programs until it is killed. Leaves with a sentence when it can't even begin."""
    settings = _begin(run)
    try:
        code = running.run(program, lambda: _run(program, bus, settings))
    except KeyboardInterrupt:
        leave(SIGNALLED + signal.SIGINT, "stopped (Ctrl-C)")
    raise SystemExit(code)


def start_ui(run: Path, *, window: bool, panel: str, robot: str) -> NoReturn:
    """Run the ui with what only a desk wants of it."""
    from kiosk.programs import ui

    settings = _begin(run)
    _need_display()
    raise SystemExit(running.run("ui", lambda: ui.run(settings, window=window, panel=panel, robot=robot)))


def _begin(run: Path) -> Settings:
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # A terminal that closes ends a program in its own way, as SIGTERM does.
        signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("urllib3", "tuf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return load(run / "kiosk.toml")
    except SettingsError as error:
        leave(error.exit_code, str(error))


def _need_display() -> None:
    """Qt ends a program that finds no display by a signal, in words of its own; we look before it does."""
    from kiosk.console.display import display_trouble

    if trouble := display_trouble(os.environ):
        leave(EXIT_MISSING, trouble)


def leave(code: int, sentence: str) -> NoReturn:
    """Say what is wrong and what to do, then end with `code`."""
    running.leave(f"{where_met(sys.exc_info()[1])}kiosk: {sentence}", code)


def default_run() -> Path:
    """The run directory when nobody names one."""
    return Path(os.environ.get(RUN_VARIABLE, DEFAULT_RUN))


def _run(program: str, bus: str, settings: Settings) -> int:
    """A program runs until it is told to stop; how it ended, as an exit code. Raises EnvironmentFault."""
    match program:
        case "ui":
            from kiosk.programs import ui

            _need_display()
            return ui.run(settings)
        case "core":
            from kiosk.programs import core

            return core.run(settings)
        case "devices":
            from kiosk.programs import devices

            return devices.run(bus, settings)
        case "courier":
            from kiosk.programs import courier

            return courier.run(settings)
        case "worker":
            from kiosk.programs import worker

            return worker.run(settings)
        case _:
            raise ValueError(program)


def plain_command(arguments: list[str]) -> tuple[str, str, Path] | None:
    """Program, bus and run directory, or None when anything else was typed."""
    rest = list(arguments)
    if "" in rest:
        return None  # told apart from "here" by whoever says what is wrong
    run = default_run()
    if "--run" in rest[:-1]:
        at = rest.index("--run")
        run = Path(rest[at + 1])
        del rest[at : at + 2]
    match rest:
        case ["devices", bus] if bus in BUSES:
            return "devices", bus, run
        case [program] if program in PROGRAMS and program != "devices":
            return program, "", run
        case _:
            return None


if __name__ == "__main__":
    app()
