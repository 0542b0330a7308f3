"""Asking a running machine, over its care.sock, which bundle it serves from; and to take over the newest."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.apps.care import SOCKET
from kiosk.apps.json_lines import JsonLineError, ask
from kiosk.apps.kits import FOLDER, SHIPPED_KIT, Kit, KitError, open_kit
from kiosk.apps.nobody_there import MISSING, may_reach, words_of
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError

_ANSWER_S = 10.0
_LOOK_S = 0.2
# Answers that are not the end of a look, and what is done meanwhile.
_UNDER_WAY = {
    "looking": "the machine looks at central, and tries out what is new",
    "ready": "tried out; the machine takes it over between two visits",
}


class CareError(RefusalError):
    """The machine is not there, or there is nothing for it to take over; the message says which."""

    def __init__(self, message: str, code: int = exits.WRONG) -> None:
        super().__init__(message, code)


def no_machine(run: Path, error: JsonLineError) -> CareError:
    """Why nobody answers in `run`. Raises FileNotFoundError where there is no such folder."""
    if not error.code:
        return CareError(f"{run}: the machine can't do that: {error}")
    if error.code == MISSING:
        os.stat(run)
    return CareError(f"{run}: no machine answers here: {error}", exits.MISSING)


def kit_of(run: Path) -> Kit:
    """What the machine in `run` serves from; where none runs, what a machine is shipped with. Raises CareError."""
    try:
        if not may_reach(run / "sock" / SOCKET):
            return SHIPPED_KIT
        return open_kit(run / FOLDER, _ask(run, "bundle")["kit"])
    except KitError as error:
        raise CareError(str(error)) from error
    except PermissionError as error:
        raise CareError(f"{run}: {words_of(error)}", exits.MISSING) from error


def bring(run: Path, within_s: float, say: Callable[[str], None] = lambda _now: None) -> str:
    """Have it look, and wait until it serves from what it found; a sentence for who asked. Raises CareError.

    `say`: what is in hand, told each time it was asked for.
    """
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
        say(_UNDER_WAY[now["looked"]])
        time.sleep(_LOOK_S)  # the socket answers what it is asked and tells nothing by itself
    waits = f"bundle {now['staged']} waits for the end of a visit" if now["staged"] else "no end of the look"
    raise CareError(f"after {within_s:.0f} s: {waits}")


def _ask(run: Path, what: str) -> dict[str, Any]:
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what)
    except JsonLineError as error:
        raise no_machine(run, error) from error
