"""`make changes`: what a change costs. Each trial change is put into a copy of the source; its tests have to pass.

python tools/changes.py        all of tests/changes/*.patch
python tools/changes.py 1 3    those whose name begins so

Prints which files of the product each one touches, by room. Exits with 1 where a test fails, where a change has to
touch more than its bar says, or where the types let a forced place be forgotten.
"""

import fnmatch
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutants import ROOT, copy_of_the_tree, run

CHANGES = ROOT / "tests" / "changes"
NOT_PRODUCT = ("tests/", "docs/")


@dataclass(frozen=True)
class Change:
    """A trial change. `bar`: the only files of the product that it may touch. `forced`: places that mypy asks for."""

    name: str
    what: str
    patch: Path
    tests: tuple[str, ...]
    bar: tuple[str, ...]
    forced: tuple[str, ...]


def changes(wanted: Sequence[str]) -> list[Change]:
    """Those that are asked for, all of them without a wish."""
    found = [read(patch) for patch in sorted(CHANGES.glob("*.patch"))]
    return [change for change in found if not wanted or change.name.startswith(tuple(wanted))]


def read(patch: Path) -> Change:
    """The lines before the diff: what it is, then `tests:`, `bar:` and perhaps `forced:` with files."""
    what, *rest = patch.read_text("utf-8").partition("\ndiff --git ")[0].splitlines()
    said = {name: tuple(files.split()) for name, _, files in (line.partition(": ") for line in rest)}
    return Change(patch.stem, what, patch, said["tests"], said["bar"], said.get("forced", ()))


def touched(change: Change) -> dict[str, int]:
    """Each file of the product that it touches, and the lines that it adds there."""
    stat = ["git", "apply", "--numstat", str(change.patch)]
    done = subprocess.run(stat, cwd=ROOT, check=True, capture_output=True, text=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: int(added) for added, _, name in rows if not name.startswith(NOT_PRODUCT)}


def room(file: str) -> str:
    """`kiosk/words` of a file in there; a file at the top is its own."""
    parts = file.split("/")[:-1]
    return "/".join(parts[:2]) if parts else file


def beyond(change: Change, files: Sequence[str]) -> list[str]:
    """What it touches and may not."""
    return [file for file in files if not any(fnmatch.fnmatch(file, glob) for glob in change.bar)]


def forgotten(place: Path, change: Change) -> Iterator[str]:
    """The forced places that could be left out without mypy naming one of them."""
    for file in change.forced:
        apply = ["git", "apply", "--recount", f"--include={file}", str(change.patch)]
        subprocess.run([*apply, "--reverse"], cwd=place, check=True)
        check = [sys.executable, "-m", "mypy", "kiosk", "central"]
        done = subprocess.run(check, cwd=place, capture_output=True, text=True, check=False)
        if f"{file}:" not in done.stdout:
            yield file
        subprocess.run(apply, cwd=place, check=True)


def put_in(place: Path, change: Change) -> str:
    """Put it into that tree; why it does not fit, or "" where it does."""
    done = subprocess.run(_apply(change), cwd=place, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def _apply(change: Change) -> list[str]:
    return ["git", "apply", "--recount", "-C1", str(change.patch)]


def tried(place: Path, change: Change) -> list[str]:
    """Put it in, run its tests, leave out each forced place, take it out; what is wrong with it."""
    if refused := put_in(place, change):
        return [f"the diff does not fit any more: {refused}"]
    try:
        end = run(place, change.tests)
        wrong = [] if end.passed else [f"its tests fail: {end.assertion or end.broken}"]
        return [*wrong, *(f"{file} could be forgotten" for file in forgotten(place, change))]
    finally:
        subprocess.run([*_apply(change), "--reverse"], cwd=place, check=True)


def told(files: dict[str, int]) -> str:
    """The files by room."""
    rooms, lines = Counter(room(file) for file in files), Counter[str]()
    for file, added in files.items():
        lines[room(file)] += added
    return ", ".join(f"{name} {count} ({lines[name]} lines)" for name, count in rooms.items())


def main(wanted: Sequence[str]) -> int:
    """Try them all."""
    chosen, bad, began = changes(wanted), 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="changes") as folder:
        place = copy_of_the_tree(Path(folder))
        for change in chosen:
            files = touched(change)
            wrong = [f"touches {file}, past its bar" for file in beyond(change, [*files])]
            wrong += tried(place, change)
            bad += bool(wrong)
            print(f"{change.name}: {change.what}\n  → files of the product: {len(files)}: {told(files)}")
            print(f"  → {'; '.join(wrong) or 'its tests pass, within its bar'}", flush=True)
    seconds = time.monotonic() - began
    print(f"changes: {len(chosen)} good={len(chosen) - bad} bad={bad} in {seconds:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
