"""`make check`: every gate that needs no running program, one line each, two at a time.

python tools/check.py            all of them
python tools/check.py ruff mypy  those whose name begins so
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
QUIET = {**os.environ, "NO_COLOR": "1", "QT_QPA_PLATFORM": "offscreen"}


@dataclass(frozen=True)
class Step:
    """One gate: its name, and the command that exits with 0 when all is well."""

    name: str
    command: Sequence[str | Path]


@dataclass(frozen=True)
class Result:
    step: Step
    passed: bool
    output: str
    seconds: float


def sources(*patterns: str) -> list[str]:
    """The files git would take, committed or new, so that nobody's build folder is checked."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).exists()})


def steps() -> list[Step]:
    """The gates, the slowest first."""
    shell = sources("*.sh", ".ci/run")
    return [
        Step("mypy", [BIN / "mypy", "--no-error-summary"]),
        Step("qmllint", [BIN / "python", "tools/qml_lint.py"]),
        Step("import rules", [BIN / "lint-imports", "--no-logo", "--config", ".importlinter"]),
        Step("wording", [BIN / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/wording"]),
        Step("ruff lint", [BIN / "ruff", "check", "--quiet", "--output-format", "concise", "."]),
        Step("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        Step("shell syntax", ["bash", "-n", *shell]),
    ]


def run(step: Step) -> Result:
    start = time.monotonic()
    command = [str(word) for word in step.command]
    done = subprocess.run(command, cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False)
    return Result(step, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - start)


def main(wanted: Sequence[str]) -> int:
    chosen = [step for step in steps() if not wanted or step.name.startswith(tuple(wanted))]
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for result in pool.map(run, chosen):
            word = "ok  " if result.passed else "FAIL"
            print(f"{word}  {result.step.name:<14} {result.seconds:5.1f} s", flush=True)
            if not result.passed:
                failed += 1
                print("\n".join(f"      {line}" for line in result.output.strip().splitlines()), flush=True)
    if failed:
        print(f"check: {failed} of {len(chosen)} failed; `make format` mends what is only format")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
