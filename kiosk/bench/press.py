"""From a finger to changed pixels, through ui and core, seen from a third process: XTest presses, XGetImage looks."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Xlib import X, display
from Xlib.ext import xtest

from kiosk.bench.bar import Bar, percentile
from kiosk.bench.footprint import machine, pause
from kiosk.desk.desk_machine import DeskMachine

PRESSES = 60
LIMIT_MS = 30.0
GIVE_UP_S = 2.0
SCREEN = (1080, 1920)
ALL_PLANES = 0xFFFFFFFF
BYTES_A_PIXEL = 4
SETTLE_S = 1.0
KEYS = ("key:1", "key:7", "key:delete")

# x, y, width, height in pixels of the screen
Area = tuple[int, int, int, int]


def measure() -> Bar:
    """Type and delete a digit of the lot number, on the keypad, PRESSES times."""
    with _screen() as name:
        environment = {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software"}
        with machine(environment) as rig:
            rig.wait_ready()
            samples = _press_often(rig, name)
    spread = f"{len(samples)} presses, median {percentile(samples, 0.5):.1f}, worst {max(samples):.1f}"
    return Bar(
        "press → changed pixels, through ui and core, p95", percentile(samples, 0.95), LIMIT_MS, "ms", spread
    )


@contextmanager
def _screen() -> Iterator[str]:
    """A virtual screen of the kiosk panel's size. Raises FileNotFoundError without Xvfb."""
    server = shutil.which("Xvfb")
    if server is None:
        raise FileNotFoundError("Xvfb is not installed; `make setup` brings it")
    reader, writer = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    command = [server, "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def _press_often(rig: DeskMachine, name: str) -> list[float]:
    for control in ("start", "type:land", "area:1", "key:6"):
        rig.robot(do="wait", control=control, timeout_ms=10_000)
        rig.robot(do="press", control=control)
    rig.robot(do="wait", control="key:7", timeout_ms=10_000)
    screen = display.Display(name)
    places = {control["control"]: control["rect"] for control in rig.robot(do="tree")["controls"]}
    digit, delete = _middle(places["key:7"]), _middle(places["key:delete"])
    above_keys = (0, 0, SCREEN[0], round(min(rect[1] for name, rect in places.items() if name in KEYS)) - 8)
    watched = _changed_rows(screen, digit, above_keys)
    samples = []
    for number in range(PRESSES):
        pause(0.15)
        samples.append(_press(screen, delete if number % 2 == 0 else digit, watched))
    screen.close()
    return samples


def _middle(rect: list[float]) -> tuple[int, int]:
    x, y, width, height = rect
    return round(x + width / 2), round(y + height / 2)


def _changed_rows(screen: Any, where: tuple[int, int], area: Area) -> Area:
    """The rows of `area` that a press changes: where what was typed is shown, without the keys' own pressed look."""
    x, y, width, _height = area
    before = _look(screen, area)
    _click(screen, where)
    pause(SETTLE_S)
    after = _look(screen, area)
    row = width * BYTES_A_PIXEL
    changed = [
        at // row for at in range(0, len(before), row) if before[at : at + row] != after[at : at + row]
    ]
    if not changed:
        raise TimeoutError(f"a press at {where} changed nothing above the keys within {SETTLE_S:.0f} s")
    return x, y + changed[0], width, changed[-1] - changed[0] + 1


def _press(screen: Any, where: tuple[int, int], watched: Area) -> float:
    """Milliseconds from the press's arrival at the server to the first changed pixel of the watched rows."""
    before = _look(screen, watched)
    start = time.perf_counter()
    _click(screen, where)
    while _look(screen, watched) == before:
        if time.perf_counter() - start > GIVE_UP_S:
            raise TimeoutError(f"a press at {where} changed nothing within {GIVE_UP_S:.0f} s")
    return (time.perf_counter() - start) * 1000


def _click(screen: Any, where: tuple[int, int]) -> None:
    xtest.fake_input(screen, X.MotionNotify, x=where[0], y=where[1])
    xtest.fake_input(screen, X.ButtonPress, 1)
    xtest.fake_input(screen, X.ButtonRelease, 1)
    screen.sync()


def _look(screen: Any, area: Area) -> bytes:
    """The pixels of an area of the whole screen, as they are now."""
    pixels: bytes = screen.screen().root.get_image(*area, X.ZPixmap, ALL_PLANES).data
    return pixels
