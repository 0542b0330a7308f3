"""A machine's run directory with settings that load, and nothing else in it."""

from pathlib import Path

_NAMES = ("kiosk_id", "site", "machine", "municipality", "help_phone")
_WIRES = ('central_url = "https://127.0.0.1:1"', "[printer]", 'uri = "ipp://127.0.0.1:1/"')


def machine_folder(place: Path) -> Path:
    """The run directory."""
    run = place / "run"
    run.mkdir()
    (run / "kiosk.toml").write_text("\n".join([*(f'{name} = "x"' for name in _NAMES), *_WIRES]) + "\n")
    return run


def enrol_nothing(run: Path) -> None:
    """As it is."""
