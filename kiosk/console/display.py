"""Whether a display answers where the environment says there is one, and lets us in. Qt aborts where none does."""

import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_WITHIN_S = 2.0
_WINDOW_WITHIN_S = 20.0
_TRIES_IT = "from PySide6.QtGui import QGuiApplication; QGuiApplication(['try'])"
# Platforms of Qt that need no display of a server's.
_BY_ITSELF = ("eglfs", "linuxfb", "minimal", "minimalegl", "offscreen", "vkkhrdisplay", "vnc")
_X_DISPLAY = re.compile(r"(?P<host>[^:/]*|unix):(?P<number>[0-9]+)(?:\.[0-9]+)?")
_X_PORT = 6_000


def display_trouble(environment: Mapping[str, str]) -> str:
    """Why nothing can be shown here and what to do; "" when a display answers, or none is needed."""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform in _BY_ITSELF:
        return ""
    named = _named(environment)
    if platform.startswith("wayland"):
        named = {"WAYLAND_DISPLAY": named.get("WAYLAND_DISPLAY", "wayland-0")}
    elif platform == "xcb":
        named.pop("WAYLAND_DISPLAY", None)
    if not named:
        return (
            "no display is named here; set DISPLAY or WAYLAND_DISPLAY, or QT_QPA_PLATFORM=offscreen for none"
        )
    if any(_answers(name, value, environment) for name, value in named.items()):
        return ""
    return f"no display answers at {_where(named)}; start one there, or name another"


def window_trouble(environment: Mapping[str, str]) -> str:
    """Why Qt can't open a window where a display answers (no right to it, a library that is not there), in Qt's own
    words; "" when it can. Qt ends the process that asks, so another one does; it takes half a second.
    """
    try:
        done = subprocess.run(
            (sys.executable, "-c", _TRIES_IT),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_WINDOW_WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        why = f"it says nothing within {_WINDOW_WITHIN_S:.0f} s"
    else:
        if done.returncode == 0:
            return ""
        words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        why = words[0].rstrip(".") if words else f"Qt ends with {done.returncode}"
    return (
        f"no window can be opened at {_where(_named(environment))}: {why}; mend that, or name another display"
    )


def _named(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in ("WAYLAND_DISPLAY", "DISPLAY") if (value := environment.get(name))}


def _where(named: Mapping[str, str]) -> str:
    return " or ".join(f"{value} ({name})" for name, value in named.items())


def _answers(name: str, value: str, environment: Mapping[str, str]) -> bool:
    places = _wayland(value, environment) if name == "WAYLAND_DISPLAY" else _x(value)
    return any(map(_open, places))


def _wayland(value: str, environment: Mapping[str, str]) -> list[str | tuple[str, int]]:
    return [str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / value)]


def _x(value: str) -> list[str | tuple[str, int]]:
    """X(7): a socket of this computer, abstract or in a folder, or a port of another."""
    found = _X_DISPLAY.fullmatch(value)
    if found is None:
        return [value] if value.startswith("/") else []
    number = int(found["number"])
    if found["host"] not in ("", "unix"):
        return [(found["host"], _X_PORT + number)]
    path = f"/tmp/.X11-unix/X{number}"
    return [path, f"\0{path}"]


def _open(place: str | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(_WITHIN_S)
        try:
            probe.connect(place)
        except OSError:
            return False
    return True
