"""`make steady`: the tests of real programs again and again, in random order, a busy loop on each core beside them.

python -m tools.steady --times 20 --seed 1 [tests/e2e …]

A test that fails in one round of twenty fails in the hands of somebody who changed something else. Each round has a
seed of its own, which is printed: `pytest --lanes 5 --shuffle SEED tests/e2e` takes the same order. Exits with 1 if a
round was not green.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
SLICE = ("tests/e2e",)
_BUSY = "while True: pass"


@dataclass(frozen=True)
class Round:
    """How one round ended: the tests that were red, each with its first line, and pytest's exit code."""

    seed: int
    seconds: float
    tests: int
    red: dict[str, str]
    code: int

    @property
    def green(self) -> bool:
        """Every test passed, and there were some."""
        return self.code == 0 and self.tests > 0 and not self.red


@contextmanager
def busy() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """A loop on each core that never waits. They end with this process, however it ends."""
    loops = [
        subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-c", _BUSY])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield loops
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def run(tests: Sequence[str], seed: int, lanes: int) -> Round:
    """All of them once, in the order of this seed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="steady") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        command += ["--lanes", str(lanes), "--shuffle", str(seed), *tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        count, red = told(report) if report.exists() else (0, {})
    if done.returncode not in (0, 1):
        red = {**red, "pytest": " ".join(done.stdout.splitlines()[-1:])}
    return Round(seed, time.monotonic() - began, count, red, done.returncode)


def told(report: Path) -> tuple[int, dict[str, str]]:
    """How many tests a report has, and of those that were red the first line. Our own pytest wrote it a moment ago."""
    cases = list(ET.parse(report).iter("testcase"))
    red = {}
    for case in cases:
        for end in case:
            if end.tag in ("failure", "error"):
                name = f"{case.get('classname', '')}::{case.get('name', '')}"
                red[name] = " ".join(end.get("message", "").split())[:200]
    return len(cases), red


def summary(rounds: Sequence[Round]) -> list[str]:
    """What failed how often, and in which rounds."""
    often = Counter(name for one in rounds for name in one.red)
    lines = []
    for name, count in often.most_common():
        seeds = [one.seed for one in rounds if name in one.red]
        [why, *_] = [one.red[name] for one in rounds if name in one.red]
        lines.append(f"{count} of {len(rounds)}: {name} (seeds {', '.join(map(str, seeds))})\n    {why}")
    green = sum(one.green for one in rounds)
    lines.append(f"steady: {green} of {len(rounds)} green, {sum(one.seconds for one in rounds):.0f} s")
    return lines


def main(words: Sequence[str]) -> int:
    """All rounds, a line each."""
    parser = argparse.ArgumentParser(prog="make steady")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=5)
    parser.add_argument("tests", nargs="*", default=SLICE)
    wanted = parser.parse_args(words)
    rounds: list[Round] = []
    try:
        with busy():
            for number in range(wanted.times):
                one = run(wanted.tests, wanted.seed + number, wanted.lanes)
                rounds.append(one)
                how = "green" if one.green else f"{len(one.red)} red"
                print(
                    f"{number + 1}/{wanted.times}: seed {one.seed}, {one.tests} tests, {one.seconds:.0f} s, {how}",
                    flush=True,
                )
    finally:
        print("\n".join(summary(rounds)), flush=True)
    return 0 if rounds and all(one.green for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
