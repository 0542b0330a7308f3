"""A desk with a card reader: a real pcscd in a room of its own, the simulators, and cards in the drawer."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulators.reader_daemon import ReaderDaemon
from simulators.reader_direct import DOOR, HATCH
from tests.card_drawer import put_card

PATIENCE_S = 20.0


class DirectReader:
    """A reader without a card service, as a process; see ReaderDaemon."""

    def __init__(self, folder: Path) -> None:
        self.card_socket, self.client_socket = folder / HATCH, folder / DOOR
        self.environment: dict[str, str] = {}
        self._argv = (sys.executable, "-m", "simulators.reader_direct", str(folder))
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when clients and cards can connect."""
        self._process = subprocess.Popen(self._argv, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("reader ready")

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """It goes without a word."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(PATIENCE_S)
            if process.stdout is not None:
                process.stdout.close()

    stop = kill


class CardDesk:
    """`reader` is the card service (`reader.environment` for its clients); `do` is a hand at the simulators.

    In the drawer: citizen-1, citizen-2, staff-1, transit-1; `put_card(desk.run, …)` adds others.
    """

    def __init__(self, run: Path, *, direct: bool = False) -> None:
        self.run = run
        self.service = "direct" if direct else "pcsc"
        for label in ("citizen-1", "citizen-2", "staff-1", "transit-1"):
            put_card(run, label, label.partition("-")[0])
        folder = run / "reader"
        self.reader: ReaderDaemon | DirectReader = DirectReader(folder) if direct else ReaderDaemon(folder)
        self.reader.start()
        reader = str(self.reader.card_socket)
        self._simulators = subprocess.Popen(
            (sys.executable, "-m", "simulators", "--run", str(run), "--card-reader", reader),
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._simulators.stdout is None or not self._simulators.stdout.readline():
            raise AssertionError("the simulators did not start")
        self._control = socket.socket(socket.AF_UNIX)
        self._control.settimeout(PATIENCE_S)
        self._control.connect(str(run / "sock" / "sim.sock"))
        self._answers = self._control.makefile("r")

    def do(self, what: str, **how: Any) -> dict[str, Any]:
        """What a hand would do; the answer."""
        self._control.sendall(json.dumps({"do": what, **how}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(self._answers.readline())
        assert answer["ok"], answer
        return answer

    @property
    def service_pid(self) -> int:
        """The process that watches the slot."""
        if isinstance(self.reader, DirectReader):
            return self.reader.pid
        return int((self.reader.folder / "pcscd" / "pcscd.pid").read_text().rstrip("\n\0"))

    @property
    def card_file(self) -> Path:
        """The file of the card that is in the slot."""
        return self.run / "sim" / "cards" / f"{self.do('state')['card']['label']}.json"

    def tool(self, *command: str, fails: bool = False) -> str:
        """What a program of Debian's opensc says to this desk's reader; AssertionError on another exit."""
        home = self.run / "home"
        home.mkdir(exist_ok=True)
        done = subprocess.run(
            command,
            env={**os.environ, **self.reader.environment, "HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        said = done.stdout + done.stderr
        assert bool(done.returncode) is fails, said
        return said

    def close(self) -> None:
        """Pack up."""
        self._answers.close()
        self._control.close()
        self._simulators.terminate()
        self._simulators.wait(PATIENCE_S)
        if self._simulators.stdout is not None:
            self._simulators.stdout.close()
        self.reader.stop()


@contextmanager
def card_desk(*, direct: bool = False) -> Iterator[CardDesk]:
    """A desk in a short-named directory. Raises CannotRun where there can be no card service, unless `direct`."""
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    try:
        desk = CardDesk(run, direct=direct)
        try:
            yield desk
        finally:
            desk.close()
    finally:
        shutil.rmtree(run, ignore_errors=True)
