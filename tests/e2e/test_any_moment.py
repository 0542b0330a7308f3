"""Ended at any moment of its life a command says one sentence or has its whole result; it never crashes.

Real processes and seeded moments, from the first line of the entry point on: what comes before is Python's own start.
"""

import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.authority import put_list
from tests.unit.worker.test_pictures import CODE, saved, sheet

MOMENTS = 24
SIGNALS = (signal.SIGINT, signal.SIGTERM)

pytestmark = pytest.mark.timeout(240)


def begun(command: list[str]) -> "subprocess.Popen[str]":
    """The command, once it listens to signals."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not _listens(process.pid):
        time.sleep(0.001)  # the kernel tells nobody
    return process


def _listens(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", status, re.MULTILINE)
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


def words_of(program: str, place: Path) -> list[str]:
    if program != "kiosk verify":
        return [program, "--help"]
    own = put_list(place / "given")
    (place / "photo.png").write_bytes(saved(sheet(CODE)))
    return [
        "kiosk",
        "verify",
        "--trust",
        str(own.files[0]),
        "--root",
        str(own.root),
        str(place / "photo.png"),
    ]


@pytest.mark.parametrize("program", ["kiosk", "kiosk verify", "central"])
def test_it_has_its_sentence_or_its_whole_result(program: str, tmp_path: Path) -> None:
    name, *words = words_of(program, tmp_path)
    command = [sys.executable, "-m", f"{name}.cli", *words]
    # The first run compiles: no later one lives as long.
    subprocess.run(command, capture_output=True, check=False)
    began = time.monotonic()
    whole = subprocess.run(command, capture_output=True, text=True, check=False)
    life_s = time.monotonic() - began
    chance = random.Random(program)
    stopped = 0
    # On a busy computer the life that was measured may have been a long one, and all moments come after the end.
    for tried in range(MOMENTS * 2):
        if stopped and tried >= MOMENTS // 3:
            break
        process = begun(command)
        time.sleep(chance.uniform(0, life_s))  # the moment is what is tried
        number = chance.choice(SIGNALS)
        process.send_signal(number)
        out, err = process.communicate(timeout=50)
        if process.returncode == whole.returncode:
            assert (out, err) == (whole.stdout, whole.stderr)
            continue
        said = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}[number]
        assert (process.returncode, err) == (128 + number, f"{name}: stopped ({said})\n"), out
        stopped += 1
    assert stopped, "none of the moments was one of its life"
