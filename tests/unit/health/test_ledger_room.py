"""Where the ledger can't take another order, or central does not confirm it, nothing is sold; and it is said why."""

import pytest

from kiosk.core.ledger_upkeep import NO_ROOM, REFUSED, UNPROVED
from kiosk.health.health import Ailment, MachineState, health
from kiosk.words.refusals import known
from kiosk.words.words import LANGUAGES, load
from tests.unit.health.test_health import NOON, statuses
from tests.unit.visit.walk import CASH, catalogue


@pytest.mark.parametrize(
    ("ailment", "reason"), [(NO_ROOM, "no-room"), (REFUSED, "chain-refused"), (UNPROVED, "unproved")]
)
def test_nothing_at_all_is_sold(ailment: Ailment, reason: str) -> None:
    found = health(catalogue(), statuses(), online=True, besides=(ailment,), cash=CASH, minute=NOON)
    assert found.state is MachineState.OUT_OF_SERVICE
    assert {(kind.sellable, kind.reason) for kind in found.types} == {(False, reason)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", ["no-room", "chain-refused", "unproved"])
def test_it_is_said_in_every_language(lang: str, reason: str) -> None:
    words = load(lang)
    for key in (f"why.{reason}", f"reason.{reason}", "device.ledger", f"refusal.{known(reason)}.do"):
        assert words.has(key), key
