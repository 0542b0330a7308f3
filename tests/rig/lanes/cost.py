"""What a run of the tests costs: seconds of each folder, its slowest tests, and the memory of all its processes."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest

_LOOK_EVERY_S = 10.0
_SLOWEST = 20


class Cost:
    """Counts while the tests run."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._known: dict[int, str] = {}
        self._looked = 0.0
        self._of_test: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()
        self._of_folder: Counter[str] = Counter()
        self._cpu: Counter[str] = Counter()
        self.most_mb = 0.0

    def took(self, report: pytest.TestReport) -> None:
        """A stage of a test is over."""
        self._of_test[report.nodeid] += report.duration  # type: ignore[assignment]
        folder = _folder(report.nodeid.removeprefix("tests/"))
        self._of_folder[folder] += report.duration  # type: ignore[assignment]
        self._tests[folder] += report.when == "call"

    def spent(self, file: str, cpu_s: float) -> None:
        """So many seconds of a core, by a share that begins with this file."""
        self._cpu[_folder(file)] += cpu_s  # type: ignore[assignment]

    def look(self) -> None:
        """Now and then: what all processes hold, each page that several share counted once (proportional set size)."""
        now = time.monotonic()
        if now - self._looked < _LOOK_EVERY_S:
            return
        self._looked = now
        self.most_mb = max(self.most_mb, self._held_mb())

    def show(self, reporter: pytest.TerminalReporter, seconds: float) -> None:
        """The table."""
        reporter.section("cost")
        reporter.write_line(f"{'seconds':>9} {'of a core':>10} {'tests':>7}  folder")
        for folder, took in self._of_folder.most_common():
            reporter.write_line(
                f"{took:9.1f} {self._cpu[folder]:10.1f} {self._tests[folder]:7}  tests/{folder}"
            )
        reporter.write_line(
            f"{sum(self._of_folder.values()):9.1f} {sum(self._cpu.values()):10.1f} {sum(self._tests.values()):7}  all"
        )
        reporter.section(f"slowest {_SLOWEST}")
        for test, took in self._of_test.most_common(_SLOWEST):
            reporter.write_line(f"{took:9.1f}  {test}")
        reporter.write_line("")
        reporter.write_line(
            f"cost: {seconds:.0f} s, {sum(self._cpu.values()):.0f} core-seconds, at most {self.most_mb:,.0f} MB"
        )

    def _held_mb(self) -> float:
        # Whoever was seen once as a descendant counts until it ends, also when its parent has left it behind.
        table = _processes()
        alive = {pid: began for pid, (_, began) in table.items()}
        self._known = {pid: began for pid, began in self._known.items() if alive.get(pid) == began}
        self._known[self._root] = alive.get(self._root, "")
        for pid in sorted(table):
            line, at = [pid], pid
            while at in table and at not in self._known:
                at = table[at][0]
                line.append(at)
            if at in self._known:
                self._known |= {one: alive[one] for one in line if one in alive}
        return sum(_proportional_kb(pid) for pid in self._known) / 1024


def _folder(file: str) -> str:
    """Of `unit/order/test_x.py::…`: `unit/order`; of other folders their first name."""
    parts = Path(file.partition("::")[0]).parts[:-1]
    return "/".join(parts[: 2 if parts[:1] == ("unit",) else 1])


def _processes() -> dict[int, tuple[int, str]]:
    """Each process with its parent and when it began."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{name}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        found[int(name)] = (int(fields[1]), fields[19])
    return found


def _proportional_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
