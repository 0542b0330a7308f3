"""A stale build, and an old version of a form. Takamatsu, 4 April 2024: the build for sites with one server ran at a
site with several, and somebody got another's certificate. Osaka, 7 May 2019: three of 230 machines had not fetched the
new settings and printed the old era's name.

Planted: a worker of other code than core's, as after half an update; a central that names a newer form than the machine
has, and one that was updated while the machine was not.
"""

import queue
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central.bundles.required import Required, Requirements
from kiosk.ipc import peer
from kiosk.ipc.build import ROOMS
from kiosk.ipc.link import Link, LinkError, OtherBuildError, listen
from kiosk.ipc.peer import Peer
from kiosk.protocol.frames import encode
from kiosk.protocol.hello import Hello
from kiosk.protocol.worker import FROM_WORKER
from tests.accidents.booth import LAND
from tests.accidents.centre import Centre
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered, refused
from tests.unit.core.ports import UNHEARD

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 20
# A program of the machine, as far as greeting goes; -I would take the planted folder away.
GREETER = """
import socket, sys
sys.path.insert(0, sys.argv[1])
from kiosk.ipc.link import Link, LinkError
from kiosk.protocol.worker import TO_WORKER
try:
    Link(socket.socket(fileno=0), TO_WORKER, "worker")
except LinkError as error:
    sys.exit(type(error).__name__)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The machine's code once more."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def greet(code: Path) -> tuple[str, str]:
    """This core greets a worker that runs `code`: what each says of the other."""
    ours, theirs = socket.socketpair()
    worker = subprocess.Popen(
        [sys.executable, "-c", GREETER, str(code)],
        stdin=theirs.fileno(),
        stderr=subprocess.PIPE,
        cwd=code,
        text=True,
    )
    theirs.close()
    try:
        Link(ours, FROM_WORKER, "core", DEADLINE_S).close()
        here = "welcome"
    except LinkError as error:
        here = type(error).__name__
        ours.close()
    return here, worker.communicate(timeout=DEADLINE_S)[1].strip() or "welcome"


def test_a_worker_of_other_code_and_core_refuse_each_other(copy: Path) -> None:
    assert greet(copy) == ("welcome", "welcome")  # the control: an exact copy
    source = copy / "kiosk" / "worker" / "subjects.py"
    source.write_text(source.read_text("utf-8").replace("subject != wanted or", "False and"), "utf-8")
    assert greet(copy) == (OtherBuildError.__name__, OtherBuildError.__name__)


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, socket.socket]]:
    """A worker's socket at which somebody of a build of yesterday answers."""
    monkeypatch.setattr(peer, "FIRST_RETRY_S", 0.001)
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        path = Path(folder) / "worker.sock"
        server = listen(path)
        yield path, server
        server.close()


def answer_once(server: socket.socket, build: str) -> None:
    """One connection, greeted as of `build`."""
    connection, _address = server.accept()
    connection.sendall(encode(Hello("worker", build)))
    connection.settimeout(DEADLINE_S)
    while connection.recv(4096):
        pass
    connection.close()


def test_core_serves_nobody_with_a_stale_worker_and_says_once_why(
    stale: tuple[Path, socket.socket], capsys: pytest.CaptureFixture[str]
) -> None:
    path, server = stale
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    worker = Peer("worker", path, FROM_WORKER, tasks.put)
    worker.listen(UNHEARD)
    worker.start()
    for _ in range(3):
        answer_once(server, "0.1.0+yesterday")
    assert not worker.up
    worker.stop()
    assert tasks.empty()
    assert capsys.readouterr().out.count('"event": "other-build"') == 1


def test_a_form_newer_than_this_machines_is_refused_before_the_fee(
    booth: MakeBooth, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "여의도동" in delivered(buy(booth(order="O1"), LAND))
    name_form(centre, monkeypatch, "land/2")
    refused(booth(order="O2").draft(LAND), "template-unknown")


def name_form(centre: Centre, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    """Central's land register is printed on this form from now on, and central has it."""
    repertoire = centre.services.repertoire
    land = centre.services.types["land"]
    monkeypatch.setattr(repertoire, "_types", {"land": msgspec.structs.replace(land, form=template)})
    monkeypatch.setattr(repertoire, "_forms", {template: "0" * 64})


def test_a_form_of_the_same_version_that_central_has_changed_is_refused_before_the_fee(
    booth: MakeBooth, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "여의도동" in delivered(buy(booth(order="O1"), LAND))
    name_form(centre, monkeypatch, "land/1")
    refused(booth(order="O2").draft(LAND), "form-mismatch")


def test_a_form_that_central_does_not_have_is_not_drafted(
    booth: MakeBooth, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = booth()
    monkeypatch.setattr(centre.services.repertoire, "_forms", {})
    refused(one.draft(LAND), "type-unknown")


def test_a_bundle_older_than_central_requires_is_refused_before_the_fee(
    booth: MakeBooth, centre: Centre
) -> None:
    """Osaka's three machines: central names the lowest bundle that it will have the type issued from."""
    assert "여의도동" in delivered(buy(booth(order="O1"), LAND))
    Required(centre.folder.required).write(Requirements(newest=1, minimum={"land": 1}))
    refused(booth(order="O2").draft(LAND), "catalogue-stale")
