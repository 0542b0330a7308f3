"""Asking a running machine, over its care.sock, which bundle it serves from; and to take over the newest."""

import time
from pathlib import Path
from typing import Any

from kiosk.apps.care import SOCKET
from kiosk.apps.json_lines import JsonLineError, ask
from kiosk.apps.kits import FOLDER, SHIPPED_KIT, Kit, KitError, open_kit
from kiosk.apps.nobody_there import may_reach, words_of

_ANSWER_S = 10.0
_LOOK_S = 0.2
# Answers that are not the end of a look.
_UNDER_WAY = frozenset({"looking", "ready"})


class CareError(Exception):
    """The machine is not there, or there is nothing for it to take over; the message says which."""


def kit_of(run: Path) -> Kit:
    """What the machine in `run` serves from; where none runs, what a machine is shipped with. Raises CareError."""
    try:
        if not may_reach(run / "sock" / SOCKET):
            return SHIPPED_KIT
        return open_kit(run / FOLDER, _ask(run, "bundle")["kit"])
    except KitError as error:
        raise CareError(str(error)) from error
    except PermissionError as error:
        raise CareError(f"{run}: {words_of(error)}") from error


def bring(run: Path, within_s: float) -> str:
    """Have it look, and wait until it serves from what it found; a sentence for who asked. Raises CareError."""
    before = _ask(run, "bundle")
    if not _ask(run, "look")["asked"]:
        raise CareError("the machine's courier is not there; look at its log")
    end = time.monotonic() + within_s
    now = before
    while time.monotonic() < end:
        now = _ask(run, "bundle")
        if now["version"] != before["version"]:
            return f"bundle {now['version']} is in use: {now['types']} types (before: {before['types']})"
        if now["looked"] == "nothing-newer":
            return f"bundle {now['version']} is the newest: {now['types']} types"
        if now["looked"] not in _UNDER_WAY:
            raise CareError(f"nothing was taken over: {now['looked']} {now['detail']}".strip())
        time.sleep(_LOOK_S)
    waits = f"bundle {now['staged']} waits for the end of a visit" if now["staged"] else "no end of the look"
    raise CareError(f"after {within_s:.0f} s: {waits}")


def _ask(run: Path, what: str) -> dict[str, Any]:
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what)
    except JsonLineError as error:
        said = "the machine can't do that" if not error.code else "no machine answers here"
        raise CareError(f"{run}: {said}: {error}") from error
