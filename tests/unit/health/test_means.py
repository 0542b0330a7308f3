"""How can be paid: in cash, by card, both, or not at all; what needs neither is sold all the same."""

import msgspec
import pytest

from drivers.contract import DeviceState, ReasonCode, Status
from kiosk.catalogue.catalogue import Fee
from kiosk.health.health import CARD_UNRESOLVED, health
from tests.unit.health.test_health import NOON, blocked, judged, statuses
from tests.unit.visit.walk import CASH, catalogue

READY = Status("terminal", DeviceState.READY)
GONE = Status("terminal", DeviceState.CONNECTING)
NO_COINS = blocked("coin", ReasonCode.COIN_JAM)


@pytest.mark.parametrize(
    ("found", "means"),
    [
        (statuses(), ("cash",)),
        (statuses(terminal=READY), ("cash", "card")),
        (statuses(terminal=GONE), ("cash",)),
        (statuses(terminal=READY, coin=NO_COINS), ("card",)),
        (statuses(terminal=GONE, coin=NO_COINS), ()),
    ],
)
def test_what_works_can_be_paid_with(found: dict[str, Status], means: tuple[str, ...]) -> None:
    judgement = judged(found)
    assert judgement.means(500) == means
    assert all(kind.sellable for kind in judgement.types) == bool(means)


def test_an_empty_hopper_leaves_the_card() -> None:
    poor = msgspec.structs.replace(CASH, hopper_coins=0)
    judgement = judged(statuses(terminal=READY), cash=poor)
    assert judgement.means(500) == ("card",)
    assert judgement.affords(500)


def test_with_neither_only_what_is_free_is_sold() -> None:
    first, *others = catalogue().types
    free = msgspec.structs.replace(first, fee=Fee(0))
    of = msgspec.structs.replace(catalogue(), types=(free, *others))
    judgement = judged(statuses(terminal=GONE, coin=NO_COINS), of=of)
    assert [kind.type_code for kind in judgement.types if kind.sellable] == [free.code]


def test_a_payment_that_waits_for_the_terminals_word_stops_cards_and_not_coins() -> None:
    judgement = health(
        catalogue(),
        statuses(terminal=READY),
        online=True,
        besides=(CARD_UNRESOLVED,),
        cash=CASH,
        minute=NOON,
    )
    assert judgement.means(500) == ("cash",)
    assert all(kind.sellable for kind in judgement.types)
