"""A card in another's place. Geumcheon, June 2014: a forged card and somebody else's print at a kiosk; and the everyday
form of it: a family at one reader, a card left in the slot by whoever came before.

Planted: another card put in between two steps of one identification; the first card's identification used for what the
second asks; a card that stays in the reader after its visit.
"""

from collections.abc import Callable

import pytest

from central.registers.residents import known
from kiosk.protocol import worker as worker_messages
from tests.accidents.booth import HOME, Booth
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered, refused


def swap_before(step: str, one: Booth) -> Callable[[str], None]:
    """Planted: before this step another citizen's card is put into the slot."""

    def between(now: str) -> None:
        if now == step:
            one.insert(known.ALONE)

    return between


@pytest.mark.parametrize("step", ["look", "sign"])
def test_a_card_swapped_before_it_has_signed_identifies_nobody(booth: MakeBooth, step: str) -> None:
    one = booth()
    one.between = swap_before(step, one)
    refused(one.identify(known.FAMILY), "card-changed")
    refused(one.draft(HOME), "not-identified")


def test_a_card_swapped_after_it_has_signed_changes_nothing_about_whose_paper_it_is(booth: MakeBooth) -> None:
    one = booth()
    one.between = swap_before("answer", one)
    assert one.identify(known.FAMILY).masked_name == "홍*동"
    text = delivered(buy(one, HOME))
    assert "홍길동" in text
    assert "한여름" not in text


def test_a_card_that_stays_in_its_place_gets_its_holders_paper(booth: MakeBooth) -> None:
    one = booth()
    assert one.identify(known.FAMILY).masked_name == "홍*동"
    assert "홍길동" in delivered(buy(one, HOME))


def test_a_card_left_by_whoever_came_before_gives_the_next_one_nothing_without_its_pin(
    booth: MakeBooth,
) -> None:
    before, after = booth(order="O1"), booth(order="O2")
    before.identify(known.FAMILY)
    after.slot = before.slot  # the same reader, the card still in it
    refused(after.draft(HOME), "not-identified")
    assert "홍길동" in delivered(buy(before, HOME))


def test_the_second_cards_line_is_the_second_persons_and_the_firsts_stays_the_firsts(
    booth: MakeBooth,
) -> None:
    one = booth(order="O1")
    one.identify(known.FAMILY, line=1)
    first = one.draft(HOME, line=1)
    one.identify(known.ALONE, line=2)
    second = one.draft(HOME, line=2)
    assert isinstance(second, worker_messages.DraftReady)
    assert first.draft_hash != second.draft_hash
    refused(one.draft(HOME, line=1), "not-identified")  # the first line was not signed for by the second card
