"""The `kiosk` command. The machine's own programs start without the command line's libraries: their memory counts."""

# Signals are noted before anything else is imported.
if __name__ == "__main__":
    from kiosk.console import heed

    heed.begin()

import sys
from pathlib import Path

from kiosk.console import heed
from kiosk.console.leaving import leave
from kiosk.programs.names import BUSES, PROGRAMS
from kiosk.programs.start import start
from kiosk.protocol.exits import SIGNALLED
from kiosk.settings import default_run


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
