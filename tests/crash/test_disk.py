"""The ledger's settings keep every acknowledged commit on a disk that forgets; and the disk does forget."""

import random
from collections import Counter

import pytest

from kiosk.ledger.schema import PRAGMAS
from tests.crash.disk import SECTOR, Disk, Gone, Image
from tests.crash.disk_trial import Found, acts_of_a_whole_run, set_up, trial

IMAGES = list(Image)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return set_up()


def all_trials(files: dict[str, bytes], image: Image, *, every: int = 1, lies: float = 0.0) -> Counter[Found]:
    acts = acts_of_a_whole_run(files)
    assert acts > 60
    return Counter(trial(files, cut, image, lies) for cut in range(1, acts + 1, every))


@pytest.mark.parametrize("image", IMAGES)
def test_a_power_cut_at_any_act_of_the_disk_loses_nothing_acknowledged(
    files: dict[str, bytes], image: Image
) -> None:
    assert set(all_trials(files, image)) == {Found.ALL}


def test_synchronous_normal_would_lose_acknowledged_commits(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known bad setting: what finds nothing here would find nothing anywhere."""
    monkeypatch.setitem(PRAGMAS, "synchronous", ("NORMAL", 1))
    found = all_trials(files, Image.NONE)
    assert found[Found.LOST] > sum(found.values()) // 3


def test_synchronous_off_would_damage_the_file(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "synchronous", ("OFF", 0))
    assert all_trials(files, Image.SUBSET)[Found.CORRUPT] > 0


def test_no_setting_helps_on_a_disk_that_lies(files: dict[str, bytes]) -> None:
    """Shown, not promised: a disk that acknowledges a sync and does not do it loses what was acknowledged."""
    found = all_trials(files, Image.NONE, lies=0.3)
    assert found[Found.LOST] + found[Found.CORRUPT] > 0


def fresh(names: dict[str, bytes]) -> Disk:
    return Disk(names, lambda _what: None, random.Random(1))


def test_what_was_not_synced_is_gone_or_there_as_the_image_says() -> None:
    for image, left in ((Image.NONE, b"old"), (Image.ALL, b"new")):
        disk = fresh({"a": b"old"})
        inode = disk.open("a", create=False)
        assert inode is not None
        disk.write(inode, 0, b"new")
        assert bytes(inode.now) == b"new"
        assert disk.cut(image) == {"a": left}


def test_a_torn_write_keeps_and_drops_whole_sectors() -> None:
    seen = set()
    for seed in range(40):
        disk = Disk({"a": bytes(4 * SECTOR)}, lambda _what: None, random.Random(seed))
        inode = disk.open("a", create=False)
        assert inode is not None
        disk.write(inode, 0, b"\1" * (4 * SECTOR))
        data = disk.cut(Image.TORN)["a"]
        sectors = tuple(data[at : at + SECTOR] for at in range(0, len(data), SECTOR))
        assert all(sector in (bytes(SECTOR), b"\1" * SECTOR) for sector in sectors)
        seen.add(sectors)
    assert len(seen) > 8


def test_a_new_file_is_there_once_it_was_synced_and_a_name_comes_back_if_its_going_was_not() -> None:
    disk = fresh({"old": b"x"})
    new = disk.open("new", create=True)
    assert new is not None
    disk.write(new, 0, b"y")
    assert disk.delete("old", sync=False)
    disk.sync(new)
    assert disk.cut(Image.NONE) == {"new": b"y"}
    disk = fresh({"old": b"x"})
    disk.delete("old", sync=False)
    assert disk.cut(Image.NONE) == {"old": b"x"}


def test_a_process_that_has_ended_can_do_nothing_to_the_disk_any_more() -> None:
    disk = fresh({"a": b"1"})
    after = disk.again()
    inode = after.open("a", create=False)
    assert inode is not None
    with pytest.raises(Gone):
        disk.write(inode, 0, b"2")
    after.write(inode, 0, b"3")
    assert after.cut(Image.ALL) == {"a": b"3"}
