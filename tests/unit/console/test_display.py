"""Whether a display answers is seen before Qt is loaded, which would abort in words of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.console.display import display_trouble, window_trouble
from kiosk.protocol.exits import MISSING
from tests.rig.x_server import x_server


@pytest.fixture
def answering() -> Iterator[Path]:
    """A place where a compositor listens."""
    with (
        tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as place,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server,
    ):
        server.bind(os.path.join(place, "wayland-7"))
        server.listen()
        yield Path(place)


@pytest.mark.parametrize("platform", ["offscreen", "eglfs", "linuxfb:fb=/dev/fb0", "vnc"])
def test_where_none_is_needed_none_is_looked_for(platform: str) -> None:
    assert display_trouble({"QT_QPA_PLATFORM": platform, "DISPLAY": ":7531"}) == ""


@pytest.mark.parametrize(
    "named",
    [
        {"DISPLAY": ":7531"},
        {"DISPLAY": "unix:7531.0"},
        {"DISPLAY": "127.0.0.1:7531"},
        {"DISPLAY": "no display at all"},
        {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"},
        {"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": ":7531", "XDG_RUNTIME_DIR": "/nowhere"},
        {"WAYLAND_DISPLAY": "wayland-9", "QT_QPA_PLATFORM": "wayland"},
    ],
    ids=lambda named: ",".join(named.values()),
)
def test_nobody_there_is_one_sentence_that_names_who_was_asked(named: dict[str, str]) -> None:
    said = display_trouble(named)
    assert said.startswith("no display answers at ")
    assert said.endswith("; start one there, or name another")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        assert (f"{named.get(name)} ({name})" in said) == (name in named)


def test_none_named_says_what_to_name() -> None:
    assert display_trouble({}).startswith("no display is named here; set DISPLAY or WAYLAND_DISPLAY")


def test_a_display_that_answers_is_no_trouble_also_beside_one_that_does_not(answering: Path) -> None:
    wayland = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(answering)}
    assert display_trouble(wayland) == ""
    assert display_trouble({**wayland, "DISPLAY": ":7531"}) == ""
    assert display_trouble({**wayland, "DISPLAY": ":7531", "QT_QPA_PLATFORM": "xcb"}) != ""
    assert display_trouble({"WAYLAND_DISPLAY": str(answering / "wayland-7")}) == ""


needs_x = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen (xvfb)")


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody whom the X server, which answers, does not know."""
    nobody = tmp_path / "nobody"
    nobody.touch()
    keys = tmp_path / "keys"
    # Xauth's format (Xau(3)): family "any", no address, no number, the way, and the key that one has to know.
    entry = (b"", b"", b"MIT-MAGIC-COOKIE-1", b"0123456789abcdef")
    keys.write_bytes(b"\xff\xff" + b"".join(len(part).to_bytes(2, "big") + part for part in entry))
    with x_server("-auth", str(keys)) as display:
        environment = {**os.environ, "DISPLAY": display, "XAUTHORITY": str(nobody)}
        environment.pop("QT_QPA_PLATFORM")
        yield environment


@needs_x
def test_a_display_that_lets_nobody_in_is_told_with_its_words(locked: dict[str, str]) -> None:
    assert display_trouble(locked) == "", "somebody answers"
    said = window_trouble(locked)
    assert said.startswith(f"no window can be opened at {locked['DISPLAY']} (DISPLAY): ")
    assert "uthorization" in said
    assert said.endswith("; mend that, or name another display")


@needs_x
def test_a_display_that_lets_us_in_is_no_trouble() -> None:
    with x_server() as display:
        environment = {**os.environ, "DISPLAY": display}
        environment.pop("QT_QPA_PLATFORM")
        assert window_trouble(environment) == ""


@needs_x
def test_a_demo_that_may_open_no_window_ends_before_it_starts_anything(
    locked: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = (sys.executable, "-m", "kiosk.cli", "demo", "--window", "--out", str(out))
    done = subprocess.run(command, env=locked, capture_output=True, text=True, check=False, timeout=40)
    assert (done.returncode, done.stdout) == (MISSING, "")
    assert "no window can be opened at" in done.stderr
    assert "kiosk demo --headless" in done.stderr
    assert not out.exists()
