"""Whether a display answers is seen before Qt is loaded, which would abort in words of its own."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.apps.display import display_trouble


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
    assert display_trouble({"QT_QPA_PLATFORM": platform, "DISPLAY": ":99"}) == ""


@pytest.mark.parametrize(
    "named",
    [
        {"DISPLAY": ":99"},
        {"DISPLAY": "unix:99.0"},
        {"DISPLAY": "127.0.0.1:99"},
        {"DISPLAY": "no display at all"},
        {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"},
        {"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": ":99", "XDG_RUNTIME_DIR": "/nowhere"},
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
    assert display_trouble({**wayland, "DISPLAY": ":99"}) == ""
    assert display_trouble({**wayland, "DISPLAY": ":99", "QT_QPA_PLATFORM": "xcb"}) != ""
    assert display_trouble({"WAYLAND_DISPLAY": str(answering / "wayland-7")}) == ""
