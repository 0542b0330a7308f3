"""The start of the server's two listeners: both or none, and a signal ends it at any moment of it."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest
import uvicorn

from central import serve
from central.store.database import OnlyServer
from tests.unit.central.office import Office
from tests.unit.central.test_cli import run

WITHIN_S = 20.0


def start(office: Office, ready_file: Path | None = None) -> None:
    """Serve on free ports, for so long at most."""
    asyncio.run(asyncio.wait_for(serve.serve(office.folder, 0, 0, ready_file), WITHIN_S))


def assert_let_go(office: Office) -> None:
    OnlyServer(office.folder.data).release()


def test_one_port_for_both_listeners_is_refused(office: Office) -> None:
    code, output = run("serve", "--api-port", "18090", "--web-port", "18090", "--data", office.folder.data)
    assert (code, "port 18090 can't be both" in output) == (2, True), output
    assert_let_go(office)


def test_a_port_whose_owner_begins_to_listen_only_now_is_named(office: Office) -> None:
    """Both may bind with SO_REUSEADDR; it is listen(2) that fails."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((serve.HOST, 0))
        port = other.getsockname()[1]
        with (
            serve._bound(port),
            pytest.raises(serve.ServeError, match=f"port {port} cannot be used .*choose another"),
            serve._bound(port),
        ):
            pytest.fail("two listen on one port")


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_listener_that_fails_at_its_start_ends_the_other_one(
    office: Office, monkeypatch: pytest.MonkeyPatch, which: int, when: str
) -> None:
    made: list[serve.Listener] = []
    usual = uvicorn.Server.startup

    async def startup(self: serve.Listener, sockets: list[socket.socket] | None = None) -> None:
        made.append(self)
        mine = len(made) - 1
        if when == "after" or mine != which:
            await usual(self, sockets)
        if mine == which:
            raise RuntimeError("it can't begin")

    monkeypatch.setattr(uvicorn.Server, "startup", startup)
    with pytest.raises(RuntimeError, match="it can't begin"):
        start(office)
    assert len(made) == 2
    assert_let_go(office)


def test_a_ready_file_that_cannot_be_written_ends_both(office: Office, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        start(office, tmp_path / "gone" / "ready.json")
    assert_let_go(office)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_during_the_start_ends_it_though_a_listener_never_comes_to_listen(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: signal.Signals
) -> None:
    async def startup(_self: serve.Listener, sockets: list[socket.socket] | None = None) -> None:
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()

    monkeypatch.setattr(uvicorn.Server, "startup", startup)
    monkeypatch.setattr(serve, "_LAST_S", 0.1)
    start(office, tmp_path / "ready.json")
    assert not (tmp_path / "ready.json").exists()
    assert_let_go(office)
