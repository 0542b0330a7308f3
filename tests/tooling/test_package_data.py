"""What the programs read is in the wheel: words, forms, screens, pages. What is forgotten is missed on site only."""

import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What people and the machinery read, and no program.
STAYS = {".ci", "docs", "requirements", "systemd", "tests", "tools"}
FOR_PEOPLE = "*.md"


def setuptools() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    table: dict[str, Any] = project["tool"]["setuptools"]
    return table


def files() -> list[PurePath]:
    """The files below a folder that git would take, committed or new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = [PurePath(name) for name in sorted(set(listed.split("\0"))) if "/" in name]
    return [file for file in found if (ROOT / file).exists()]


def data() -> list[PurePath]:
    """The files in a package that are no code."""
    shipped = [file for file in files() if file.parts[0] not in STAYS]
    return [file for file in shipped if file.suffix != ".py" and not fnmatch(file.name, FOR_PEOPLE)]


def is_packaged(file: PurePath) -> bool:
    """As setuptools finds packages: each folder is one, and a dot in its name ends the search."""
    folders = file.parent.parts
    found = any(
        fnmatch(".".join(folders), pattern) for pattern in setuptools()["packages"]["find"]["include"]
    )
    return found and not any("." in folder for folder in folders)


def is_taken_along(file: PurePath) -> bool:
    return any(fnmatch(file.name, pattern) for pattern in setuptools()["package-data"]["*"])


def test_every_file_beside_the_code_is_in_the_wheel() -> None:
    assert len(data()) > 100
    assert [str(file) for file in data() if not (is_packaged(file) and is_taken_along(file))] == []


def test_every_pattern_of_the_package_data_still_finds_a_file() -> None:
    names = {file.name for file in data()}
    unused = [
        pattern
        for pattern in setuptools()["package-data"]["*"]
        if not any(fnmatch(name, pattern) for name in names)
    ]
    assert unused == []


@pytest.mark.parametrize(
    "file", ["ui/qml/sounds/coin.ogg", "voices/ko.toml", "kiosk/words.d/ko.toml", "ui/qml/screens/Qmldir"]
)
def test_a_file_that_a_wheel_would_lack_is_noticed(file: str) -> None:
    path = PurePath(file)
    assert not (is_packaged(path) and is_taken_along(path))
