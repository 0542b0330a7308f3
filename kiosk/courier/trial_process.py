"""How the courier has a new bundle tried out: a process of its own that dies with its task (forms/bundle_trial.py)."""

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from kiosk.courier.looking import NOT_TRIED, TRIAL_KILLED, TrialError
from kiosk.environment import lean_environment
from kiosk.settings import Settings

_WITHIN_S = 600.0  # a slow machine at the lowest priority, busy with a citizen
_LAST_LINES = 20

log = logging.getLogger(__name__)


def try_out(settings: Settings, place: Path) -> str:
    """What is wrong with the bundle in this folder, "" for nothing. Raises TrialError when that was not found out."""
    command = [sys.executable, "-m", "kiosk.cli", "try-bundle", place.name, "--run", settings.run_dir]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=_WITHIN_S, env=lean_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise TrialError(TRIAL_KILLED, f"it could not be tried out in {_WITHIN_S:.0f} s") from error
    except OSError as error:
        raise TrialError(NOT_TRIED, f"the process could not be started: {error.strerror}") from error
    if done.stderr:
        last = done.stderr.decode("utf-8", "replace").splitlines()[-_LAST_LINES:]
        log.warning("trying out %s:\n%s", place.name, "\n".join(last))
    return _judge(done.returncode, done.stdout)


def _judge(code: int, told: bytes) -> str:
    if code < 0:
        raise TrialError(TRIAL_KILLED, f"the sandbox ended it with {signal.Signals(-code).name}")
    said = _said(told)
    if said is None:
        raise TrialError(NOT_TRIED, f"the process that tries it out ended with {code} and without a word")
    if "trouble" in said:
        raise TrialError(TRIAL_KILLED if said.get("killed") else NOT_TRIED, str(said["trouble"]))
    return str(said["wrong"])


def _said(told: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(told)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.keys() & {"wrong", "trouble"} else None
