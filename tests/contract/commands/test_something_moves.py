"""A person at a terminal sees something move at least each second, and what is done of how many; a log stays a log."""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kiosk.bundles.installed import SHIPPED_BUNDLE
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import Server
from tests.contract.commands.world import said
from tests.rig import town

_LOOKS_BEFORE_IT_IS_THERE = 20


class Seen(NamedTuple):
    """What a terminal showed: the text, the longest time without a change (s), the exit code."""

    text: str
    longest_s: float
    code: int

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Every "n of m" in the order in which they came, each once."""
        found = [(int(done), int(total)) for done, total in re.findall(r"(\d+)/(\d+)\x1b", self.text)]
        return [count for at, count in enumerate(found) if at == 0 or found[at - 1] != count]


def watch(*argv: str | Path) -> Seen:
    """Run a command on a terminal of its own, and look at it all the time."""
    here, there = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "160"}
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, argv)], stdin=there, stdout=there, stderr=there, env=environment
    )
    os.close(there)
    text, longest, last = b"", 0.0, time.monotonic()
    while True:
        ready, _, _ = select.select([here], [], [], 60)
        assert ready, f"nothing for a minute after {text[-200:]!r}"
        longest = max(longest, time.monotonic() - last)
        try:
            piece = os.read(here, 65_536)
        except OSError:  # nobody has the terminal open any more
            break
        text, last = text + piece, time.monotonic()
    os.close(here)
    return Seen(text.decode("utf-8", "replace"), longest, process.wait(timeout=20))


def patience_s() -> float:
    """A second, and as much more as others keep the machine from us."""
    return 1.0 + 1.5 * os.getloadavg()[0] / (os.cpu_count() or 1)


def assert_moving(seen: Seen) -> None:
    assert seen.code == 0, seen.text[-500:]
    assert seen.longest_s < patience_s(), f"{seen.longest_s:.1f} s without a change"
    assert re.search(r"\d:\d\d:\d\d", seen.text), "how long it takes already"


def assert_counted(seen: Seen, *, every: int = 1) -> None:
    """Each of the counts came up to its total; `every`: so many may be passed over from one picture to the next."""
    runs: dict[int, list[int]] = {}
    for done, total in seen.counts:
        runs.setdefault(total, []).append(done)
    assert runs
    for total, dones in runs.items():
        assert dones == sorted(dones)
        assert dones[-1] == total
        assert max((after - before for before, after in pairwise(dones)), default=0) <= every


def test_the_pictures_of_screens(tmp_path: Path) -> None:
    seen = watch("kiosk.cli", "screens", "--only", "attract*", "--only", "pay", "--out", tmp_path / "s")
    assert_moving(seen)
    assert_counted(seen, every=8)  # several are pressed within a tenth of a second
    assert re.search(r"(ko|en)/(pay|attract\S*), (default|high-contrast|200|low-reach)", seen.text)


def test_the_gallery(tmp_path: Path) -> None:
    seen = watch("kiosk.cli", "gallery", "--only", "land", "--only", "vehicle", "--out", tmp_path / "g")
    assert_moving(seen)
    assert_counted(seen)
    assert "vehicle, sample" in seen.text


@pytest.mark.campaign
def test_central_makes_its_data_and_the_papers_of_the_town(tmp_path: Path) -> None:
    grown = watch("central.cli", "init", "--data", tmp_path / "central")
    assert_moving(grown)
    assert_counted(grown, every=3)
    assert "the registers" in grown.text
    papers = watch("central.cli", "specimens", "--data", tmp_path / "central", "--out", tmp_path / "papers")
    assert_moving(papers)
    assert re.search(r"[a-z-]+, (default|[a-z]+-[a-z]+)", papers.text)


def test_whoever_signs_or_enrols_sees_that_it_goes_on(tmp_path: Path) -> None:
    town.settle(tmp_path)
    data: list[str | Path] = ["--data", tmp_path / "central"]
    commands: tuple[list[str | Path], ...] = (
        ["init", *data],
        ["init", *data],
        ["enrol", "K-1", "--out", tmp_path / "pki", *data],
        ["cards", "--out", tmp_path / "cards", *data],
        ["keys", "roll", "--from", "now", *data],
        ["keys", "renew", *data],
        ["bundle", "publish", "--phase", "1", *data],
    )
    for words in commands:
        assert_moving(watch("central.cli", *words))


@contextmanager
def slow_machine() -> Iterator[Path]:
    """A machine that has something new after a while."""
    asked = 0

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        nonlocal asked
        if request["do"] == "look":
            return {"asked": True}
        asked += 1
        there = asked > _LOOKS_BEFORE_IT_IS_THERE
        looked = "" if there else "looking"
        return {
            "bundle": SHIPPED_BUNDLE.name,
            "version": 2 if there else 1,
            "types": 32,
            "staged": 0,
            "looked": looked,
            "detail": "",
        }

    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run:
        (Path(run) / "sock").mkdir()
        server = Server(Path(run) / "sock" / SOCKET, answer)
        server.start()
        yield Path(run)
        server.stop()


def test_new_certificates_are_brought() -> None:
    with slow_machine() as run:
        seen = watch("kiosk.cli", "catalogue", "apply", "--run", run)
    assert_moving(seen)
    assert "the machine looks at central, and tries out what is new" in seen.text
    assert "bundle 2 is in use: 32 types" in seen.text


def test_in_a_log_there_is_no_bar_and_stdout_holds_the_result_only(tmp_path: Path) -> None:
    town.settle(tmp_path)
    command = [sys.executable, "-m", "central.cli", "init", "--data", str(tmp_path / "central")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=50)
    assert done.stdout == f"ready: {tmp_path / 'central'}\n"
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr


@pytest.mark.parametrize("words", [["--only", "piy"], ["--lang", "fr"], ["--mode", "dark"]])
def test_what_there_is_not_is_told_with_what_there_is(tmp_path: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "kiosk.cli", "screens", *words, "--out", str(tmp_path / "s")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 2
    [line] = said(done.stderr)
    assert line.startswith("kiosk: ")
    assert ("pay" in line) or ("ko" in line) or ("default" in line)
    assert not (tmp_path / "s").exists()
