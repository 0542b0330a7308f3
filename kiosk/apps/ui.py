"""The ui program, put together from this machine's settings: `kiosk ui`, or `python -m kiosk.apps.ui --run DIR`."""

import argparse
import logging
import sys
from pathlib import Path

from kiosk.apps.build import BUILD
from kiosk.apps.watchdog import Heart
from kiosk.settings import Settings, SettingsError, load

EXIT_WRONG_SETTINGS = 2


def run(settings: Settings, *, window: bool = False, panel: str = "", robot: str = "") -> int:
    """Show the screen until it is told to stop.

    `window`: in a window that fits the desk instead of the whole screen. `panel`: another panel than the settings name.
    `robot`: a path for the robot's socket (demo and tests; a machine in service has none).
    """
    from ui.panel import PanelError
    from ui.panel import load as load_panel
    from ui.program import Options
    from ui.program import run as run_program
    from ui.window import WindowError

    try:
        shown_on = load_panel(panel or settings.panel)
        socket_path = settings.path("sock", "ui.sock")
        robot_path = Path(robot) if robot else None
        loudness = settings.loudness if settings.sound else 0
        return run_program(Options(socket_path, BUILD, shown_on, window, robot_path, Heart().beat, loudness))
    except (PanelError, WindowError) as error:
        print(f"kiosk ui: {error}", file=sys.stderr)
        return EXIT_WRONG_SETTINGS


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
    try:
        settings = load(chosen.run / "kiosk.toml")
    except SettingsError as error:
        print(f"kiosk ui: {error}", file=sys.stderr)
        return EXIT_WRONG_SETTINGS
    return run(settings, window=chosen.window, panel=chosen.panel, robot=chosen.robot)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
