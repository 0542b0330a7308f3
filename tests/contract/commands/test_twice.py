"""Who changes what another one is changing waits for them, or is told; nothing of the other is lost."""

import fcntl
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from kiosk.commands.ledger_rebuild import rebuild_here
from kiosk.desk.machine_folder import make_directories, write_settings
from kiosk.ledger.ledger import Stamp
from kiosk.ledger.rebuild import RebuildError
from kiosk.protocol.central import JournalReply
from kiosk.settings import Settings, load
from tests.contract.commands.of_central import ROWS
from tests.contract.commands.table import Fault, HeldBy
from tests.contract.commands.world import World

pytestmark = pytest.mark.timeout(240)


def held_by(test: str) -> list[str]:
    """The commands of central whose row says so."""
    return [
        name
        for name, (_, faults) in ROWS.items()
        if isinstance(held := faults[Fault.TWICE], HeldBy) and held.test.endswith(f"::{test}")
    ]


@contextmanager
def waiting(place: World, name: str, opens: set[Path]) -> Iterator["subprocess.Popen[str]"]:
    """The command, once it has come to what it has to wait for."""
    ok = place.path("ok")
    typed = [word.format(place=ok, ok=ok, kid=place.kid) for word in ROWS[name][0].split()]
    with subprocess.Popen(
        [sys.executable, "-m", "central.cli", *typed[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as asked:
        end = time.monotonic() + 40
        while not opens & opened(asked.pid):
            assert time.monotonic() < end
            assert asked.poll() is None, asked.communicate()
            time.sleep(0.01)  # it tells nobody what it has opened
        yield asked


def opened(process: int) -> set[Path]:
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").glob("*"):
        try:
            found.add(descriptor.readlink())
        except OSError:
            continue
    return found


@pytest.mark.parametrize("name", held_by("test_a_clerk_waits_for_another_who_writes"))
def test_a_clerk_waits_for_another_who_writes(place: World, name: str) -> None:
    databases = {*place.path("ok/central").glob("*.db")}
    assert len(databases) == 4
    with ExitStack() as stack:
        another = [
            stack.enter_context(closing(sqlite3.connect(file, isolation_level=None))) for file in databases
        ]
        for one in another:
            one.execute("BEGIN IMMEDIATE")
        with waiting(place, name, databases) as asked:
            for one in another:
                one.execute("ROLLBACK")
            said, _ = asked.communicate(timeout=40)
    assert "locked" not in said
    assert "is in use" not in said
    # There is no case in this folder: that one has read as far as it had to, and says so.
    assert asked.returncode == (2 if name == "central cases resolve" else 0), said


@pytest.mark.parametrize("name", held_by("test_who_signs_waits_for_another_who_signs"))
def test_who_signs_waits_for_another_who_signs(place: World, name: str) -> None:
    data = place.path("ok/central")
    another = os.open(data, os.O_RDONLY)
    fcntl.flock(another, fcntl.LOCK_EX)
    before = state(data)
    with waiting(place, name, {data}) as asked:
        assert state(data) == before
        os.close(another)
        said, _ = asked.communicate(timeout=40)
    assert asked.returncode == 0, said
    assert state(data) != before


def state(data: Path) -> set[tuple[Path, int]]:
    return {(file, file.stat().st_mtime_ns) for file in data.rglob("*") if file.is_file()}


# --- a ledger from what is left ---


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_directories(tmp_path, tmp_path / "paper")
    write_settings(tmp_path, central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print")
    (tmp_path / "ledger").mkdir(exist_ok=True)
    return load(tmp_path / "kiosk.toml")


def never(_after: int) -> JournalReply:
    raise AssertionError("central was asked")


def test_a_second_rebuild_is_refused_while_the_first_is_at_it(settings: Settings) -> None:
    def fetch(_after: int) -> JournalReply:
        with pytest.raises(RebuildError, match="another rebuild is at it"):
            rebuild_here(settings, with_copy=False, fetch=never, stamp=lambda: Stamp("", 0, 0))
        raise RebuildError("central-silent", "the first goes on")

    for _ in range(2):  # and the lock is gone with who held it
        with pytest.raises(RebuildError, match="the first goes on"):
            rebuild_here(settings, with_copy=False, fetch=fetch, stamp=lambda: Stamp("", 0, 0))


def test_a_rebuild_without_room_leaves_the_old_ledger(settings: Settings) -> None:
    old = settings.path("ledger") / "ledger.db"
    old.write_bytes(b"damaged")
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    try:
        with pytest.raises(RebuildError, match="the old ledger is where it was") as refused:
            rebuild_here(settings, with_copy=False, fetch=never, stamp=lambda: Stamp("", 0, 0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
    assert refused.value.code == "disk"
    assert old.read_bytes() == b"damaged"
