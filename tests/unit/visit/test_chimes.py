"""What is told by sound as well: that something is about to be left behind, and nothing else."""

import msgspec
import pytest

from kiosk.examples.all_screens import examples
from kiosk.examples.base import NOW_MS
from kiosk.protocol.screen import Chime, Snapshot
from kiosk.visit.order_view import Phase
from kiosk.visit.present import present
from kiosk.visit.screens import Card
from kiosk.visit.state import Visit
from kiosk.words.words import load
from tests.unit.visit.walk import FACTS, Walk, catalogue

CARD = Card("Reader 0", 7)
SHOWN = dict(examples(catalogue()))
# Every example that asks for something to be taken; in all others somebody is served, or nobody is there.
ASKING = {
    "identify-insert-changed": Chime.CARD,
    "identify-insert-left-by-somebody": Chime.CARD,
    "preparing-person": Chime.CARD,
    "check-person-card-in": Chime.CARD,
    "refund-offer-card-in": Chime.CARD,
    "change-redeemed": Chime.CHANGE,
    "pay-card-in": Chime.CARD,
    "trouble-card-in": Chime.CARD,
    "goodbye-card-in": Chime.CARD,
    "attract-card-in": Chime.CARD,
    "take": Chime.PAPER,
    "take-late": Chime.PAPER_LATE,
    "power-take": Chime.PAPER_LATE,
    "change-done": Chime.CHANGE,
    "change-refunded": Chime.CHANGE,
    "change-receipt-unsure": Chime.CHANGE,
}
ASKS = {
    "ko": ("빼 주세요", "빼신 다음", "가져가 주세요", "뽑아 주세요"),
    "en": ("take", "Take"),
}


def shown(visit: Visit, lang: str = "ko") -> Snapshot:
    return present(visit, load(lang), FACTS, seq=1, since=1, now_ms=NOW_MS)


@pytest.mark.parametrize("name", SHOWN)
def test_a_screen_sounds_when_it_asks_to_take_something_and_only_then(name: str) -> None:
    assert shown(SHOWN[name]).chime is ASKING.get(name, Chime.NONE)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", ASKING)
def test_what_sounds_is_also_said_in_words(name: str, lang: str) -> None:
    snapshot = shown(SHOWN[name], lang)
    assert any(word in snapshot.title + snapshot.sentence for word in ASKS[lang])


@pytest.mark.parametrize("name", ["take", "change-done", "change-refunded", "goodbye"])
def test_a_card_that_is_in_goes_before_paper_and_coins(name: str) -> None:
    assert shown(msgspec.structs.replace(SHOWN[name], card=CARD)).chime is Chime.CARD


def test_the_last_call_for_the_paper_is_heard_even_with_a_card_in() -> None:
    assert shown(msgspec.structs.replace(SHOWN["take-late"], card=CARD)).chime is Chime.PAPER_LATE


def test_the_paper_sounds_from_the_mouth_until_it_is_taken() -> None:
    walk = Walk().at_pay(credit=1_000)
    heard = []
    for phase, fields in (
        (Phase.PRINTING, {}),
        (Phase.PRESENTING, {}),
        (Phase.TAKEN_WAIT, {"retract_at_ms": walk.now_ms + 60_000}),
        (Phase.PAYING_OUT, {"delivered": 1, "to_pay": 500}),
        (Phase.CLOSED, {"delivered": 1, "to_pay": 500, "paid": 500}),
    ):
        walk.order(phase, credit=1_000, **fields)
        heard.append(walk.snapshot.chime)
    assert heard == [Chime.NONE, Chime.NONE, Chime.PAPER, Chime.NONE, Chime.CHANGE]
