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

from kiosk.apps.bench.bar import Bar, percentile
from kiosk.apps.bench.footprint import machine, pause
from kiosk.apps.supervisor import Rig

PRESSES = 60
LIMIT_MS = 30.0
GIVE_UP_S = 2.0
SCREEN = (1080, 1920)
ALL_PLANES = 0xFFFFFFFF


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


def _press_often(rig: Rig, name: str) -> list[float]:
    for control in ("start", "type:land", "area:1", "key:6"):
        rig.robot(do="wait", control=control, timeout_ms=10_000)
        rig.robot(do="press", control=control)
    rig.robot(do="wait", control="key:7", timeout_ms=10_000)
    screen = display.Display(name)
    places = {control["control"]: control["rect"] for control in rig.robot(do="tree")["controls"]}
    digit, delete = _middle(places["key:7"]), _middle(places["key:delete"])
    watched = _entry(places)
    samples = []
    for number in range(PRESSES):
        pause(0.15)
        samples.append(_press(screen, digit if number % 2 == 0 else delete, watched))
    screen.close()
    return samples


def _middle(rect: list[float]) -> tuple[int, int]:
    x, y, width, height = rect
    return round(x + width / 2), round(y + height / 2)


def _entry(places: dict[str, list[float]]) -> tuple[int, int, int, int]:
    """The strip above the keypad, where what was typed is shown: no key's own pressed look lies in it."""
    top = min(rect[1] for name, rect in places.items() if name.startswith("key:"))
    height = 260
    return 0, max(0, round(top) - height), SCREEN[0], height - 8


def _press(screen: Any, where: tuple[int, int], watched: tuple[int, int, int, int]) -> float:
    """Milliseconds from the press's arrival at the server to the first changed pixel of the watched strip."""
    root = screen.screen().root
    xtest.fake_input(screen, X.MotionNotify, x=where[0], y=where[1])
    screen.sync()
    before = root.get_image(*watched, X.ZPixmap, ALL_PLANES).data
    start = time.perf_counter()
    xtest.fake_input(screen, X.ButtonPress, 1)
    xtest.fake_input(screen, X.ButtonRelease, 1)
    screen.sync()
    while root.get_image(*watched, X.ZPixmap, ALL_PLANES).data == before:
        if time.perf_counter() - start > GIVE_UP_S:
            raise TimeoutError(f"a press at {where} changed nothing within {GIVE_UP_S:.0f} s")
    return (time.perf_counter() - start) * 1000
