"""The locks name versions and hashes, and no place to fetch them from."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)")


def pins(lock: Path) -> dict[str, str]:
    """The versions a lock holds, by the package's normal name."""
    found = (PIN.match(line) for line in lock.read_text().splitlines())
    return {match[1]: match[2] for match in found if match}


def normal(requirement: str) -> str:
    name = re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_no_path_of_a_machine(lock: Path) -> None:
    text = lock.read_text()
    for trace in (
        "://",
        "http:",
        "https:",
        " @ ",
        "file:",
        "--index-url",
        "--find-links",
        "/home/",
        "/tmp/",
        str(ROOT),
    ):
        assert trace not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_of_a_lock_has_a_hash(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if PIN.match(line)]
    assert pinned
    for number in pinned:
        assert lines[number + 1].strip().startswith("--hash=sha256:"), lines[number]


def test_what_is_tested_is_what_is_shipped() -> None:
    runtime, dev = pins(ROOT / "requirements/runtime.txt"), pins(ROOT / "requirements/dev.txt")
    assert runtime.items() <= dev.items()


def test_the_locks_hold_all_that_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, dev = pins(ROOT / "requirements/runtime.txt"), pins(ROOT / "requirements/dev.txt")
    assert {normal(name) for name in project["project"]["dependencies"]} <= runtime.keys()
    assert {normal(name) for name in project["dependency-groups"]["dev"]} <= dev.keys()
    rivals = pins(ROOT / "requirements/rivals.txt")
    assert {normal(name) for name in project["dependency-groups"]["rivals"]} <= rivals.keys()
    assert not rivals.keys() & {"reportlab", "weasyprint"} & dev.keys()


def test_there_is_no_lock_that_writes_the_address_of_each_file() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    names = {Path(name).name for name in listed.stdout.split("\0")}
    assert not names & {
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "package-lock.json",
        "yarn.lock",
    }
