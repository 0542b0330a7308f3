"""A machine's run directory with settings that load, and nothing else in it."""

from pathlib import Path

_NAMES = ("kiosk_id", "site", "machine", "municipality", "help_phone", "printer_uri")


def machine_folder(place: Path) -> Path:
    """The run directory."""
    run = place / "run"
    run.mkdir()
    lines = [f'{name} = "x"' for name in _NAMES] + ['central_url = "https://127.0.0.1:1"']
    (run / "kiosk.toml").write_text("\n".join(lines))
    return run


def enrol_nothing(run: Path) -> None:
    """As it is."""
