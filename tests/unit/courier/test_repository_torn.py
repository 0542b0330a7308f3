"""What the framework remembers may be torn by a power cut: the next look works, and an older bundle stays older."""

import shutil
from pathlib import Path

import pytest

from central.bundles.repository import Repository
from kiosk.courier.looking import LookError
from kiosk.courier.repository import newest_bundle
from kiosk.protocol.bundle import pack
from tests.unit.courier.bundles import NOW, CatalogueFiles, bundle, repository

ONE, TWO = bundle(1), bundle(2)
REMEMBERED = (
    "timestamp.json",
    "snapshot.json",
    "targets.json",
    "catalogue",
    "root_history/1.root.json",
    "root_history/2.root.json",
)


@pytest.fixture
def central(tmp_path: Path) -> Repository:
    """Version 2 is out; as it was with version 1 is in `before`; the root has changed once."""
    made = repository(tmp_path)
    made.change_root_key("root-1", NOW)
    made.publish(ONE, NOW)
    shutil.copytree(made.folder, tmp_path / "before")
    made.publish(TWO, NOW)
    return made


@pytest.fixture
def tuf(central: Repository, tmp_path: Path) -> Path:
    """What a machine remembers that has seen version 2."""
    folder = tmp_path / "tuf"
    look(central, folder)
    return folder


def look(central: Repository, tuf: Path, folder: Path | None = None) -> bytes:
    return newest_bundle(central.root_file.read_bytes(), tuf, CatalogueFiles(folder or central.folder))


def torn(file: Path) -> list[bytes]:
    """All that a power cut may leave of a file: nothing, a part, the right length with nothing in it."""
    whole = file.read_bytes()
    lengths = sorted({0, 1, 2, len(whole) // 3, len(whole) // 2, len(whole) - 2, len(whole) - 1})
    return [whole[:length] for length in lengths] + [bytes(len(whole)), b"\xff" * 64, b"[" * 4_000]


@pytest.mark.parametrize("name", REMEMBERED)
def test_whatever_is_left_of_a_file_the_next_look_brings_the_newest(
    central: Repository, tuf: Path, name: str
) -> None:
    for left in torn(tuf / name):
        (tuf / name).write_bytes(left)
        assert look(central, tuf) == pack(TWO), (name, left[:20])


@pytest.mark.parametrize("name", REMEMBERED)
def test_a_file_that_is_gone_is_fetched_again(central: Repository, tuf: Path, name: str) -> None:
    (tuf / name).unlink()
    assert look(central, tuf) == pack(TWO)


def test_with_all_of_them_torn_at_once_it_is_as_at_the_first_look(central: Repository, tuf: Path) -> None:
    for name in REMEMBERED:
        (tuf / name).write_bytes(b"{")
    assert look(central, tuf) == pack(TWO)


@pytest.mark.parametrize("name", [name for name in REMEMBERED if name != "timestamp.json"])
def test_whatever_else_is_torn_a_whole_timestamp_lets_nothing_older_in(
    central: Repository, tuf: Path, tmp_path: Path, name: str
) -> None:
    for left in torn(tuf / name):
        (tuf / name).write_bytes(left)
        with pytest.raises(LookError) as ended:
            look(central, tuf, tmp_path / "before")
        assert ended.value.code == "rolled-back", (name, left[:20])


def test_a_root_whose_link_leads_nowhere_is_no_trouble(central: Repository, tuf: Path) -> None:
    shutil.rmtree(tuf / "root_history")
    assert look(central, tuf) == pack(TWO)


def test_what_was_half_written_is_swept_away(central: Repository, tuf: Path) -> None:
    (tuf / "tmpab12cd").write_bytes(b"{")
    look(central, tuf)
    assert sorted(file.name for file in tuf.glob("tmp*")) == []


def test_a_disk_that_can_not_be_written_is_told_as_the_disk(central: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LookError) as ended:
        look(central, tmp_path / "file" / "tuf")
    assert ended.value.code == "disk"
