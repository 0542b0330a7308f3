"""Core serves from one bundle, takes another over between visits, and can go back: each step is durable first."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.protocol.courier import BundleLooked, BundleReady, BundlesInUse
from tests.unit.bundles.bundle_maker import TYPE, changed, edited, small
from tests.unit.core.bundle_place import TODAY, Place


class PowerCutError(BaseException):
    """The machine is off."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def fee(place: Place) -> int:
    kind = place.active.catalogue.type(TYPE)
    assert kind is not None
    return kind.fee.base


# --- taking over ---


def test_a_new_machine_serves_from_what_it_was_shipped_with(place: Place) -> None:
    assert (place.active.bundle.name, place.active.in_use) == ("", BundlesInUse("", ""))
    assert len(place.active.catalogue.types) > 1


def test_what_was_brought_waits_until_nobody_is_here(place: Place) -> None:
    name = place.brought(small())
    assert (place.active.bundle.name, place.active.staged) == ("", name)
    assert place.active.change(0)
    assert (place.active.bundle.name, place.active.staged) == (name, "")
    assert [kind.code for kind in place.active.catalogue.types] == [TYPE]
    assert place.active.in_use == BundlesInUse(name, "")


def test_with_nothing_new_nothing_changes(place: Place) -> None:
    assert not place.active.change(0)


def test_the_last_of_several_that_waited_is_taken(place: Place) -> None:
    place.brought(small(version=1))
    name = place.brought(small(version=2))
    assert place.active.change(0)
    assert place.active.bundle.name == name
    assert not place.active.change(1)


def test_after_a_start_anew_it_serves_from_what_the_ledger_says(place: Place) -> None:
    one, two = place.serving(small(version=1)), place.serving(small(version=2))
    again = place.start()
    assert (again.bundle.name, again.in_use) == (two, BundlesInUse(two, one))


def test_what_waited_when_the_power_went_waits_for_the_courier_again(place: Place) -> None:
    place.brought(small())
    again = place.start()
    assert (again.bundle.name, again.staged) == ("", "")


def test_the_pointer_is_durable_before_anything_is_served_from_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before the row: as if nothing had come. Cut behind it: the new one serves."""
    name = place.brought(small())
    with monkeypatch.context() as patch:
        patch.setattr(place.ledger, "commit", _cut)
        with pytest.raises(PowerCutError):
            place.active.change(0)
    assert place.active.bundle.name == ""
    assert place.start().bundle.name == ""
    place.active.heard(BundleReady(name))
    commit = place.ledger.commit

    def committed(*what: object, **named: object) -> None:
        commit(*what, **named)  # type: ignore[arg-type]  # handed on
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(place.ledger, "commit", committed)
        with pytest.raises(PowerCutError):
            place.active.change(0)
    assert place.start().bundle.name == name


def _cut(*_what: object, **_named: object) -> None:
    raise PowerCutError


def test_each_step_is_a_row_of_the_journal(place: Place) -> None:
    place.serving(small())
    place.active.fall_back("no-worker")
    assert place.kinds() == ["bundle-activated", "bundle-proved", "bundle-refused"]


# --- what is not taken over ---


def test_one_that_is_not_whole_any_more_is_not_taken_over(place: Place) -> None:
    place.damage(place.brought(small()))
    assert not place.active.change(0)
    assert (place.active.bundle.name, place.active.looked.code) == ("", "damaged")
    assert place.ledger.bundle_pointer() is None


def test_one_with_a_mistake_is_not_taken_over(place: Place) -> None:
    place.brought(changed(small(), {f"{TYPE}/catalogue.toml": "["}))
    assert not place.active.change(0)
    assert place.active.bundle.name == ""


@pytest.mark.parametrize("name", ["../../etc", "x-1", "", "tuf"])
def test_what_is_no_bundles_name_is_not_even_opened(place: Place, name: str) -> None:
    place.active.heard(BundleReady(name))
    assert (place.active.staged, place.active.looked.code) == ("", "invalid")


def test_an_older_one_is_never_taken_whoever_brings_it(place: Place) -> None:
    place.serving(small(version=5))
    place.brought(small(version=4))
    assert (place.active.staged, place.active.looked.code) == ("", "rolled-back")


def test_after_a_fall_back_none_between_is_taken_either(place: Place) -> None:
    """Version 7 gave way to 5: somebody who offers 6 offers what was never to be served after 7."""
    place.serving(small(version=5))
    place.serving(small(version=7))
    place.active.fall_back("no-worker")
    place.start()
    place.brought(small(version=6))
    assert (place.active.staged, place.active.looked.code) == ("", "rolled-back")


def test_what_gave_way_is_not_taken_again_and_a_later_one_is(place: Place) -> None:
    refused = place.serving(small(version=2))
    place.active.fall_back("no-worker")
    place.start()
    place.active.heard(BundleReady(refused))
    assert (place.active.staged, place.active.looked.code) == ("", "refused")
    assert place.active.in_use.refused == refused
    later = place.brought(small(version=3))
    assert place.active.change(0)
    assert place.active.bundle.name == later


# --- a day, a term ---


def test_at_midnight_the_new_days_fee_is_shown(place: Place) -> None:
    tomorrow = TODAY + timedelta(days=1)
    own = f'[[fee]]\nsince = {tomorrow}\nmunicipality = "1156000000"\nbase = 300\n\n[[fee]]'
    place.serving(edited(small(), f"{TYPE}/catalogue.toml", "[[fee]]", own))
    before = fee(place)
    assert before != 300
    assert not place.active.change(10)
    place.today += timedelta(days=1)
    assert place.active.change(11)
    assert fee(place) == 300
    assert not place.active.change(12)


def test_past_its_own_term_it_is_stale_and_what_was_shipped_never_is(place: Place) -> None:
    assert not place.active.stale(2**40)
    place.serving(small(valid_until=2_000_000_000))
    assert not place.active.stale(2_000_000_000)
    assert place.active.stale(2_000_000_001)


def test_what_the_courier_says_of_its_look_is_kept_for_who_asks(place: Place) -> None:
    said = BundleLooked("expired", "timestamp.json")
    place.active.heard(said)
    assert place.active.looked == said
    assert place.kinds() == ["bundle-not-taken"]
