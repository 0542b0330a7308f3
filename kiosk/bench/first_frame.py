"""From starting the ui program to its first frame with something on it. This process plays core."""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from kiosk.bench.bar import Bar
from kiosk.bundles.catalogue_files import load_catalogue
from kiosk.desk import machine_folder
from kiosk.desk.desk_machine import HEADLESS_SCREEN
from kiosk.environment import wiping_environment
from kiosk.ipc.link import accept, listen
from kiosk.protocol.screen import FROM_UI, FrameShown, Snapshot
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import present
from kiosk.visit.state import first
from kiosk.words.words import load

STARTS = 7
LIMIT_MS = 500.0
GIVE_UP_S = 20.0


def measure() -> Bar:
    """Start it STARTS times; the first start only warms the disk cache and is not counted."""
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as place:
        run = Path(place)
        machine_folder.make_directories(run, run / "out")
        machine_folder.write_settings(run, central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print")
        facts = MachineFacts("63", "1", "02")
        snapshot = present(first(load_catalogue()), load("ko"), facts, seq=1, since=1, now_ms=0)
        samples = [_start(run, snapshot) for _ in range(STARTS)][1:]
    detail = f"median of {len(samples)} starts, {min(samples):.0f} to {max(samples):.0f}"
    return Bar("ui start → first frame", statistics.median(samples), LIMIT_MS, "ms", detail)


def _start(run: Path, snapshot: Snapshot) -> float:
    server = listen(run / "sock" / "ui.sock")
    shown = threading.Event()
    start = time.perf_counter()
    command = [sys.executable, "-m", "kiosk.cli", "ui", "--run", str(run)]
    process = subprocess.Popen(command, env=wiping_environment() | HEADLESS_SCREEN)
    try:
        link = accept(server, "core", FROM_UI)
        link.start(
            lambda message, _handed: shown.set() if isinstance(message, FrameShown) else None, lambda: None
        )
        link.send(snapshot)
        if not shown.wait(GIVE_UP_S):
            raise TimeoutError(f"the ui showed nothing within {GIVE_UP_S:.0f} s")
        return (time.perf_counter() - start) * 1000
    finally:
        process.kill()
        process.wait()
        server.close()
