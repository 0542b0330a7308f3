"""Past its own term a catalogue sells nothing, and the screen says so."""

import pytest

from kiosk.health.health import STALE, MachineState, health
from kiosk.words.words import load
from tests.unit.health.test_health import NOON, statuses
from tests.unit.visit.walk import CASH, catalogue


def test_nothing_is_sold_from_a_stale_catalogue() -> None:
    found = health(catalogue(), statuses(), online=True, besides=(STALE,), cash=CASH, minute=NOON)
    assert found.state is MachineState.OUT_OF_SERVICE
    assert {(kind.sellable, kind.reason) for kind in found.types} == {(False, "catalogue-stale")}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("key", ["why.catalogue-stale", "reason.catalogue-stale", "device.catalogue"])
def test_the_reason_has_words(lang: str, key: str) -> None:
    assert load(lang).has(key)
    assert load(lang).say(key).strip()
