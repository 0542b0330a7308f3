"""What each kind of a family certificate says and leaves out, whose it is, and every way the office says no."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from central.registers.hours import FAMILY_REGISTER, add_outage
from central.registers.records.book import set_state
from central.registers.records.record import RecordState
from central.registers.resident import Certificate
from central.registers.residents import known
from central.services import Services
from kiosk.protocol.central import Offered
from kiosk.protocol.fields import values_at
from kiosk.worker.contents import check_contents
from kiosk.worker.refusals import WorkError
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, all_choices, small_town
from tests.unit.central.families import CODES, Answer, ask, data, read
from tests.unit.central.office import NOON, Office

NUMBERED = ("resident_number", "other_number")


def names(rows: Any) -> list[str]:
    return [row["name"] for row in rows]


def kinds(rows: Any) -> list[str]:
    return [row["kind"] for row in rows]


def paper(office: Office, code: str, card: str, which: str = "", **choices: str) -> dict[str, Any]:
    return data(ask(office, code, card, which, **choices))


def offered(office: Office, code: str, card: str) -> tuple[Offered, ...]:
    answer = ask(office, code, card)
    assert isinstance(answer, tuple)
    return answer


# --- general and detailed ---


def test_the_family_of_four_is_parents_wife_and_two_children(office: Office) -> None:
    found = paper(office, "family-relation", known.FAMILY)
    assert [row["relation"] for row in found["parents"]] == ["부", "모"]
    assert names(found["spouse"]) == ["성춘향"]
    assert names(found["children"]) == ["홍가람", "홍한솔"]
    assert found["all_parents"] == found["all_children"] == []
    assert (found["name"], found["hanja"], found["born"]) == ("홍길동", "洪吉童", "1980-01-01")


def test_a_child_who_has_died_is_on_the_detailed_one_only_and_marked(office: Office) -> None:
    general = paper(office, "family-relation", known.LARGE)
    detailed = paper(office, "family-relation", known.LARGE, kind="detailed")
    assert names(general["children"]) == ["김마루", "김나래", "김두레"]
    assert detailed["children"] == []
    dead = [row for row in detailed["all_children"] if row["note"] == "사망"]
    assert len(dead) == 1
    assert [row for row in detailed["all_children"] if row not in dead] == general["children"]


def test_a_marriage_that_ended_is_on_the_detailed_one_only(office: Office) -> None:
    general = paper(office, "marriage", known.ALONE)
    assert general["spouse"] == general["entries"] == general["all_entries"] == []
    detailed = paper(office, "marriage", known.ALONE, kind="detailed")
    assert detailed["spouse"] == []
    assert kinds(detailed["all_entries"]) == ["혼인", "이혼"]
    assert len({row["other"] for row in detailed["all_entries"]}) == 1


def test_a_change_of_name_is_on_the_detailed_basic_one_only(office: Office) -> None:
    general = paper(office, "basic", known.ALONE)
    assert kinds(general["entries"]) == ["작성", "출생"]
    assert general["changes"] == []
    changes = paper(office, "basic", known.ALONE, kind="detailed")["changes"]
    assert kinds(changes) == ["개명"]
    assert changes[0]["after"] == "한여름" != changes[0]["before"]


def test_parental_authority_can_be_certified_by_itself(office: Office) -> None:
    assert paper(office, "basic", known.PROTECTED)["custody"] == []
    alone = paper(office, "basic", known.PROTECTED, kind="custody")
    assert kinds(alone["custody"]) == ["친권"]
    assert alone["entries"] == alone["changes"] == []
    assert paper(office, "basic", known.PROTECTED, kind="detailed")["custody"] == alone["custody"]


def test_who_is_adopted_has_the_new_parents_and_on_the_detailed_one_four(office: Office) -> None:
    general = paper(office, "family-relation", known.MOVING)
    detailed = paper(office, "family-relation", known.MOVING, kind="detailed")
    assert [row["relation"] for row in general["parents"]] == ["부", "모"]
    assert [row["relation"] for row in detailed["all_parents"]] == ["부", "모", "양부", "양모"]
    assert names(general["parents"]) == names(detailed["all_parents"])[2:]
    adoption = paper(office, "adoption", known.MOVING)
    assert names(adoption["adoption"]) == names(general["parents"])
    assert (kinds(adoption["entries"]), adoption["birth_parents"]) == (["입양"], [])
    all_of_it = paper(office, "adoption", known.MOVING, kind="detailed")
    assert names(all_of_it["birth_parents"]) == names(detailed["all_parents"])[:2]


def test_an_adoption_that_was_dissolved_is_on_the_detailed_one_only(office: Office) -> None:
    general = paper(office, "adoption", known.CHANGING)
    assert general["adoption"] == general["entries"] == []
    assert kinds(paper(office, "adoption", known.CHANGING, kind="detailed")["all_entries"]) == [
        "입양",
        "파양",
    ]


@pytest.mark.parametrize("kept", ["parents", "spouse", "children"])
def test_a_chosen_relation_is_all_that_is_left(office: Office, kept: str) -> None:
    whole = paper(office, "family-relation", known.FAMILY)
    found = paper(office, "family-relation", known.FAMILY, kind=kept)
    lists = ("parents", "all_parents", "spouse", "children", "all_children")
    assert found[kept] == whole[kept] != []
    assert all(found[name] == [] for name in lists if name != kept)


def test_of_who_was_adopted_fully_no_paper_says_so_in_any_choice(office: Office) -> None:
    for code in CODES[:4]:
        for options in all_choices(TYPES[code]):
            said = str(paper(office, code, known.RARE, **options))
            assert "친양자" not in said
            assert "입양'" not in said
            assert "양부" not in said
    parents = paper(office, "family-relation", known.RARE, kind="detailed")["all_parents"]
    assert [row["relation"] for row in parents] == ["부", "모"]
    assert ask(office, "removed-family", known.RARE) == "no-record"
    assert ask(office, "removed-abstract", known.RARE) == "no-record"


# --- digits ---


def test_no_number_is_whole_unless_that_was_chosen(office: Office) -> None:
    everybody = [one.id for one in small_town()[1].people if one.household][::6]

    async def all_of_them(services: Services) -> list[tuple[str, Answer]]:
        found: list[tuple[str, Answer]] = []
        for person in everybody:
            for code in CODES[:4]:
                options = {option.code: option.default for option in TYPES[code].file.option}
                options["kind"] = "detailed"
                found.append((code, await read(services, office, code, person, options)))
        return found

    certificates = [
        (code, one.data) for code, one in office.story(all_of_them) if isinstance(one, Certificate)
    ]
    assert len(certificates) > 150
    for code, said in certificates:
        check_contents(TEMPLATES[TYPES[code].form], said)
        numbers = [said["resident_number"]]
        for rows in (value for value in said.values() if isinstance(value, list)):
            numbers += [row[field] for row in rows for field in NUMBERED if row.get(field)]
        assert all(number.endswith("******") for number in numbers)


def test_whole_numbers_are_there_when_chosen_and_the_machine_refuses_them_otherwise(office: Office) -> None:
    whole = paper(office, "family-relation", known.FAMILY, digits="yes")
    numbers = [row["resident_number"] for name in ("parents", "spouse", "children") for row in whole[name]]
    assert not any("*" in number for number in (whole["resident_number"], *numbers))
    form = TEMPLATES[TYPES["family-relation"].form]
    check_contents(form, whole)
    with pytest.raises(WorkError, match="digits"):
        check_contents(form, {**whole, "options": {"kind": "general", "digits": "no"}})


def test_the_machine_refuses_a_detailed_list_on_a_general_paper(office: Office) -> None:
    detailed = paper(office, "marriage", known.ALONE, kind="detailed")
    with pytest.raises(WorkError, match="all_entries"):
        check_contents(
            TEMPLATES[TYPES["marriage"].form], {**detailed, "options": {"kind": "general", "digits": "no"}}
        )


# --- old registers ---


def test_who_stood_in_several_registers_chooses_by_head_and_seat(office: Office) -> None:
    choices = offered(office, "removed-family", known.LARGE)
    assert len(choices) >= 2
    assert len({(one.label, one.detail) for one in choices}) == len(choices)
    assert choices == offered(office, "removed-abstract", known.LARGE)
    for one in choices:
        found = paper(office, "removed-family", known.LARGE, one.key)
        assert (found["head"], found["seat"]) == (one.label, one.detail)
        assert found["rows"][0]["relation"] == "호주"


def test_the_only_register_needs_no_choice(office: Office) -> None:
    found = paper(office, "removed-family", known.FAMILY)
    assert found["closed"] == "2007-12-31"
    assert "홍길동" in names(found["rows"])
    assert "성춘향" not in names(found["rows"]), "they married under the new law"


def test_a_register_of_somebody_else_cannot_be_chosen(office: Office) -> None:
    stranger = paper(office, "removed-family", known.FAMILY)["register"]
    assert ask(office, "removed-family", known.LARGE, stranger) == "choice-unknown"


def test_the_abstract_has_the_head_and_oneself_and_nobody_else(office: Office) -> None:
    for one in offered(office, "removed-abstract", known.LARGE):
        found = paper(office, "removed-abstract", known.LARGE, one.key)
        whole = paper(office, "removed-family", known.LARGE, one.key)
        people = [name for name in names(found["rows"]) if name]
        assert people in ([found["head"], "김온누리"], ["김온누리"])
        assert all(row in whole["rows"] for row in found["rows"])


def test_an_old_register_has_the_name_of_its_time_and_the_paper_todays(office: Office) -> None:
    found = paper(office, "removed-family", known.ALONE)
    before = paper(office, "basic", known.ALONE, kind="detailed")["changes"][0]["before"]
    assert found["name"] == "한여름"
    assert before in names(found["rows"])
    assert "한여름" not in names(found["rows"])


# --- whose, and no ---


@pytest.mark.parametrize("code", CODES[:4])
def test_it_is_about_whom_the_card_identified(office: Office, code: str) -> None:
    found = paper(office, code, known.FAMILY)
    assert TYPES[code].about(found) == ("홍길동", "800101-1")
    assert values_at(found, TEMPLATES[TYPES[code].form].asked["person"]) == ["홍길동"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("card", "answer"),
    [(known.DEAD, "person-deceased"), (known.FOREIGN, "no-record")],
    ids=["dead", "foreign"],
)
def test_who_has_none_is_told_so(office: Office, code: str, card: str, answer: str) -> None:
    assert ask(office, code, card) == answer


def test_who_was_born_since_the_new_law_stood_in_no_old_register(office: Office) -> None:
    assert ask(office, "removed-family", known.SIXTEEN) == "no-record"
    assert kinds(paper(office, "basic", known.SIXTEEN)["entries"]) == ["출생"]


def test_a_protected_address_is_on_none_of_them_so_nobody_is_refused_for_it(office: Office) -> None:
    assert paper(office, "family-relation", known.PROTECTED)["name"] == "문지킴"


def test_a_record_under_change_is_not_certified(office: Office) -> None:
    person = next(card.person for card in small_town()[1].cards if card.number == known.FAMILY)
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        assert set_state(connection, "basic", person, RecordState.CHANGING) == 1
    engine.dispose()
    assert ask(office, "basic", known.FAMILY) == "record-under-change"
    assert isinstance(ask(office, "marriage", known.FAMILY), Certificate)


def test_its_outage_is_its_own(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        add_outage(connection, FAMILY_REGISTER, NOON, NOON + timedelta(hours=1))
    engine.dispose()
    for code in CODES:
        assert ask(office, code, known.FAMILY) == "register-down"
    assert isinstance(ask(office, "livelihood", known.ALONE), Certificate)
