"""The `kiosk` command. The machine's own programs start without the command line's libraries: their memory counts."""

import logging
import os
import sys
from pathlib import Path
from typing import NoReturn

from kiosk.settings import Settings, SettingsError, load

PROGRAMS = ("ui", "core", "devices", "courier", "worker")
BUSES = ("cash", "printer", "receipt", "card", "terminal", "ups")
RUN_VARIABLE = "CHANGGU_RUN"
DEFAULT_RUN = "/var/lib/changgu"
# Exit codes of every command: 0 done and as it should be; 1 a check found something that is not as it should be;
# 2 the command or the settings are wrong; 3 something that the command needs is not there; 4 nothing differs in what
# was looked at, and not everything could be looked at.
EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_MISSING = 3
EXIT_UNCOUNTED = 4


def app() -> None:
    """The entry point: a plain `kiosk PROGRAM [BUS] [--run DIR]` goes straight to the program, all else to typer."""
    plain = plain_command(sys.argv[1:])
    if plain is not None:
        program, bus, run = plain
        start(program, bus, run)
    else:
        from kiosk.apps.commands import commands

        commands()


def start(program: str, bus: str, run: Path) -> NoReturn:
    """Run one of the machine's programs until it is killed. Leaves with a sentence when it can't even begin."""
    settings = _begin(run)
    try:
        code = _run(program, bus, settings)
    except SettingsError as error:
        leave(EXIT_USAGE, str(error))
    raise SystemExit(code)


def start_ui(run: Path, *, window: bool, panel: str, robot: str) -> NoReturn:
    """Run the ui with what only a desk wants of it."""
    from kiosk.apps import ui

    raise SystemExit(ui.run(_begin(run), window=window, panel=panel, robot=robot))


def _begin(run: Path) -> Settings:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("urllib3", "tuf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return load(run / "kiosk.toml")
    except SettingsError as error:
        leave(EXIT_USAGE, f"{error}. Name the run directory with --run or {RUN_VARIABLE}.")


def leave(code: int, sentence: str) -> NoReturn:
    """Say what is wrong and what to do, then end with `code`."""
    print(f"kiosk: {sentence}", file=sys.stderr)
    raise SystemExit(code)


def default_run() -> Path:
    """The run directory when nobody names one."""
    return Path(os.environ.get(RUN_VARIABLE, DEFAULT_RUN))


def _run(program: str, bus: str, settings: Settings) -> int:
    """A program runs until it is told to stop; how it ended, as an exit code. Raises SettingsError."""
    match program:
        case "ui":
            from kiosk.apps import ui

            return ui.run(settings)
        case "core":
            from kiosk.apps import core

            return core.run(settings)
        case "devices":
            from kiosk.apps import devices

            try:
                devices.run(bus, settings)
            except devices.DevicesError as error:
                leave(EXIT_USAGE, f"{error}.")
            return 0
        case "courier":
            from kiosk.apps import courier

            courier.run(settings)
            return 0
        case "worker":
            from kiosk.apps import worker

            return worker.run(settings)
        case _:
            raise ValueError(program)


def plain_command(arguments: list[str]) -> tuple[str, str, Path] | None:
    """Program, bus and run directory, or None when anything else was typed."""
    rest = list(arguments)
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
