"""A build is named by the code that it is made of: any change of it makes another."""

from pathlib import Path

import pytest

from kiosk.ipc.build import BUILD, ROOMS, build_of
from kiosk.settings import VERSION


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Rooms with a file each."""
    for room in ROOMS:
        (tmp_path / room / "inner").mkdir(parents=True)
        (tmp_path / room / "inner" / "one.py").write_text("x = 1\n")
    return tmp_path


def test_this_program_names_its_version_and_sixteen_digits() -> None:
    version, _, digest = BUILD.partition("+")
    assert (version, len(digest)) == (VERSION, 16)


@pytest.mark.parametrize("room", ROOMS)
def test_one_letter_in_any_room_is_another_build(root: Path, room: str) -> None:
    before = build_of(root)
    (root / room / "inner" / "one.py").write_text("x = 2\n")
    assert build_of(root) != before


def test_a_file_that_came_went_or_moved_is_another_build(root: Path) -> None:
    builds = [build_of(root)]
    (root / "kiosk" / "two.toml").write_text("")
    builds.append(build_of(root))
    (root / "kiosk" / "two.toml").rename(root / "kiosk" / "three.toml")
    builds.append(build_of(root))
    (root / "drivers" / "inner" / "one.py").unlink()
    builds.append(build_of(root))
    assert len(set(builds)) == len(builds)


def test_what_python_leaves_behind_is_no_part_of_it(root: Path) -> None:
    before = build_of(root)
    (root / "kiosk" / "__pycache__").mkdir()
    (root / "kiosk" / "__pycache__" / "one.cpython-311.pyc").write_bytes(b"\0")
    assert build_of(root) == before
