"""A bundle on the disk is there whole or not at all, wherever the power is cut; what is in use is never taken away."""

import builtins
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.bundles.installed import InstalledBundleError, open_bundle
from kiosk.courier.store import Store
from kiosk.protocol.bundle import bundle_name_of, is_bundle_name, pack
from tests.unit.courier.bundles import bundle

ONE, TWO, THREE = (bundle(version) for version in (1, 2, 3))
NAMES = [bundle_name_of(one.version, pack(one)) for one in (ONE, TWO, THREE)]
# What a store does to a disk, each as one step.
CALLS = ("fsync", "rename", "mkdir", "unlink", "rmdir", "open")


class PowerCutError(BaseException):
    """No code of ours catches it: nothing is tidied up after it."""


@contextmanager
def power_cut_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The step after these many is not done, and none after it."""
    done: list[str] = []

    def counted(name: str, act: Any) -> Any:
        def step(*arguments: Any, **named: Any) -> Any:
            if len(done) >= steps:
                raise PowerCutError(name)
            done.append(name)
            return act(*arguments, **named)

        return step

    with monkeypatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, counted(name, getattr(os, name)))
        patch.setattr(builtins, "open", counted("open", open))
        try:
            yield done
        except PowerCutError:
            done.append("cut")


def there(bundles: Path) -> list[str]:
    """The bundles that lie under a name: each has to be one that a machine would take."""
    found = (
        [place.name for place in bundles.iterdir() if is_bundle_name(place.name)] if bundles.is_dir() else []
    )
    for name in found:
        open_bundle(bundles, name)
    return sorted(found)


def test_what_was_laid_down_is_what_was_signed(tmp_path: Path) -> None:
    place = Store(tmp_path / "bundles").put(pack(ONE), ONE)
    assert open_bundle(tmp_path / "bundles", NAMES[0]).root == place
    assert (place / "land" / "form.typ").read_text("utf-8") == ONE.files["land/form.typ"]
    assert [oct(folder.stat().st_mode & 0o777) for folder in (place, place / "land")] == ["0o700", "0o700"]


def test_wherever_the_power_is_cut_a_bundle_is_whole_or_not_there_and_the_next_attempt_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0
    while True:
        bundles = tmp_path / str(steps) / "bundles"
        with power_cut_after(steps, monkeypatch) as done:
            Store(bundles).put(pack(ONE), ONE)
        assert there(bundles) in ([], [NAMES[0]])
        Store(bundles).put(pack(ONE), ONE)
        assert there(bundles) == [NAMES[0]]
        if "cut" not in done:
            break
        steps += 1
    assert steps > 12, "there were hardly any steps to cut between"
    assert done.count("fsync") >= len(ONE.files) + 1 + 3, "a file or a folder is not made durable"


def test_a_bundle_is_under_its_name_only_when_all_of_it_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with power_cut_after(10_000, monkeypatch) as done:
        Store(tmp_path / "bundles").put(pack(ONE), ONE)
    assert done.count("rename") == 1
    at = done.index("rename")
    assert done[:at].count("fsync") == len(ONE.files) + 1 + 3
    assert "fsync" in done[at:], "the name itself is not durable"


def test_one_that_the_disk_has_damaged_is_laid_down_anew_wherever_the_power_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, cut = 0, True
    while cut:
        bundles = tmp_path / str(steps) / "bundles"
        damaged = Store(bundles).put(pack(ONE), ONE)
        (damaged / "land" / "form.typ").write_text("another", "utf-8")
        with power_cut_after(steps, monkeypatch) as done:
            Store(bundles).put(pack(ONE), ONE)
        cut = "cut" in done
        Store(bundles).put(pack(ONE), ONE)
        assert there(bundles) == [NAMES[0]]
        steps += 1


def test_one_that_lies_there_whole_is_not_touched(tmp_path: Path) -> None:
    store = Store(tmp_path / "bundles")
    before = store.put(pack(ONE), ONE).stat()
    assert store.put(pack(ONE), ONE).stat().st_ino == before.st_ino


def test_a_full_disk_leaves_nothing_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles = tmp_path / "bundles"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _no_space)
        with pytest.raises(OSError, match="No space"):
            Store(bundles).put(pack(ONE), ONE)
    assert there(bundles) == []


def _no_space(_handle: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    store = Store(tmp_path / "bundles")
    for one in (ONE, TWO, THREE):
        store.put(pack(one), one)
    (tmp_path / "bundles" / "tuf").mkdir()
    shutil.copytree(tmp_path / "bundles" / NAMES[0], tmp_path / "bundles" / ".unfinished")
    return tmp_path / "bundles"


@pytest.mark.parametrize(
    ("active", "previous", "left"),
    [
        (NAMES[2], NAMES[1], NAMES[1:]),
        (NAMES[2], NAMES[0], [NAMES[0], NAMES[2]]),
        (NAMES[2], "", NAMES[2:]),
        (NAMES[1], "", NAMES[1:]),
        ("", "", NAMES),
    ],
    ids=["the one before", "the one before that", "the newest alone", "what is newer", "what came since"],
)
def test_what_is_in_use_and_what_is_newer_stays(
    three: Path, active: str, previous: str, left: list[str]
) -> None:
    Store(three).tidy(active, previous)
    assert there(three) == left
    assert not (three / ".unfinished").exists()
    assert (three / "tuf").is_dir(), "what the framework remembers is not the store's"


def test_wherever_the_power_is_cut_tidying_leaves_what_is_in_use(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, cut = 0, True
    while cut:
        copy = tmp_path / f"copy-{steps}"
        shutil.copytree(three, copy)
        with power_cut_after(steps, monkeypatch) as done:
            Store(copy).tidy(NAMES[2], NAMES[1])
        cut = "cut" in done
        assert set(there(copy)) >= set(NAMES[1:])
        Store(copy).tidy(NAMES[2], NAMES[1])
        assert sorted(place.name for place in copy.iterdir()) == sorted([*NAMES[1:], "tuf"])
        steps += 1
    assert steps > 5


@pytest.mark.parametrize("name", ["", "..", ".", "tuf", "../outside"])
def test_nothing_but_a_bundle_can_be_removed(three: Path, name: str) -> None:
    (three.parent / "outside").mkdir()
    Store(three).remove(name)
    assert (there(three), (three / "tuf").is_dir(), (three.parent / "outside").is_dir()) == (
        NAMES,
        True,
        True,
    )


def test_a_bundle_can_be_removed(three: Path) -> None:
    Store(three).remove(NAMES[1])
    with pytest.raises(InstalledBundleError):
        open_bundle(three, NAMES[1])
    assert there(three) == [NAMES[0], NAMES[2]]
