"""Ask a running machine over its admin.sock which bundle it serves from, or to take over the newest one."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.bundles.installed import FOLDER, SHIPPED_BUNDLE, InstalledBundle, InstalledBundleError, open_bundle
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import JsonLineError, ask
from kiosk.ipc.nobody_there import MISSING, NO_RIGHT, may_reach, plainly
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError

_ANSWER_S = 10.0
_LOOK_S = 0.2
# Results that are not final, and the sentence about what the machine does meanwhile.
_UNDER_WAY = {
    "looking": "the machine looks at central, and tries out what is new",
    "ready": "tried out; the machine takes it over between two visits",
}


_UNREACHABLE = "unreachable"
_WHY = {
    _UNREACHABLE: "central can't be reached; see to the network, then ask the same again",
    "expired": "what central offers has run out; the office has to sign it anew",
    "rolled-back": "central offers what is older than what was here; call the office",
    "unsigned": "what central offers is not signed as it has to be; call the office",
    "damaged": "what came from central is damaged; ask the same again",
    "invalid": "what central offers has a mistake in it; call the office",
    "other-program": "what central offers is for another version of the program; update the machine first",
    "samples-differ": "its samples do not come out as the office has seen them; call the office",
    "trial-killed": "the trial of it was ended; ask the same again",
    "not-tried": "it could not be tried out; ask the same again",
    "refused": "it was tried before, and could not serve; call the office",
    "disk": "the machine's disk does not take it; make room, then ask the same again",
}


class AdminError(RefusalError):
    """The machine does not answer, can't do it, or took nothing over; the message says which."""

    def __init__(self, message: str, code: int = exits.WRONG) -> None:
        super().__init__(message, code)


def no_machine(run: Path, error: JsonLineError) -> AdminError:
    """The error that says why no machine answers in `run`.

    Raises FileNotFoundError if there is no such folder.
    """
    if not error.code:
        return AdminError(f"{run}: the machine can't do that: {error}")
    if error.code == MISSING:
        os.stat(run)
    return AdminError(f"{run}: no machine answers here: {plainly(error.code)}", exits.MISSING)


def bundle_name_of(run: Path) -> InstalledBundle:
    """The bundle of the machine in `run`; the shipped bundle if none runs there. Raises AdminError."""
    try:
        if not may_reach(run / "sock" / SOCKET):
            return SHIPPED_BUNDLE
        return open_bundle(run / FOLDER, _ask(run, "bundle")["bundle"])
    except InstalledBundleError as error:
        raise AdminError(str(error)) from error
    except PermissionError as error:
        raise AdminError(f"{run}: {plainly(NO_RIGHT)}", exits.MISSING) from error


def bring(run: Path, within_s: float, say: Callable[[str], None] = lambda _now: None) -> str:
    """Have the machine look for a newer bundle, and wait until it serves from it. Raises AdminError.

    Returns a sentence for the person who asked. `say` gets a sentence about the progress after each poll.
    """
    before = _ask(run, "bundle")
    if not _ask(run, "look")["asked"]:
        raise AdminError("the machine's courier is not there; look at its log")
    end = time.monotonic() + within_s
    now = before
    while time.monotonic() < end:
        now = _ask(run, "bundle")
        if now["version"] != before["version"]:
            return f"bundle {now['version']} is in use: {now['types']} types (before: {before['types']})"
        if now["looked"] == "nothing-newer":
            return f"bundle {now['version']} is the newest: {now['types']} types"
        if now["looked"] not in _UNDER_WAY:
            raise AdminError(
                f"nothing was taken over: {_why(now['looked'], now['detail'])}", _code(now["looked"])
            )
        say(_UNDER_WAY[now["looked"]])
        time.sleep(_LOOK_S)  # poll: the socket only answers questions and reports nothing by itself
    waits = (
        f"bundle {now['staged']} waits for the end of a visit" if now["staged"] else "the machine still looks"
    )
    raise AdminError(
        f"nothing was taken over in {within_s:g} s: {waits}; ask again later, or wait longer with --within"
    )


def _why(code: str, detail: str) -> str:
    """A sentence for the person who asked; the technical code and detail stand behind it in brackets."""
    plain = _WHY.get(code, "what central has can't be used; the machine's log says more")
    return plain if code == _UNREACHABLE else f"{plain} ({': '.join(filter(None, (code, detail)))})"


def _code(looked: str) -> int:
    return exits.MISSING if looked in (_UNREACHABLE, "disk") else exits.WRONG


def _ask(run: Path, what: str) -> dict[str, Any]:
    try:
        return ask(run / "sock" / SOCKET, _ANSWER_S, do=what)
    except JsonLineError as error:
        raise no_machine(run, error) from error
