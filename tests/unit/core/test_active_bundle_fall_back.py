"""A bundle that is damaged, or that no worker can load, gives way to the one before, at last to the shipped one."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.core import active_bundle
from kiosk.core.active_bundle import PROBATION_MS
from kiosk.ledger.step import BundlePointer
from kiosk.protocol.bundle import version_of
from kiosk.protocol.courier import BundleReady, BundlesInUse
from tests.unit.bundles.bundle_maker import small
from tests.unit.core.bundle_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def version(place: Place) -> int:
    return version_of(place.active.bundle.name)


# --- damage ---


def test_a_damaged_bundle_gives_way_at_the_start_to_the_one_before(place: Place) -> None:
    one, two = place.serving(small(version=1)), place.serving(small(version=2))
    place.damage(two)
    assert place.start().in_use == BundlesInUse(one, "")
    assert version(place) == 1


def test_with_both_damaged_the_machine_serves_from_what_it_was_shipped_with(place: Place) -> None:
    for name in (place.serving(small(version=1)), place.serving(small(version=2))):
        place.damage(name)
    assert place.start().in_use == BundlesInUse("", "")
    assert len(place.active.catalogue.types) > 1
    assert place.kinds()[-2:] == ["bundle-refused", "bundle-refused"]


def test_a_disk_without_any_bundle_is_no_reason_to_stand_still(place: Place) -> None:
    place.serving(small())
    shutil.rmtree(place.bundles)
    assert place.start().bundle.name == ""


def test_what_the_disk_damaged_may_come_again_whole(place: Place) -> None:
    """It was the disk's doing: the bundle is still what central signed."""
    name = place.serving(small(version=2))
    place.damage(name)
    place.start()
    assert place.brought(small(version=2)) == name
    assert place.active.change(0)
    assert place.active.bundle.name == name


def test_what_is_damaged_while_it_serves_gives_way_at_midnight(place: Place) -> None:
    place.serving(small(version=1))
    place.damage(place.serving(small(version=2)))
    place.today += timedelta(days=1)
    assert place.active.change(0)
    assert version(place) == 1


def test_a_power_cut_in_the_fall_back_is_a_fall_back_at_the_next_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.serving(small(version=1))
    place.damage(place.serving(small(version=2)))
    with monkeypatch.context() as patch:
        patch.setattr(active_bundle.ActiveBundle, "_point", _cut)
        with pytest.raises(KeyboardInterrupt):
            place.start()
    place.start()
    assert version(place) == 1


def _cut(*_what: object) -> None:
    raise KeyboardInterrupt


def test_a_new_day_that_can_not_be_read_leaves_the_machine_with_the_day_before(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine was shipped with is gone under it: central still has the last word on the fee."""
    before = place.active.catalogue
    monkeypatch.setattr(Path, "read_text", _unreadable)
    place.today += timedelta(days=1)
    assert place.active.change(0)
    assert place.active.catalogue == before
    assert not place.active.change(1)


def _unreadable(*_what: object) -> str:
    raise OSError(5, "Input/output error")


# --- probation ---


def test_a_bundle_that_no_worker_gets_ready_with_is_at_its_end_after_a_minute(place: Place) -> None:
    place.serving(small(version=1))
    place.brought(small(version=2))
    place.active.change(1_000)
    assert place.active.proved(worker_up=False, now_ms=1_000 + PROBATION_MS - 1)
    assert not place.active.proved(worker_up=False, now_ms=1_000 + PROBATION_MS)
    place.active.fall_back("no-worker")
    assert version(place) == 1
    assert place.active.proved(worker_up=False, now_ms=10**9), "there is nothing wrong with this one"


def test_a_worker_ends_the_probation_for_good(place: Place) -> None:
    place.serving(small())
    assert place.active.proved(worker_up=False, now_ms=10**9)
    place.start()
    assert place.active.proved(worker_up=False, now_ms=10**9)
    assert place.active.proved(worker_up=False, now_ms=10**9 + PROBATION_MS)


def test_a_start_anew_in_the_probation_begins_it_again(place: Place) -> None:
    """Who switches a machine off that does not come up must not have a machine that never does."""
    place.serving(small(version=1))
    place.brought(small(version=2))
    place.active.change(0)
    place.start()
    assert place.active.proved(worker_up=False, now_ms=5_000)
    assert place.active.proved(worker_up=False, now_ms=5_000 + PROBATION_MS - 1)
    assert not place.active.proved(worker_up=False, now_ms=5_000 + PROBATION_MS)
    place.active.fall_back("no-worker")
    assert version(place) == 1


def test_what_was_never_proved_is_nothing_to_fall_back_to(place: Place) -> None:
    place.serving(small(version=1))
    for number in (2, 3):
        place.brought(small(version=number))
        place.active.change(0)
    place.active.fall_back("no-worker")
    assert version(place) == 1


def test_what_a_machine_was_shipped_with_has_no_probation(place: Place) -> None:
    assert place.active.proved(worker_up=False, now_ms=10**12)


def test_the_floor_is_the_highest_that_ever_served(place: Place) -> None:
    place.serving(small(version=7))
    place.active.fall_back("no-worker")
    place.start()
    assert place.ledger.bundle_pointer() == BundlePointer("", "", 7, place.active.in_use.refused, proved=True)
    place.active.heard(BundleReady("6-" + "0" * 32))
    assert place.active.staged == ""
