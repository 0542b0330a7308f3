"""Another of one's own things: the paper of a car that was not picked. None is published; its cause would be that of
the others, one step further in: the register was asked for the right person, and gave the wrong one of theirs.

Planted inside central: a pick that always takes the first; a choice made for somebody else; an answer to the car picked
before, put into the envelope of the one picked now.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from central.authority.drafting import Drafting
from central.registers.records import paper
from central.registers.residents import known
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.central import Choice
from tests.accidents.booth import Booth, Want
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered, refused

VEHICLE = Want("vehicle", {}, {"part": "gap", "history": "all"})


@pytest.fixture
def owner(booth: MakeBooth) -> Booth:
    """The family's head, who has two cars."""
    one = booth()
    one.identify(known.FAMILY, VEHICLE)
    return one


def offered(one: Booth) -> tuple[str, ...]:
    """The plates that the machine shows."""
    answer = one.draft(VEHICLE)
    assert isinstance(answer, worker_messages.DraftChoice), answer
    return tuple(car.key for car in answer.offered)


def test_each_of_two_cars_is_had_by_picking_it(owner: Booth) -> None:
    plates = offered(owner)
    assert len(plates) == 2
    text = delivered(buy(owner, replace(VEHICLE, which=plates[1])))
    assert plates[1] in text
    assert plates[0] not in text


def test_another_car_than_the_one_picked_is_refused_before_the_fee(
    owner: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    plates = offered(owner)

    def first_of(things: Any, *_others: Any) -> Any:
        return things[0]

    monkeypatch.setattr(paper, "pick", first_of)
    refused(owner.draft(replace(VEHICLE, which=plates[1])), "subject-mismatch")
    assert isinstance(owner.draft(replace(VEHICLE, which=plates[0])), worker_messages.DraftReady)


def test_a_choice_among_another_persons_cars_is_not_shown(
    owner: Booth, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = centre.services.identities.pseudonym(2)
    straight = Drafting._choice

    def swapped(self: Drafting, *asked: Any) -> Choice:
        return replace(straight(self, *asked), subject=other)

    monkeypatch.setattr(Drafting, "_choice", swapped)
    refused(owner.draft(VEHICLE), "subject-mismatch")


def test_the_answer_about_the_car_picked_before_does_not_open_for_the_one_picked_now(owner: Booth) -> None:
    plates = offered(owner)
    late = owner.ask(owner.seal_draft(replace(VEHICLE, which=plates[0])))
    owner.seal_draft(replace(VEHICLE, which=plates[1]))
    refused(owner.open_draft(late.sealed), "answer-invalid")


def test_a_car_that_is_no_longer_theirs_can_not_be_picked(owner: Booth) -> None:
    offered(owner)
    refused(owner.draft(replace(VEHICLE, which="99하 9999")), "choice-unknown")
