"""Nobody is there, or nobody may go there: whoever asks is told which, and so is the log."""

import json
import queue
import socket
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from kiosk.bundles.installed import SHIPPED_BUNDLE
from kiosk.core.admin_call import AdminError, bring, bundle_name_of
from kiosk.core.admin_socket import SOCKET
from kiosk.courier.line import Credentials, Line
from kiosk.ipc.json_lines import JsonLineError, ask
from kiosk.ipc.link import LinkError, connect
from kiosk.ipc.listener import listen
from kiosk.ipc.peer import EVENTS, Bus
from kiosk.settings import SettingsError
from tests.rig.another_user import as_another_user, let_pass
from tests.unit.core.ports import UNHEARD

WAIT_S = 10


@pytest.fixture
def run(tmp_path: Path) -> Path:
    let_pass(tmp_path)
    (tmp_path / "sock").mkdir(mode=0o755)
    return tmp_path


def missing(_path: Path) -> Callable[[], None]:
    return lambda: None


def ended(path: Path) -> Callable[[], None]:
    listen(path).close()
    return lambda: None


def forbidden(path: Path) -> Callable[[], None]:
    return listen(path).close


def silent(path: Path) -> Callable[[], None]:
    return listen(path).close


CAUSES = [
    (missing, "missing", "was not started yet (ENOENT)"),
    (ended, "refused", "has ended (ECONNREFUSED)"),
    (forbidden, "no-right", "the machine's own user (EACCES)"),
    (silent, "silent", "does not answer in time"),
]


@pytest.mark.parametrize(("happens", "code", "says"), CAUSES, ids=[row[1] for row in CAUSES])
def test_who_asks_a_program_is_told_why_nobody_answers(
    run: Path, happens: Callable[[Path], Callable[[], None]], code: str, says: str
) -> None:
    tidy = happens(run / "sock" / SOCKET)
    with as_another_user() if happens is forbidden else nullcontext(), pytest.raises(JsonLineError) as told:
        ask(run / "sock" / SOCKET, 0.2, do="bundle")
    tidy()
    assert told.value.code == code
    assert says in str(told.value)


@pytest.mark.parametrize(("happens", "code", "says"), CAUSES[:3], ids=[row[1] for row in CAUSES[:3]])
def test_a_program_that_connects_is_told_why_it_can_not(
    run: Path, happens: Callable[[Path], Callable[[], None]], code: str, says: str
) -> None:
    tidy = happens(run / "sock" / "cash.sock")
    with as_another_user() if happens is forbidden else nullcontext(), pytest.raises(LinkError) as told:
        connect(run / "sock" / "cash.sock", "core", EVENTS)
    tidy()
    assert told.value.code == code
    assert says in str(told.value)


def test_core_says_once_why_a_program_is_away_and_again_when_it_is_for_another_cause(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.ipc.peer.FIRST_RETRY_S", 0.001)
    monkeypatch.setattr("kiosk.ipc.peer.LAST_RETRY_S", 0.001)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    causes = iter(("missing", "missing", "no-right", "no-right", "no-right"))
    tried: queue.SimpleQueue[None] = queue.SimpleQueue()

    def away(*_: object) -> None:
        code = next(causes, None)
        if code is None:
            tried.put(None)
            raise LinkError("cash.sock: away", "no-right")
        raise LinkError("cash.sock: away", code)

    monkeypatch.setattr("kiosk.ipc.peer.connect", away)
    bus = Bus("cash", run / "sock" / "cash.sock", tasks.put)
    bus.listen(UNHEARD)
    bus.start()
    tried.get(timeout=WAIT_S)
    bus.stop()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["event"], line["peer"], line["why"]) for line in lines] == [
        ("peer-away", "cash", "missing"),
        ("peer-away", "cash", "no-right"),
    ]


def test_a_machine_that_this_user_may_not_ask_is_not_taken_for_none(run: Path) -> None:
    assert bundle_name_of(run) == SHIPPED_BUNDLE  # the control: no machine runs here
    server = listen(run / "sock" / SOCKET)
    with as_another_user(), pytest.raises(AdminError, match=r"no machine answers here.*this user may not"):
        bring(run, 1)
    (run / "sock").chmod(0o700)
    with as_another_user(), pytest.raises(AdminError, match="this user may not use the socket"):
        bundle_name_of(run)
    server.close()


@pytest.fixture
def pki(run: Path) -> Path:
    folder = run / "pki"
    folder.mkdir(mode=0o755)
    for name in ("kiosk.pem", "kiosk.key", "ca.pem"):
        (folder / name).write_text("a key")
        (folder / name).chmod(0o644)
    return folder


def line_of(pki: Path) -> Line:
    return Line("https://127.0.0.1:1", Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem"), "x")


def test_a_key_that_may_not_be_read_is_no_machine_that_was_never_enrolled(pki: Path) -> None:
    (pki / "kiosk.key").chmod(0)
    with (
        as_another_user(),
        pytest.raises(SettingsError, match=r"kiosk\.key can't be read; permission denied") as no,
    ):
        line_of(pki)
    assert "enrol" not in str(no.value)


def test_a_key_that_is_not_there_is_one_that_was_never_enrolled(pki: Path) -> None:
    (pki / "kiosk.key").unlink()
    with pytest.raises(SettingsError, match=r"kiosk\.key can't be read; enrol this machine"):
        line_of(pki)


def test_the_owner_of_a_socket_can_connect_to_it(run: Path) -> None:
    """The control of the test in which another user may not: the mode of the socket keeps that user out."""
    server = listen(run / "sock" / SOCKET)
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(str(run / "sock" / SOCKET))
        assert own.getpeername() == str(run / "sock" / SOCKET)
    server.close()
