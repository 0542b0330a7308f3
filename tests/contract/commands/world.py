"""The places that the commands are tried on: good, missing, locked and full; and the process that tries them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kiosk.core.admin_socket import SOCKET
from kiosk.desk.machine_folder import make_directories, write_settings
from kiosk.ipc.json_lines import Server

ROOT = Path(__file__).resolve().parents[3]
_FULL_MB = 96
_NOT_THEIRS = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONUNBUFFERED")


# How its work goes on, of a command that takes longer than a second on this computer (kiosk/console/progress.py).
_GOES_ON = re.compile(r"[A-Z][\w' ]+(: .*)? \(\d+ s\)")


def said(err: str) -> list[str]:
    """What a command said on stderr, without the lines of how its work goes on."""
    return [line for line in err.splitlines() if not _GOES_ON.fullmatch(line)]


class Ended(NamedTuple):
    """How a command ended; `code` is negative for a signal, None for one that had to be killed."""

    code: int | None
    out: str
    err: str


class World:
    """Places by name: `ok`, `gone`, `locked` and `full`, each with what a command may be pointed at.

    `kid`: the key that seals in the central server of `ok` and `full`.
    """

    def __init__(self, place: Path, starter: "subprocess.Popen[str]") -> None:
        self.place = place
        self.kid = ""
        self._starter = starter

    def path(self, where: str) -> Path:
        """`ok/central`, `gone/run` …"""
        return self.place / where

    def ask(self, **request: Any) -> dict[str, Any]:
        """One request to the starter."""
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write(json.dumps(request) + "\n")
        self._starter.stdin.flush()
        answer: dict[str, Any] = json.loads(self._starter.stdout.readline())
        return answer

    def run(
        self,
        argv: Sequence[str],
        *,
        number: int = 0,
        no_right: bool = False,
        stdout: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Ended:
        """Run a command to its end."""
        found = self.ask(
            do="run",
            argv=list(argv),
            signal=number,
            no_right=no_right,
            stdout=stdout,
            cwd=str(self.path("ok")),
            env={"COLUMNS": "400", **(env or {})},
        )
        return Ended(found["code"], found["out"], found["err"])


@contextmanager
def world(place: Path, town: Path) -> Iterator[World]:
    """`town`: a central data folder of which copies are made. Raises OSError where no small disk can be had."""
    # A mount namespace: root makes one, anybody else makes one in a user namespace.
    apart = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    starter = subprocess.Popen(
        [*apart, sys.executable, "-m", "tests.contract.commands.starter"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # As in a shell: what is printed waits in a buffer, and whether it went out is found at the end only.
        env={name: value for name, value in os.environ.items() if name not in _NOT_THEIRS},
    )
    made = World(place, starter)
    machine = Server(place / "ok" / "run" / "sock" / SOCKET, _answer)
    try:
        assert starter.stdout is not None
        if not starter.stdout.readline():
            raise OSError(f"no mount namespace can be made here ({' '.join(apart)})")
        (place / "full").mkdir()
        if error := made.ask(do="mount", place=str(place / "full"), size=f"{_FULL_MB}m")["error"]:
            raise OSError(f"no small disk can be mounted here: {error}")
        _furnish(made, town)
        machine.start()
        listed = made.run(["central", "keys", "list", "--data", str(place / "ok" / "central")])
        made.kid = listed.out.splitlines()[1].split()[0]
        yield made
    finally:
        machine.stop()
        for pipe in (starter.stdin, starter.stdout):
            if pipe is not None:
                pipe.close()
        starter.wait(timeout=20)


def _furnish(made: World, town: Path) -> None:
    ok, locked = made.path("ok"), made.path("locked")
    make_directories(ok / "run", ok / "paper")
    write_settings(ok / "run", central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print")
    (ok / "books").mkdir()
    shutil.copytree(town, ok / "central")
    # A second key, so that the first may be revoked.
    made.run(["central", "keys", "roll", "--data", str(ok / "central")])
    # One form, and what all forms share.
    for name in ("land", "_common"):
        shutil.copytree(ROOT / "certs_templates" / name, ok / "forms" / name)
    (ok / "forms" / "land" / "expected.toml").unlink()  # what is written over needs no room
    shutil.copy(ROOT / "tests" / "later" / "health-insurance.jsonl", ok / "rows.jsonl")
    for name in ("run", "central", "forms"):
        made.ask(do="copy", source=str(ok / name), place=str(made.path("full") / name))
    made.ask(do="fill", place=str(made.path("full")))
    locked.mkdir(mode=0o000)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """A machine in good order, as far as the commands ask."""
    hoppers = [{"coin": 100, "coins": 60, "books": 60, "uncounted": False, "silent_ms": None}]
    match request["do"]:
        case "cash":
            return {"hoppers": hoppers, "counting": "counted"}
        case "hopper-counted":
            return {"begun": True, "why": ""}
        case "bundle":
            return {
                "bundle": "",
                "version": 1,
                "types": 17,
                "staged": 0,
                "looked": "nothing-newer",
                "detail": "",
            }
        case "orders":
            sums = dict.fromkeys(("fee", "credit", "kept", "paid", "claim"), 0)
            how = {"state": "CLOSED", "outcome": "DELIVERED", "reason": ""}
            return {
                "orders": [{"order": "1", "number": "K7M-2WX", "opened_ms": 0, "types": [], **sums, **how}]
            }
        case "look":
            return {"asked": True}
        case "day":
            return {"close": None}
        case "close-day" | "print-day" | "copy-ledger":
            return {"begun": True}
        case "ledger":
            return _LEDGER
        case unknown:
            raise NotImplementedError(f"a command asks for {unknown!r}: teach _answer")


_LEDGER = {
    "seq": 10,
    "outbox": 0,
    "segments": 1,
    "dropped": 0,
    "open_rows": 10,
    "copy-age-s": 60,
    "copied_seq": 10,
    "copy_trouble": "",
    "copy_held_ms": 3,
    "copying": False,
    "room-mb": 9_000,
    "room-low": False,
    "day": 3,
    "day_ms": 1_764_039_600_000,
    "closing": "closed",
    "close": None,
    "slip": "printed",
}
