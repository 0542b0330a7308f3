"""How a command reaches the machine that runs here, and what it says when there is none."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk import cli
from kiosk.apps.care import SOCKET
from kiosk.apps.care_call import no_machine
from kiosk.apps.json_lines import JsonLineError, ask

if TYPE_CHECKING:
    from kiosk.settings import Settings

_ANSWER_S = 10.0
_LOOK_S = 0.1
RunOption = Annotated[
    Path | None,
    typer.Option("--run", help="the machine's run directory; else the one that runs on this desk"),
]


def ask_machine(run: Path, what: str, **more: object) -> dict[str, Any]:
    """Core's answer. Raises CareError when no machine answers, OSError where the way to it is closed."""
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what, **more)
    except JsonLineError as error:
        raise no_machine(run, error) from None


def wait_until(
    run: Path, what: str, over: Callable[[dict[str, Any]], bool], within_s: float
) -> dict[str, Any]:
    """Core's answer once it is `over`. Leaves the program when it is not in `within_s` seconds."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = ask_machine(run, what)
        if over(found):
            return found
        time.sleep(_LOOK_S)  # care.sock answers what it is asked and tells nothing by itself
    return cli.leave(cli.EXIT_WRONG, f"no end of it in {within_s:.0f} s; ask `kiosk {what} state` later.")


def machine_at(run: Path | None) -> Path:
    """The run directory that was named, or the desk's while a demo runs, else the one of this computer."""
    from kiosk.apps.demo_output import MACHINE

    desk = Path("demo-output") / MACHINE
    return run or (desk.resolve() if desk.is_dir() else cli.default_run())


def settings_of(run: Path) -> "Settings":
    """The machine's settings. Raises SettingsError when they are missing or wrong."""
    from kiosk.settings import load

    return load(run / "kiosk.toml")
