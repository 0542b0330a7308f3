"""The family register and the town's households tell of the same families, and the register knows more than they do."""

from datetime import timedelta
from itertools import pairwise

import pytest

from central.registers.relations.clans import surname_of
from central.registers.relations.kin import NEW_LAW, NUMBERS_SINCE, Kin
from central.registers.relations.town import Families, families
from central.registers.residents import known
from central.registers.residents.kinship import relation
from central.registers.residents.record import Person
from central.registers.residents.town import LAST_DAY
from central.registers.town import SEED
from tests.unit.central.certificates import whole_town

PEOPLE = whole_town()[1]
PERSONS = {one.id: one for one in PEOPLE.people}
HOMES = {home.id: home for home in PEOPLE.households}
CARDS = {card.number: card.person for card in PEOPLE.cards}
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def town() -> Families:
    return families(SEED, PEOPLE)


@pytest.fixture(scope="module")
def kin(town: Families) -> dict[int, Kin]:
    return town.residents


def together(word: str) -> list[tuple[Person, Person]]:
    """Heads and members of today's households who are that to each other."""
    pairs = []
    for one in PEOPLE.people:
        head = PERSONS[HOMES[one.household].head] if one.household else one
        if head is not one and relation(head, one, PERSONS) == word:
            pairs.append((head, one))
    return pairs


def living_children(one: Kin) -> set[int]:
    return {child.id for child in one.children if child.died is None and child.id}


def test_everybody_with_a_korean_name_is_in_it_as_the_resident_register_has_them(kin: dict[int, Kin]) -> None:
    assert set(kin) == {one.id for one in PEOPLE.people if surname_of(one.name)}
    for id_, one in kin.items():
        same = PERSONS[id_]
        found = (one.name, one.hanja, one.born.isoformat(), one.number, one.female)
        assert found == (same.name, same.hanja, same.born, same.number, same.female)
        assert (one.died.isoformat() if one.died else "") == same.died


def test_every_child_of_a_household_is_a_child_in_the_register(kin: dict[int, Kin]) -> None:
    pairs = together("자녀")
    assert len(pairs) > 200
    for head, child in pairs:
        assert kin[child.id] in kin[head.id].children
        assert kin[head.id] in (kin[child.id].father, kin[child.id].mother)


def test_every_child_of_the_register_who_lives_with_the_parents_is_theirs_in_the_household(
    kin: dict[int, Kin],
) -> None:
    found = 0
    for one in kin.values():
        for child in one.children:
            if child.id and one.id and PERSONS[one.id].household == PERSONS[child.id].household != 0:
                assert one.id in (PERSONS[child.id].father, PERSONS[child.id].mother)
                found += 1
    assert found > 400


def test_husbands_and_wives_are_the_same_in_both(kin: dict[int, Kin]) -> None:
    couples = together("배우자")
    assert len(couples) > 200
    for head, spouse in couples:
        marriage = kin[head.id].marriage
        assert marriage is not None
        assert marriage.other(kin[head.id]) is kin[spouse.id]
        assert marriage is kin[spouse.id].marriage


def test_who_is_not_married_in_the_resident_register_is_not_in_the_other(kin: dict[int, Kin]) -> None:
    for id_, one in kin.items():
        if not PERSONS[id_].spouse:
            assert one.marriage is None


def test_it_knows_kin_whom_no_household_knows(kin: dict[int, Kin]) -> None:
    children = [child for one in kin.values() for child in one.children]
    assert any(child.id == 0 and child.died is None for child in children)
    assert any(child.id == 0 and child.died is not None for child in children)
    assert any(made.divorced is not None for one in kin.values() for made in one.marriages)
    assert all(one.father is not None and one.mother is not None for one in kin.values())


def test_children_are_born_to_living_grown_parents_at_different_times(kin: dict[int, Kin]) -> None:
    for one in kin.values():
        births = sorted(child.born for child in one.children)
        assert all(later - earlier >= timedelta(days=280) for earlier, later in pairwise(births))
        for born in births:
            assert born - one.born > 18 * YEAR
            assert one.died is None or one.died >= born - timedelta(days=300)


def test_a_marriage_follows_the_one_before_and_comes_before_its_children(kin: dict[int, Kin]) -> None:
    for one in kin.values():
        for earlier, later in pairwise(one.marriages):
            assert earlier.divorced is not None
            assert earlier.divorced < later.since
        for made in one.marriages:
            assert all(
                made.since < child.born
                for child in one.children
                if made.other(one) in (child.father, child.mother)
            )
            assert made.other(one).marriages.count(made) == 1


def test_a_child_has_the_fathers_surname_and_clan(kin: dict[int, Kin]) -> None:
    for one in kin.values():
        assert one.father is not None
        assert (surname_of(one.name), one.clan) == (surname_of(one.father.name), one.father.clan)


def test_nobody_has_the_number_of_another_or_one_from_before_there_were_any(kin: dict[int, Kin]) -> None:
    near = [
        each for one in kin.values() for each in (one.father, one.mother, *one.children) if each is not None
    ]
    everybody = {id(one): one for one in (*kin.values(), *near)}.values()
    numbers = [one.number for one in everybody if one.number]
    assert len(set(numbers)) == len(numbers)
    for one in everybody:
        assert bool(one.number) == (one.died is None or one.died >= NUMBERS_SINCE or bool(one.id))


def test_nothing_has_happened_after_the_last_day(kin: dict[int, Kin]) -> None:
    for one in kin.values():
        for made in one.marriages:
            assert made.since <= LAST_DAY
            assert made.divorced is None or made.divorced <= LAST_DAY
        for adoption in one.adoptions:
            assert adoption.since <= LAST_DAY
            assert adoption.dissolved is None or adoption.since < adoption.dissolved <= LAST_DAY


def test_who_is_adopted_fully_was_a_child_under_the_new_law(kin: dict[int, Kin]) -> None:
    full = [made for one in kin.values() for made in one.adoptions if made.full]
    assert full
    for made in full:
        assert made.since >= NEW_LAW
        assert made.since - made.child.born < 15 * YEAR + timedelta(days=4)
        assert made.child.clan == made.father.clan


def test_children_born_since_have_the_fathers_place_of_registration(kin: dict[int, Kin]) -> None:
    for one in kin.values():
        assert one.seat
        if one.birth_reported >= NEW_LAW and one.father is not None:
            assert one.seat == one.father.seat


def test_the_same_seed_gives_the_same_register(town: Families) -> None:
    again = families(SEED, PEOPLE)
    assert [register.seat for register in again.old] == [register.seat for register in town.old]
    assert [one.seat for one in again.residents.values()] == [one.seat for one in town.residents.values()]


def test_the_well_known_people_are_known_for_something_here_too(kin: dict[int, Kin]) -> None:
    alone, moving, rare = (kin[CARDS[card]] for card in (known.ALONE, known.MOVING, known.RARE))
    assert alone.marriages[0].divorced is not None
    assert alone.renaming is not None
    assert [made.full for made in moving.adoptions] == [False]
    assert [made.full for made in rare.adoptions] == [True]
    assert kin[CARDS[known.PROTECTED]].custody is not None
    assert any(made.dissolved for made in kin[CARDS[known.CHANGING]].adoptions)
    assert any(child.died for child in kin[CARDS[known.LARGE]].children)
