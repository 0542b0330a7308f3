"""How a command reaches the machine that runs here, and what it says when there is none."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.console.leaving import leave
from kiosk.console.named import existing_folder
from kiosk.console.progress import progress
from kiosk.core.admin_call import no_machine
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import JsonLineError, ask
from kiosk.protocol import exits
from kiosk.settings import RUN_VARIABLE, default_run

if TYPE_CHECKING:
    from kiosk.settings import Settings

_ANSWER_S = 10.0
_LOOK_S = 0.1
# What a demo fills when nobody says otherwise, and what in it leads to the machine while that runs.
_DEMO, _MACHINE = "demo-output", "machine"
# For commands about a machine that runs; the programs themselves are told their run directory (commands/commands.py).
MachineOption = Annotated[
    Path | None,
    typer.Option(
        "--run",
        help=f"the machine's run directory or the output folder of its demo; else {RUN_VARIABLE}, "
        "else the demo of this folder while it runs",
    ),
]


def ask_machine(run: Path, what: str, **more: object) -> dict[str, Any]:
    """Core's answer. Raises AdminError when no machine answers, OSError where the way to it is closed."""
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what, **more)
    except JsonLineError as error:
        raise no_machine(run, error) from None


def wait_until(
    run: Path, what: str, over: Callable[[dict[str, Any]], bool], within_s: float, *, doing: str, later: str
) -> dict[str, Any]:
    """Core's answer once it is `over`; `doing` is what a person waits for. Leaves the program when it is not in
    `within_s` seconds; `later` is the command that says what became of it.
    """
    end = time.monotonic() + within_s
    with progress(doing):
        while time.monotonic() < end:
            found = ask_machine(run, what)
            if over(found):
                return found
            time.sleep(_LOOK_S)  # admin.sock answers what it is asked and tells nothing by itself
    return leave(exits.WRONG, f"no end of it in {within_s:.0f} s; ask `{later}` later.")


def machine_at(run: Path | None) -> Path:
    """The run directory that was meant: the named one, or that of the demo that fills the named folder; the one of
    CHANGGU_RUN; that of the demo of this folder while it runs; else the one of this computer.

    Leaves the program when it is the folder of a demo that does not run. Raises OSError when what was named is no
    folder that is there.
    """
    from kiosk.console.output_folder import MARK, holder

    if run is not None:
        if not os.path.lexists(run / MARK):
            with suppress(PermissionError):  # whose right is missing is told better by what is done next
                existing_folder(run)
            return run
        if holder(run) is None or not (run / _MACHINE).is_dir():
            leave(exits.MISSING, f"no demo fills {run} now; start one with `kiosk demo --out {run}`.")
        return (run / _MACHINE).resolve()
    return (Path(_DEMO) / _MACHINE).resolve() if _demo_runs_here() else default_run()


def is_of_demo(run: Path | None) -> bool:
    """Whether `machine_at` of the same leads to the machine of a demo."""
    from kiosk.console.output_folder import MARK

    return _demo_runs_here() if run is None else os.path.lexists(run / MARK)


def _demo_runs_here() -> bool:
    from kiosk.console.output_folder import holder

    here = Path(_DEMO)
    return RUN_VARIABLE not in os.environ and holder(here) is not None and (here / _MACHINE).is_dir()


def settings_of(run: Path) -> "Settings":
    """The machine's settings. Raises SettingsError when they are missing or wrong."""
    from kiosk.settings import load

    return load(run / "kiosk.toml")
