"""`python -m simulators.reader_daemon FOLDER`: a real pcscd with a virtual reader, without root, any number at once.

Clients set PCSCLITE_CSOCK_NAME to FOLDER/pcscd/pcscd.comm; a card reaches the reader through FOLDER/card.sock (the
simulators' `--card-reader`). It runs in private namespaces (reader_room.py); where that cannot be, `why_not` says why.
"""

import argparse
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from simulators import reader_room

NAME = "Changgu Reader"
# vpcd has two slots a reader; the card goes into the first.
SLOT = f"{NAME} 00 00"
_DRIVER = "lib/pcsc/drivers/serial/libifdvpcd.so"
_SYSTEM_PROGRAMS = "/usr/sbin:/usr/bin:/sbin:/bin"
_ROOM = ("unshare", "--user", "--map-root-user", "--mount", "--net", "--")
_MAX_SOCKET_PATH = 107
_TRY_SECONDS = 5.0
_STOP_SECONDS = 4.0


class CannotRun(Exception):
    """No card service can run here; the text says why, and what would help."""


def find_driver() -> Path | None:
    """The driver of vpcd: unpacked beside the Python environment (tools/packages/card-unpacked.txt), or installed."""
    places = (Path(sys.prefix) / "vpcd" / "usr", Path("/usr"))
    return next((place / _DRIVER for place in places if (place / _DRIVER).exists()), None)


def find_pcscd() -> str | None:
    """The card service's program. A user's PATH does not have to hold /usr/sbin."""
    return shutil.which("pcscd", path=_SYSTEM_PROGRAMS)


def why_not() -> str | None:
    """Why no card service can run on this machine, in one sentence; None when it can."""
    if find_pcscd() is None:
        return "pcscd is not installed (apt-get install pcscd)"
    if find_driver() is None:
        return "vpcd's driver is missing (unpack vsmartcard-vpcd into the Python environment's vpcd/)"
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return "unshare and setpriv are missing (util-linux)"
    # With what is mounted below it: without, the kernel refuses while anybody has mounted something there.
    tried = subprocess.run(
        (*_ROOM, "mount", "--rbind", "/tmp", "/run"),
        capture_output=True,
        text=True,
        timeout=_TRY_SECONDS,
        check=False,
    )
    if tried.returncode != 0:
        return f"this system refuses private namespaces ({tried.stderr.strip().splitlines()[-1]})"
    return None


class ReaderDaemon:
    """One card service in `folder`, which it has to itself. For `with`, or `start` and `stop`; may be started again.

    What pcscd writes goes to FOLDER/log.
    """

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.folder = folder.resolve()
        self._name = name
        self._room: subprocess.Popen[str] | None = None

    @property
    def client_socket(self) -> Path:
        """Where PC/SC clients connect."""
        return self.folder / "pcscd" / "pcscd.comm"

    @property
    def card_socket(self) -> Path:
        """Where a card gets its connection to the reader (card_dial.py)."""
        return self.folder / reader_room.HATCH

    @property
    def environment(self) -> Mapping[str, str]:
        """What a client's environment needs besides its own."""
        return {"PCSCLITE_CSOCK_NAME": str(self.client_socket)}

    def start(self) -> None:
        """Returns when clients and cards can connect. Raises CannotRun."""
        reason = why_not()
        if reason is None and len(str(self.client_socket)) > _MAX_SOCKET_PATH:
            reason = f"{self.folder} is too long for a Unix socket"
        if reason is not None:
            raise CannotRun(reason)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        arguments = (str(self.folder), str(find_pcscd()), str(find_driver()), self._name)
        with (self.folder / "log").open("a") as log:
            self._room = subprocess.Popen(
                (*_ROOM, sys.executable, "-m", reader_room.__name__, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        said = self._room.stdout.readline() if self._room.stdout is not None else ""
        if said.strip() != reader_room.READY:
            self.stop()
            raise CannotRun(f"the card service did not start; see {self.folder / 'log'}")

    def end(self) -> None:
        """Let it end; `wait` waits for that."""
        if self._room is not None and self._room.stdin is not None:
            self._room.stdin.close()

    def wait(self, within_s: float | None = None) -> int:
        """Wait until it has ended; 0 when it was asked to, 1 when the service died. Kills it after `within_s`."""
        room = self._room
        if room is None:
            return 0
        try:
            return room.wait(within_s)
        except subprocess.TimeoutExpired:
            room.kill()
            return room.wait()

    def stop(self) -> None:
        """End it and everything in it. Harmless when it does not run."""
        self.end()
        self.wait(_STOP_SECONDS)
        if self._room is not None and self._room.stdout is not None:
            self._room.stdout.close()
        self._room = None

    def kill(self) -> None:
        """SIGKILL: the service goes without a word to its clients, as in a crash."""
        if self._room is not None:
            self._room.kill()
        self.stop()

    def __enter__(self) -> "ReaderDaemon":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def main() -> int:
    """Run until SIGTERM or SIGINT; 1 when the service died, 2 when it cannot run here."""
    parser = argparse.ArgumentParser(prog="python -m simulators.reader_daemon", description=__doc__)
    parser.add_argument("folder", type=Path, help="its own folder; made when missing")
    parser.add_argument("--check", action="store_true", help="only say whether it can run here (exit 0 or 2)")
    given = parser.parse_args()
    if given.check:
        print(why_not() or "it can run here")
        return 2 if why_not() else 0
    daemon = ReaderDaemon(given.folder)
    try:
        daemon.start()
    except CannotRun as reason:
        print(f"reader daemon: {reason}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: daemon.end())
    print(f"reader ready: {daemon.client_socket}", flush=True)
    return daemon.wait()


if __name__ == "__main__":
    sys.exit(main())
