"""What core may ask of a payment terminal: odd values end the caller's connection, all others go over the wire."""

import json
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_terminal.bus import TerminalBus
from drivers.contract import AnyCommand, Capture, DeviceState, ErrorCode, Event, Outcome
from kiosk.ipc.build import BUILD
from kiosk.programs.devices import Server
from kiosk.protocol.frames import encode
from kiosk.protocol.hello import Hello
from kiosk.settings import Printer, Settings, Terminal
from tests.unit.drivers.odd_terminal import OddTerminal
from tests.unit.drivers.virtual import Clockwork

PATIENCE_S = 10.0
GOOD: dict[str, dict[str, Any]] = {
    "Authorise": {"key": "O-c1", "amount": 500},
    "Capture": {"key": "O-c1", "receipt": 7, "reserved": 500, "amount": 500},
    "Reverse": {"key": "O-c1", "receipt": 7},
}
ODD: dict[str, tuple[Any, ...]] = {
    "key": ("", "é", "O c1", "O-c1\n", "\x00", "\ud800", "x" * 65),
    "amount": (-1, 10**12, 10**400, 1.5),
    "reserved": (-1, 10**12, 10**400),
    "receipt": (-1, 10_000, 100_000, 10**400),
}
ODD_ONES = [(kind, field, value) for kind, good in GOOD.items() for field in good for value in ODD[field]]


def written(kind: str, **changed: object) -> bytes:
    """The command as a caller may write it. (json: msgspec itself writes no lone surrogates.)"""
    return json.dumps({"type": kind, "request": "r1", **GOOD[kind], **changed}).encode()


@pytest.mark.parametrize(
    ("kind", "field", "value"), ODD_ONES, ids=[f"{k}-{f}-{n}" for n, (k, f, _) in enumerate(ODD_ONES)]
)
def test_a_value_that_no_terminal_has_room_for_is_no_command(kind: str, field: str, value: object) -> None:
    msgspec.json.decode(written(kind), type=AnyCommand)
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(written(kind, **{field: value}), type=AnyCommand)


def decoded(kind: str, fields: dict[str, Any]) -> AnyCommand | None:
    try:
        command: AnyCommand = msgspec.json.decode(written(kind, **fields), type=AnyCommand)
    except msgspec.DecodeError:
        return None
    return command


_NUMBERS = st.one_of(
    st.integers(), st.integers(0, 10**12), st.integers(0, 10_000), st.sampled_from(ODD["amount"])
)
_KEYS = st.text(max_size=70) | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=70)


@given(st.sampled_from(sorted(GOOD)), _KEYS, _NUMBERS, _NUMBERS, _NUMBERS)
def test_each_command_that_is_one_goes_over_the_wire_and_none_ends_the_program(
    kind: str, key: str, receipt: int, reserved: int, amount: int
) -> None:
    asked = {"key": key, "receipt": receipt, "reserved": reserved, "amount": amount}
    command = decoded(kind, {name: asked[name] for name in GOOD[kind]})
    if command is None:
        return
    far, clockwork = OddTerminal(), Clockwork()
    clockwork.bus = bus = TerminalBus("192.0.2.1:1", clockwork.emit, open_port=far.open)
    clockwork.until(lambda: bus.statuses()[0].state is DeviceState.READY, 10)
    ends: list[Event] = []
    bus.submit(command, lambda end, _handed: ends.append(end))
    clockwork.until(lambda: ends, 10)
    said = [apdu for apdu in far.heard if apdu.code in (0x0622, 0x0623, 0x0625)]
    assert len(said) == (0 if isinstance(command, Capture) and command.amount > command.reserved else 1)


def test_more_than_is_reserved_is_not_charged_and_nothing_is_said() -> None:
    far, clockwork = OddTerminal(), Clockwork()
    clockwork.bus = bus = TerminalBus("192.0.2.1:1", clockwork.emit, open_port=far.open)
    clockwork.until(lambda: bus.statuses()[0].state is DeviceState.READY, 10)
    end = clockwork.run(Capture, key="O-c1", receipt=7, reserved=500, amount=501)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert not [apdu for apdu in far.heard if apdu.code == 0x0623]


@pytest.fixture
def served() -> Iterator[Path]:
    """The socket of the terminal's program; nobody listens at its terminal."""
    folder = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    machine = Settings(
        "K-1", str(folder), "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
    )
    server = Server("terminal", msgspec.structs.replace(machine, terminal=Terminal("127.0.0.1:9")))
    thread = threading.Thread(target=server.serve)
    thread.start()
    path = folder / "sock" / "terminal.sock"
    try:
        while not path.exists():
            assert thread.is_alive()
            threading.Event().wait(0.005)
        yield path
    finally:
        server.runner.stop()
        thread.join(PATIENCE_S)
        shutil.rmtree(folder)


def caller(path: Path) -> socket.socket:
    """Core, as far as it is welcome."""
    end = socket.socket(socket.AF_UNIX)
    end.settimeout(PATIENCE_S)
    end.connect(str(path))
    end.sendall(encode(Hello("core", BUILD)))
    return end


def heard_until(end: socket.socket, wanted: bytes) -> bool:
    """Whether this comes; False: hung up on."""
    heard = b""
    while wanted not in heard:
        more = end.recv(4096)
        if not more:
            return False
        heard += more
    return True


def test_an_odd_command_ends_its_callers_connection_and_nothing_else(served: Path) -> None:
    for kind, field, value in ODD_ONES:
        with caller(served) as odd:
            body = written(kind, **{field: value})
            odd.sendall(len(body).to_bytes(4, "big") + body)
            assert not heard_until(odd, b"Completed"), (kind, field)
    with caller(served) as good:
        body = written("Authorise")
        good.sendall(len(body).to_bytes(4, "big") + body)
        assert heard_until(good, b"Completed")
