"""Starts one of the machine's programs; each loads its own libraries only."""

import logging
import os
import signal
from pathlib import Path
from typing import NoReturn

from kiosk.console.leaving import leave
from kiosk.programs import running
from kiosk.protocol.exits import MISSING, SIGNALLED
from kiosk.settings import Settings, SettingsError, load


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
        leave(MISSING, trouble)


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
