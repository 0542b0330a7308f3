"""The old registers: everybody stood in one until the law ended them, and a move is told where it began and ended."""

from collections import Counter

import pytest

from central.registers.relations.kin import NEW_LAW, Kin
from central.registers.relations.old_office import BY_LAW, ENDED, LAST_DAY, MOVE, SUCCESSION
from central.registers.relations.old_register import OldRegister, relation
from central.registers.relations.papers import old_register
from central.registers.relations.town import Families, families
from central.registers.residents import known
from central.registers.town import SEED
from tests.unit.central.certificates import whole_town

PEOPLE = whole_town()[1]
CARDS = {card.number: card.person for card in PEOPLE.cards}


@pytest.fixture(scope="module")
def town() -> Families:
    return families(SEED, PEOPLE)


def open_at_the_end(town: Families) -> list[OldRegister]:
    return [register for register in town.old if register.closing == BY_LAW]


def test_every_register_is_closed_for_a_reason_by_the_last_day_of_the_old_law(town: Families) -> None:
    reasons = Counter(register.closing for register in town.old)
    assert set(reasons) == {BY_LAW, SUCCESSION, MOVE, ENDED}
    for register in town.old:
        assert register.closed is not None
        assert register.formed <= register.closed <= LAST_DAY
        assert (register.closed == LAST_DAY) or register.closing != BY_LAW


def test_everybody_alive_then_stood_in_one_register_whose_seat_is_theirs_today(town: Families) -> None:
    last = Counter(one for register in open_at_the_end(town) for one in register.present)
    assert set(last.values()) == {1}
    living = [
        one
        for one in town.residents.values()
        if one.birth_reported < NEW_LAW and (one.died is None or one.died >= NEW_LAW)
    ]
    assert len(living) > 1_000
    assert all(one in last for one in living)
    for register in open_at_the_end(town):
        assert all(one.seat == register.seat for one in register.present)


def test_who_has_died_stands_in_none_at_the_end(town: Families) -> None:
    for register in open_at_the_end(town):
        assert all(one.died is None or one.died >= NEW_LAW for one in register.present)


def test_a_wife_leaves_one_family_and_enters_another_and_both_say_so(town: Families) -> None:
    notes = [
        (register, one, entry)
        for register in town.old
        for one, entries in register.entries.items()
        for entry in entries
        if entry.kind in ("제적", "입적") and entry.reason == "혼인"
    ]
    came = {(one, entry.date): entry for _, one, entry in notes if entry.kind == "입적"}
    gone = [note for note in notes if note[2].kind == "제적"]
    assert len(gone) > 100
    for left, one, entry in gone:
        assert came[one, entry.date].before == left.seat


def test_a_head_who_died_is_followed_by_the_eldest_son(town: Families) -> None:
    followed = [register for register in town.old if register.formation == SUCCESSION]
    assert len(followed) > 100
    sons = [
        register for register in followed if not register.head.female and register.head.father is not None
    ]
    for register in sons:
        father = register.head.father
        assert father is not None
        brothers = [one for one in register.entries if not one.female and one.father is father]
        assert register.head is min(brothers, key=lambda one: one.born)


def test_every_person_of_a_register_is_born_and_somebody_to_its_head(town: Families) -> None:
    strangers = 0
    for register in town.old:
        assert relation(register.head, register.head) == "호주"
        for one, entries in register.entries.items():
            assert [entry.kind for entry in entries].count("출생") == 1
            assert entries[0].kind == "출생"
            strangers += relation(register.head, one) == "가족"
    assert strangers < 30


def test_a_person_tells_their_registers_apart_by_head_and_seat(town: Families) -> None:
    stood: dict[Kin, list[tuple[str, str]]] = {}
    for register in town.old:
        for one in register.entries:
            if one.id:
                stood.setdefault(one, []).append((register.head.name, register.seat))
    assert max(map(len, stood.values())) >= 3
    assert all(len(set(told)) == len(told) for told in stood.values())


def test_a_place_of_birth_that_was_corrected_since_is_still_the_old_one(town: Families) -> None:
    mended = [one for one in town.residents.values() if one.correction is not None]
    assert mended
    for register in town.old:
        for one in register.entries.keys() & set(mended):
            assert one.correction is not None
            assert register.entries[one][0].place == one.correction.before != one.birthplace.written


def test_a_name_that_was_changed_then_is_told_where_it_was_changed(town: Families) -> None:
    told = [
        (one, entry)
        for register in town.old
        for one, entries in register.entries.items()
        for entry in entries
        if entry.kind == "개명"
    ]
    assert len(told) > 3
    for one, entry in told:
        assert one.renaming is not None
        assert (entry.before, entry.after) == (one.renaming.before, one.name)
    assert Counter(one for one, _ in told).most_common(1)[0][1] == 1


def test_a_name_that_came_later_is_nowhere_in_an_old_register(town: Families) -> None:
    later = {
        one: one.name
        for one in town.residents.values()
        if one.renaming is not None and one.renaming.reported >= NEW_LAW
    }
    found = 0
    for register in town.old:
        for one in register.entries.keys() & later.keys():
            assert later[one] not in str(old_register(register))
            found += 1
    assert found > 10


def test_the_large_family_has_moved_its_seat(town: Families) -> None:
    head = town.residents[CARDS[known.LARGE]]
    moved = [register for register in town.old if head in register.entries and register.formation == MOVE]
    assert [register.head for register in moved] == [head.father]
