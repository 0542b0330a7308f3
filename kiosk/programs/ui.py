"""The ui program, put together from this machine's settings: `kiosk ui`, or `python -m kiosk.programs.ui --run DIR`."""

import argparse
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.ipc.build import BUILD
from kiosk.ipc.json_lines import Answer, JsonLineError, Server
from kiosk.ipc.watchdog import Heart
from kiosk.programs import running
from kiosk.settings import Settings, load


def run(settings: Settings, *, window: bool = False, panel: str = "", robot: str = "") -> int:
    """Show the screen until it is told to stop. Raises EnvironmentFault: no such panel, no window.

    `window`: in a window that fits the desk instead of the whole screen. `panel`: another panel than the settings name.
    `robot`: a path for the robot's socket (demo and tests; a machine in service has none).
    """
    from ui.panel import load as load_panel
    from ui.program import Options
    from ui.program import run as run_program

    shown_on = load_panel(panel or settings.screen.panel)
    socket_path = settings.path("sock", "ui.sock")
    robot_served = partial(_serve_robot, Path(robot)) if robot else None
    loudness = settings.screen.loudness if settings.screen.sound else 0
    return run_program(Options(socket_path, BUILD, shown_on, window, robot_served, Heart(()).beat, loudness))


def _serve_robot(path: Path, obey: Answer) -> Server:
    from ui.robot import RobotError

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        try:
            return obey(request)
        except RobotError as error:
            raise JsonLineError(str(error)) from error

    return Server(path, answer)


def main(arguments: list[str]) -> int:
    """`--run DIR [--window] [--panel NAME] [--robot SOCKET]`."""
    parser = argparse.ArgumentParser(prog="kiosk ui", description="The kiosk's screen.")
    parser.add_argument("--run", type=Path, required=True, metavar="DIR", help="the machine's run directory")
    parser.add_argument(
        "--window", action="store_true", help="a window that fits the desk, not the whole screen"
    )
    parser.add_argument("--panel", default="", metavar="NAME", help="a panel of config/panels/, or a file")
    parser.add_argument(
        "--robot", default="", metavar="SOCKET", help="let demo and tests press the buttons here"
    )
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    def program() -> int:
        settings = load(chosen.run / "kiosk.toml")
        return run(settings, window=chosen.window, panel=chosen.panel, robot=chosen.robot)

    return running.run("ui", program)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
