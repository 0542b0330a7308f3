"""A household's certified copy says what was asked for and nothing more, and is refused as in life."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.authority.types import load_types
from central.registers import resident
from central.registers.hours import RESIDENT_REGISTER, add_outage, set_hours
from central.registers.refusal import RefusedError
from central.registers.residents import desk, known
from central.registers.residents.copy import HouseholdRecord, certificate_data
from central.registers.residents.number import Numbers
from central.registers.residents.record import Person, Population
from central.services import Services
from tests.unit.central.citizen import FULL, HOUSEHOLD
from tests.unit.central.office import NOON, Office

TYPES = load_types()
TODAY = NOON.date()
NOTHING = {
    "past_addresses": "none",
    "formation": "no",
    "moved_in": "no",
    "names": "no",
    "relation": "no",
    "digits": "none",
    "cohabitants": "no",
}
every_choice = st.fixed_dictionaries(
    {
        option.code: st.sampled_from([choice.code for choice in option.choices])
        for option in TYPES[HOUSEHOLD].file.option
    }
)
PEOPLE = known.well_known(Numbers(), TODAY)


def household_of(card: str, content: Population = PEOPLE) -> tuple[HouseholdRecord, Person]:
    """The household of a card's holder, and the holder."""
    people = {one.id: one for one in content.people}
    holder = people[next(entry.person for entry in content.cards if entry.number == card)]
    homes = {home.id: home for home in content.households}
    members = tuple(one for one in content.people if one.household == holder.household)
    return HouseholdRecord(homes[holder.household], members, people, homes), holder


def copy_of(card: str, **options: str) -> dict[str, Any]:
    record, holder = household_of(card)
    return certificate_data(record, holder, {**FULL, **options}, TODAY)


def asked(office: Office, card: str, options: dict[str, str] | None = None) -> str:
    """The head's name on the copy for a card's holder, or the refusal."""

    async def ask(services: Services) -> str:
        holder = await services.residents.holder(card)
        assert holder is not None
        try:
            read = await resident.household_copy(
                services.residents, holder.person.id, options or FULL, office.now
            )
        except RefusedError as error:
            return error.code
        return str(read.data["head"])

    return office.story(ask)


def clerk(office: Office, card: str, state: str) -> None:
    with office.residents() as connection:
        desk.mark(connection, card, state, f"{office.now:%Y-%m-%d}")


def test_the_copy_of_a_family_lists_it_from_the_head_down() -> None:
    data = copy_of(known.FAMILY)
    assert (data["title"], data["office"]) == ("주민등록표", "서울특별시 영등포구청장")
    assert data["head"] == data["requester"] == "홍길동"
    assert data["address"] == "서울특별시 영등포구 국제금융로 10, 101동 1203호 (여의도동)"
    assert (data["formation_reason"], data["formation_date"]) == ("전입", "2019-03-04")
    assert (data["address_reason"], data["address_since"]) == ("전입", "2019-03-04")
    rows = [(row["no"], row["relation"], row["name"], row["name_hanja"]) for row in data["members"]]
    assert rows == [
        ("1", "본인", "홍길동", "洪吉童"),
        ("2", "배우자", "성춘향", "成春香"),
        ("3", "자녀", "홍가람", ""),
        ("4", "자녀", "홍한솔", ""),
    ]
    assert {row["moved_in"] for row in data["members"]} == {"2019-03-04"}
    assert [row["moved_in"] for row in data["past_addresses"]] == ["2006-03-11", "2011-05-06"]


def test_nine_members_a_lodger_and_twelve_past_addresses() -> None:
    data = copy_of(known.LARGE)
    words = [row["relation"] for row in data["members"]]
    assert words == ["본인", "배우자", "부", "모", "자녀", "자녀", "자녀", "자녀의 배우자", "손"]
    assert [row["name"] for row in data["cohabitants"]] == ["서나그네"]
    assert len(data["past_addresses"]) == 12
    moved = [row["moved_in"] for row in data["past_addresses"]]
    assert moved == sorted(moved)
    assert {row["moved_in"]: row["reason"] for row in data["members"]}["2024-05-18"] == "혼인"


def test_an_old_address_is_told_by_its_lot_and_a_newer_one_by_its_road() -> None:
    addresses = [row["address"] for row in copy_of(known.LARGE)["past_addresses"]]
    assert addresses[0] == "서울특별시 영등포구 신길동 114-7"
    assert addresses[-1].startswith("서울특별시 영등포구 ")
    assert addresses[-1].endswith("(양평동5가)")


def test_recent_are_the_addresses_left_within_five_years() -> None:
    everything = copy_of(known.LARGE)["past_addresses"]
    assert copy_of(known.LARGE, past_addresses="recent")["past_addresses"] == everything[-1:]
    assert copy_of(known.LARGE, past_addresses="none")["past_addresses"] == []


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("none", []), ("own", ["홍길동"]), ("all", ["홍길동", "성춘향", "홍가람", "홍한솔"])],
)
def test_back_digits_are_shown_for_nobody_for_oneself_or_for_all(digits: str, shown: list[str]) -> None:
    members = copy_of(known.FAMILY, digits=digits)["members"]
    assert [row["name"] for row in members if "*" not in row["resident_number"]] == shown
    assert all(len(row["resident_number"]) == 14 for row in members)


def test_without_names_the_others_have_neither_name_nor_number() -> None:
    record, _ = household_of(known.FAMILY)
    wife = next(one for one in record.members if one.name == "성춘향")
    data = certificate_data(record, wife, {**FULL, "names": "no"}, TODAY)
    assert [row["name"] for row in data["members"]] == ["", "성춘향", "", ""]
    assert [bool(row["resident_number"]) for row in data["members"]] == [False, True, False, False]
    assert (data["head"], data["requester"]) == ("", "성춘향")


@given(every_choice)
def test_what_was_not_asked_for_is_nowhere_in_the_data(options: dict[str, str]) -> None:
    record, holder = household_of(known.LARGE)
    text = str(certificate_data(record, holder, options, TODAY))
    others = [one for one in record.members if one.id != holder.id]
    if options["names"] == "no":
        assert not any(one.name in text or one.number[:8] in text for one in others)
    if options["digits"] != "all":
        assert not any(one.number in text for one in others)
    if options["digits"] == "none":
        assert holder.number not in text
    if options["cohabitants"] == "no":
        assert "서나그네" not in text
    if options["formation"] == "no":
        assert "'formation_date': ''" in text
    if options["relation"] == "no":
        assert "배우자" not in text
    if options["moved_in"] == "no":
        assert "2024-05-18" not in text


@given(every_choice)
def test_every_choice_gives_the_same_fields(options: dict[str, str]) -> None:
    data, full = copy_of(known.LARGE, **options), copy_of(known.LARGE)
    assert set(data) == set(full)
    assert [set(row) for row in data["members"]] == [set(row) for row in full["members"]]
    assert data["options"] == options


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.FAMILY, "홍길동"),
        (known.ALONE, "한여름"),
        (known.DEAD, "person-deceased"),
        (known.PROTECTED, "address-protected"),
        (known.MOVING, "record-moving"),
        (known.CHANGING, "record-under-change"),
        (known.FOREIGN, "CHRISTODOULOPOULOU ALEXANDRA MAXIMILIANA"),
        (known.RARE, "한결"),
    ],
)
def test_each_person_gets_a_copy_or_a_reason(office: Office, card: str, code: str) -> None:
    assert asked(office, card) == code


def test_the_long_name_has_forty_letters_and_the_rare_one_its_hanja() -> None:
    assert len(copy_of(known.FOREIGN)["members"][0]["name"]) == 40
    assert copy_of(known.RARE)["members"][0]["name_hanja"] == "韓㛃"


def test_one_protected_member_protects_the_whole_households_address(office: Office) -> None:
    assert asked(office, known.FAMILY) == "홍길동"
    clerk(office, known.FAMILY, "protected")

    async def wife(services: Services) -> str:
        found = await services.residents.read(2, office.now)
        assert found.person is not None
        with pytest.raises(RefusedError) as refused:
            await resident.household_copy(services.residents, 2, FULL, office.now)
        return f"{found.person.name} {refused.value.code}"

    assert office.story(wife) == "성춘향 address-protected"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("changing", "record-under-change"),
        ("moving", "record-moving"),
        ("protected", "address-protected"),
        ("deceased", "person-deceased"),
    ],
)
def test_what_the_office_enters_counts_at_once(office: Office, state: str, said: str) -> None:
    clerk(office, known.FAMILY, state)
    assert asked(office, known.FAMILY) == said


def test_live_takes_protection_and_change_back(office: Office) -> None:
    for state in ("protected", "moving"):
        clerk(office, known.FAMILY, state)
        clerk(office, known.FAMILY, "live")
        assert asked(office, known.FAMILY) == "홍길동"


def test_after_the_heads_death_the_widow_is_the_head(office: Office) -> None:
    clerk(office, known.FAMILY, "deceased")

    async def head(services: Services) -> tuple[str, list[str]]:
        data = (await resident.household_copy(services.residents, 2, FULL, office.now)).data
        return str(data["head"]), [row["relation"] for row in data["members"]]

    assert office.story(head) == ("성춘향", ["본인", "자녀", "자녀"])


def test_a_lodger_who_leaves_the_cohabitants_out_is_on_no_line_of_the_paper(office: Office) -> None:
    record, _ = household_of(known.LARGE)
    lodger = next(one for one in record.members if one.name == "서나그네")

    async def ask(services: Services) -> str:
        with pytest.raises(RefusedError) as refused:
            await resident.household_copy(services.residents, lodger.id, NOTHING, office.now)
        return refused.value.code

    assert office.story(ask) == "options-invalid"


def test_the_resident_register_has_hours_and_outages_of_its_own(office: Office) -> None:
    with office.residents() as connection:
        set_hours(connection, RESIDENT_REGISTER, 13 * 60, 18 * 60)
    assert asked(office, known.FAMILY) == "register-closed"
    office.now = NOON.replace(hour=13)
    assert asked(office, known.FAMILY) == "홍길동"
    with office.residents() as connection:
        add_outage(connection, RESIDENT_REGISTER, office.now, office.now + timedelta(minutes=5))
    assert asked(office, known.FAMILY) == "register-down"
    office.later(minutes=5)
    assert asked(office, known.FAMILY) == "홍길동"


def test_the_sixteen_year_old_is_sixteen_whenever_the_register_is_made() -> None:
    for year, month in product((2026, 2031), (1, 6, 12)):
        today = date(year, month, 28)
        content = known.well_known(Numbers(), today)
        born = date.fromisoformat(household_of(known.SIXTEEN, content)[1].born)
        assert today.year - born.year - ((today.month, today.day) < (born.month, born.day)) == 16
