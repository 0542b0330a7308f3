"""`make mutants`: each known mistake, put into a copy of the source, has to be caught by the test that is named for it.

python tools/mutants.py        all of tests/mutants/*.patch
python tools/mutants.py 06 13  those whose name begins so

A mutant is caught when an assertion of its test fails; a test that breaks in another way has proved nothing. The same
tests are run without any mutant first. Exits with 1 when one survives.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "tests" / "mutants"
TEST = "test: "
SHOWN = 150


@dataclass(frozen=True)
class Mutant:
    """A mistake: what it is, as a diff, and the test that has to fail."""

    name: str
    what: str
    test: str
    patch: Path


@dataclass(frozen=True)
class Run:
    """How a test ended: `passed`, the first failing `assertion`, or what else went wrong (`broken`)."""

    passed: bool
    assertion: str = ""
    broken: str = ""


def mutants(wanted: Sequence[str]) -> list[Mutant]:
    """Those that are asked for, all of them without a wish."""
    found = [read(patch) for patch in sorted(MUTANTS.glob("*.patch"))]
    return [mutant for mutant in found if not wanted or mutant.name.startswith(tuple(wanted))]


def read(patch: Path) -> Mutant:
    """The two lines before the diff: what is wrong, and `test: ` with the test."""
    what, test = patch.read_text("utf-8").splitlines()[:2]
    if not test.startswith(TEST):
        raise SystemExit(f"mutants: {patch.name} names no test in its second line")
    return Mutant(patch.stem, what, test.removeprefix(TEST), patch)


def copy_of_the_tree(place: Path) -> Path:
    """The files git would take, committed or not, in a tree of their own.

    What is compiled already comes along: like the source, it has its time, by which Python sees whether it still fits.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = [name for name in listed.split("\0") if (ROOT / name).is_file()]
    for name in [*names, *(cache_from_source(name) for name in names if name.endswith(".py"))]:
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    (place / ".venv").symlink_to(ROOT / ".venv")
    return place


def run(place: Path, tests: Sequence[str]) -> Run:
    """Run tests in that tree, on its own source, up to the first failure."""
    report = place / "report.xml"
    report.unlink(missing_ok=True)
    alone = {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", f"--junitxml={report}", *tests]
    done = subprocess.run(
        command, cwd=place, env={**os.environ, **alone}, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return Run(passed=True)
    if done.returncode != 1 or not report.exists():
        return Run(passed=False, broken=(done.stdout + done.stderr).strip().splitlines()[-1])
    return judged(report)


def judged(report: Path) -> Run:
    """The first failure of a report; only a failed assertion is one."""
    # The report is our own pytest's, written a moment ago.
    for case in ET.parse(report).iter("testcase"):
        for end in case:
            message = end.get("message", "").removeprefix("AssertionError: ")
            if end.tag == "failure" and end.get("message", "").startswith(("AssertionError", "assert ")):
                return Run(passed=False, assertion=" ".join(message.splitlines()[0].split())[:SHOWN])
            if end.tag in ("failure", "error"):
                return Run(passed=False, broken=f"{end.tag}: {message.splitlines()[0] if message else ''}")
    return Run(passed=False, broken="no failure in the report")


def with_mutant(place: Path, mutant: Mutant) -> Run:
    """The mutant's test on the tree with the mutant in it; the tree is as it was afterwards."""
    apply = ["git", "apply", "--recount", "-C1", str(mutant.patch)]
    done = subprocess.run(apply, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        return Run(passed=False, broken=f"the diff does not fit any more: {done.stderr.strip()}")
    try:
        return run(place, [mutant.test])
    finally:
        subprocess.run([*apply, "--reverse"], cwd=place, check=True)


def main(wanted: Sequence[str]) -> int:
    """Try them all, one line each."""
    chosen, survived, began = mutants(wanted), 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        place = copy_of_the_tree(Path(folder))
        tests = sorted({mutant.test for mutant in chosen})
        sound = run(place, tests)
        print(
            f"unmutated: {'green' if sound.passed else 'RED: ' + (sound.assertion or sound.broken)}",
            flush=True,
        )
        for mutant in chosen:
            end = with_mutant(place, mutant)
            survived += not end.assertion
            found = end.assertion or f"SURVIVES ({end.broken or 'the test passes'})"
            print(f"{mutant.name}: {mutant.what}\n  → {mutant.test}\n  → {found}", flush=True)
    seconds = time.monotonic() - began
    print(f"mutants: {len(chosen)} caught={len(chosen) - survived} survived={survived} in {seconds:.0f} s")
    return 0 if sound.passed and not survived else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
