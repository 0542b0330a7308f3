"""Memory and idle CPU of the machine's own programs at the attract screen: ui, core, devices, courier."""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.bench.bar import Bar
from kiosk.desk.desk_machine import HEADLESS_SCREEN, DeskMachine

SETTLE_S = 8.0
WATCH_S = 20.0
PSS_LIMIT_MB = 260.0
CPU_LIMIT_PERCENT = 2.0


@contextmanager
def machine(
    screen: dict[str, str] | None,
    arguments: tuple[str, ...] = (),
    *,
    card_reader: bool = False,
    direct_cards: bool = False,
) -> Iterator[DeskMachine]:
    """A whole machine on this desk, stopped and wiped afterwards."""
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run, tempfile.TemporaryDirectory() as out:
        rig = DeskMachine(
            Path(run),
            Path(out),
            screen=screen,
            ui_arguments=arguments,
            card_reader=card_reader,
            direct_cards=direct_cards,
        )
        rig.start()
        try:
            yield rig
        finally:
            rig.stop()


def measure() -> list[Bar]:
    """Let the machine come to rest, then watch it. Nothing is pressed."""
    with machine(dict(HEADLESS_SCREEN)) as rig:
        rig.wait_ready()
        pause(SETTLE_S)
        pids = rig.pids()
        before = {name: cpu_ticks(pid) for name, pid in pids.items()}
        pause(WATCH_S)
        used = {name: cpu_ticks(pid) - before[name] for name, pid in pids.items()}
        sizes = {name: pss_mb(pid) for name, pid in pids.items()}
    percent = {name: ticks / os.sysconf("SC_CLK_TCK") / WATCH_S * 100 for name, ticks in used.items()}
    return [
        Bar("PSS of ui, core, devices, courier, idle", sum(sizes.values()), PSS_LIMIT_MB, "MB", _each(sizes)),
        Bar(
            "idle CPU of all of them", sum(percent.values()), CPU_LIMIT_PERCENT, "% of a core", _each(percent)
        ),
    ]


def pause(seconds: float) -> None:
    """Let wall time pass: a resting machine is what is measured."""
    threading.Event().wait(seconds)


def pss_mb(pid: int) -> float:
    """Proportional set size of a process in MB (10^6 bytes)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(f"process {pid} has no memory map")


def cpu_ticks(pid: int) -> int:
    """User and system time that a process has used so far, in clock ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _each(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
