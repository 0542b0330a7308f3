"""The set-up script and its package lists."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = sorted((ROOT / "tools/packages").glob("*.txt"))


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_a_package_list_says_why_and_names_each_package_once(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert lines[0].startswith("# ")
    names = [line.partition("#")[0].strip() for line in lines]
    names = [name for name in names if name]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name) for name in names)
    assert all("#" in line for line in lines if line)


def test_make_says_what_there_is() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for target in (
        "demo",
        "test",
        "test-user",
        "check",
        "screens",
        "gallery",
        "bench",
        "test-bare",
        "lock",
        "format",
        "clean",
    ):
        assert re.search(rf"^  make {target} ", shown, re.MULTILINE)


@pytest.mark.skipif(os.geteuid() != 0, reason="test-bare is root's")
@pytest.mark.parametrize(
    ("name", "value"), [("AS", "nobody"), ("TIMES", "0"), ("TIMES", "often"), ("CARD", "yes")]
)
def test_a_bare_run_that_is_asked_for_wrongly_makes_nothing(name: str, value: str, tmp_path: Path) -> None:
    asked = subprocess.run(
        ["make", "-s", "test-bare", f"{name}={value}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "CHANGGU_ALONE_FOLDER": str(tmp_path)},  # it waits for nobody
    )
    assert asked.returncode != 0
    assert f"{name} is" in asked.stderr
    assert value in asked.stderr
    assert "making a bare Debian" not in asked.stdout
