"""How a command reaches the machine that runs here, and what it says when there is none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk import cli
from kiosk.apps.care import SOCKET
from kiosk.apps.json_lines import JsonLineError, ask

if TYPE_CHECKING:
    from kiosk.settings import Settings

_ANSWER_S = 10.0
RunOption = Annotated[
    Path | None,
    typer.Option("--run", help="the machine's run directory; else the one that runs on this desk"),
]


def ask_machine(run: Path, what: str, **more: object) -> dict[str, Any]:
    """Core's answer. Leaves the program when no machine answers."""
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what, **more)
    except JsonLineError as error:
        cli.leave(cli.EXIT_MISSING, f"{run}: no machine answers here ({error}).")


def machine_at(run: Path | None) -> Path:
    """The run directory that was named, or the one of the machine that runs here."""
    from kiosk.apps.catalogue_commands import running_machine

    return run or running_machine()


def settings_of(run: Path) -> "Settings":
    """The machine's settings. Leaves the program when they are missing or wrong."""
    from kiosk.settings import SettingsError, load

    try:
        return load(run / "kiosk.toml")
    except SettingsError as error:
        cli.leave(cli.EXIT_USAGE, str(error))
