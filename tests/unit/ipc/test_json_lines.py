"""The desk's control sockets answer every line, and say what is wrong."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.ipc.json_lines import JsonLineError, Server, ask


def answer(request: dict[str, Any]) -> dict[str, Any]:
    if request["do"] != "double":
        raise JsonLineError("can only double")
    return {"value": request["value"] * 2}


@pytest.fixture
def path() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    server = Server(place / "it.sock", answer)
    server.start()
    yield place / "it.sock"
    server.stop()
    shutil.rmtree(place)


def test_a_request_gets_its_answer(path: Path) -> None:
    assert ask(path, 5, do="double", value=21) == {"ok": True, "value": 42}


def test_a_refusal_is_an_error_with_its_reason(path: Path) -> None:
    with pytest.raises(JsonLineError, match="can only double"):
        ask(path, 5, do="halve")


@pytest.mark.parametrize("line", [b"{\n", b"[]\n", b"\xff\xfe\n", b"[" * 5000 + b"\n"])
def test_a_line_that_is_no_request_is_told_so_and_the_next_one_answered(path: Path, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(5)
        sock.connect(str(path))
        with sock.makefile("rb") as reader:
            sock.sendall(line)
            assert b'"ok": false' in reader.readline()
            sock.sendall(b'{"do": "double", "value": 1}\n')
            assert b'"value": 2' in reader.readline()


def test_nobody_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JsonLineError, match=r"gone\.sock"):
        ask(tmp_path / "gone.sock", 1, do="state")


def test_two_who_ask_at_once_both_have_their_answer(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.settimeout(5)
        other.connect(str(path))
        other.sendall(b'{"do": "double", ')  # in the middle of its request
        assert ask(path, 5, do="double", value=21)["value"] == 42
        other.sendall(b'"value": 1}\n')
        with other.makefile("rb") as reader:
            assert b'"value": 2' in reader.readline()
