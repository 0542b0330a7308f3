"""The courier's way to have a new bundle tried out: a process of its own that dies with its task (kit_trial.py)."""

import json
import subprocess
import sys
from pathlib import Path

from kiosk.apps.processes import lean_environment
from kiosk.settings import Settings

_WITHIN_S = 600.0  # a slow machine at the lowest priority, busy with a citizen


def try_out(settings: Settings, place: Path) -> str:
    """What is wrong with the bundle in this folder, "" for nothing."""
    command = [sys.executable, "-m", "kiosk.cli", "try-kit", place.name, "--run", settings.run_dir]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=_WITHIN_S, env=lean_environment()
        )
        wrong: str = json.loads(done.stdout)["wrong"]
    except subprocess.TimeoutExpired:
        return f"it could not be tried out in {_WITHIN_S:.0f} s"
    except (OSError, ValueError, KeyError, TypeError):
        return "the process that tried it out ended without a word"
    return wrong
