"""Two servers of a UPS that no client can tell apart: the real upsd with its dummy driver, and our twin."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from simulators.clock import LoopClock, ManualClock
from simulators.ups import Mains, Ups, UpsFault
from simulators.world import World

_BINARIES = Path("/lib/nut")
WITHIN_S = 10.0

Result = TypeVar("Result")


def why_no_upsd() -> str:
    """Why the real server can't run here; "" when it can."""
    missing = [name for name in ("upsd", "dummy-ups") if not (_BINARIES / name).exists()]
    return f"no {' and '.join(missing)} in {_BINARIES}; apt-get install nut-server" if missing else ""


class Server(Protocol):
    """A server with one UPS named `kiosk`, on line at first."""

    where: str

    def turn(self, mains: Mains, charge: int, runtime: int) -> None:
        """The mains go or come back."""

    def stale(self) -> None:
        """The server has lost the UPS."""

    def die(self) -> None:
        """The server is gone."""


class RealServer:
    """upsd 2.8 and dummy-ups in a directory of their own, ended by their ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written_at = int(time.time()) - 3600
        port = _free_port()
        self.where = f"kiosk@127.0.0.1:{port}"
        self._environment = {
            **os.environ,
            "NUT_CONFPATH": str(folder),
            "NUT_STATEPATH": str(folder),
            "NUT_ALTPIDPATH": str(folder),
        }
        self._write(Mains.LINE, 100, 1_800)
        (folder / "ups.conf").write_text(
            "[kiosk]\n driver = dummy-ups\n port = kiosk.dev\n mode = dummy-once\n pollinterval = 1\n"
        )
        (folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {port}\nMAXAGE 3\n")
        (folder / "upsd.users").write_text("[changgu]\n password = a word\n")
        user = ["-u", "root"] if os.geteuid() == 0 else []
        self._driver = self._run("dummy-ups", "-a", "kiosk", *user, "-FF")
        self._await(folder / "dummy-ups-kiosk")
        self._server = self._run("upsd", *user, "-FF")
        _await_port(port)

    def _run(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(
                [str(_BINARIES / name), *arguments], env=self._environment, stdout=log, stderr=log
            )

    def _await(self, path: Path) -> None:
        end = time.monotonic() + WITHIN_S
        while not path.exists():
            assert time.monotonic() < end, f"{path} did not come"
            time.sleep(0.02)  # a foreign program: it tells nobody when it is ready

    def _write(self, mains: Mains, charge: int, runtime: int) -> None:
        status = {Mains.LINE: "OL", Mains.BATTERY: "OB DISCHRG", Mains.LOW: "OB DISCHRG LB"}[mains]
        said = {
            "ups.status": status,
            "battery.charge": charge,
            "battery.runtime": runtime,
            "ups.mfr": "Dummy",
        }
        new = self._folder / "new"
        new.write_text("".join(f"{name}: {value}\n" for name, value in said.items()))
        # It tells files apart by the whole seconds of their times.
        self._written_at += 2
        os.utime(new, (self._written_at, self._written_at))
        new.rename(self._folder / "kiosk.dev")

    def turn(self, mains: Mains, charge: int, runtime: int) -> None:
        """The driver reads its file when it is another one."""
        self._write(mains, charge, runtime)

    def stale(self) -> None:
        """The driver dies; upsd notices."""
        self._driver.kill()
        self._driver.wait()

    def die(self) -> None:
        """Upsd dies."""
        self._server.kill()
        self._server.wait()

    def close(self) -> None:
        """End both."""
        for process in (self._server, self._driver):
            process.kill()
            process.wait()


class TwinServer:
    """Our twin on a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.ups = self._do(self._make())
        self.where = f"kiosk@127.0.0.1:{self.ups.number}"

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN_S)

    async def _make(self) -> Ups:
        ups = Ups(LoopClock(self._loop), World(ManualClock()))
        await ups.plug(True)
        return ups

    def turn(self, mains: Mains, charge: int, runtime: int) -> None:
        """At once."""
        self._do(self._turn(mains, charge, runtime))

    async def _turn(self, mains: Mains, charge: int, runtime: int) -> None:
        self.ups.turn(mains, charge, runtime)

    def fault(self, fault: UpsFault) -> None:
        """It is not well."""
        self.ups.fault = fault

    def stale(self) -> None:
        """It says so."""
        self.fault(UpsFault.STALE)

    def die(self) -> None:
        """It is gone."""
        self._do(self.ups.plug(False))

    def come_back(self) -> None:
        """It is there again."""
        self._do(self.ups.plug(True))

    def close(self) -> None:
        """Take it away."""
        self._do(self.ups.close())
        self._do(_others_over())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN_S)
        self._loop.close()


@contextmanager
def real_server() -> Iterator[RealServer]:
    """The real one, wiped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cgnut", dir="/tmp"))
    folder.chmod(0o700)
    server = RealServer(folder)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def twin_server() -> Iterator[TwinServer]:
    """The twin."""
    server = TwinServer()
    try:
        yield server
    finally:
        server.close()


async def _others_over() -> None:
    """Whoever was being let in is out again, and its socket closed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=WITHIN_S)
    await asyncio.sleep(0)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _await_port(port: int) -> None:
    end = time.monotonic() + WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return
        except OSError:
            assert time.monotonic() < end, "upsd did not come"
            time.sleep(0.02)  # a foreign program: it tells nobody when it is ready
