"""The national tax office's registers agree with themselves and with the town; its papers in Korean and in English."""

from typing import Any

import pytest

from central.registers.records.businesses import businesses
from central.registers.records.income import income_of_wages, tax_on
from central.registers.records.national_tax import BUSINESS, CLEARANCE, INCOME, YEARS, open_in, records
from central.registers.records.record import Record, RecordState
from central.registers.records.trades import business_number, check_digit
from central.registers.refusal import WhichError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.town import SEED
from kiosk.worker.contents import check_contents
from kiosk.worker.refusals import WorkError
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, asked, defaults, whole_town
from tests.unit.central.office import Office

PARCELS, PEOPLE = whole_town()
OWNED = businesses(SEED, PEOPLE, PARCELS)
RECORDS = list(records(SEED, PEOPLE, OWNED))
BY_ID = {one.id: one for one in PEOPLE.people}


def of(kind: str) -> list[Record]:
    return [record for record in RECORDS if record.kind == kind]


# --- the registers ---


@pytest.mark.parametrize("number", ["220-81-62517", "120-81-47521", "124-81-00998"])
def test_the_check_digit_is_the_one_of_numbers_that_are_in_use(number: str) -> None:
    digits = number.replace("-", "")
    assert check_digit(digits[:9]) == int(digits[9])


def test_every_businesss_number_is_well_formed_its_own_and_nobodys() -> None:
    numbers = [business.number for business in OWNED]
    assert len(set(numbers)) == len(numbers) > 100
    for number in numbers:
        digits = number.replace("-", "")
        assert len(digits) == 10
        assert check_digit(digits[:9]) == int(digits[9])
        assert digits[:3] == "099"
    with pytest.raises(ValueError, match="no number is left"):
        business_number(10_000)


def test_businesses_belong_to_living_grown_people_and_opened_in_their_lifetime() -> None:
    for business in OWNED:
        owner = BY_ID[business.owner]
        assert not owner.died
        assert int(business.opened[:4]) - int(owner.born[:4]) >= 20
        assert all(not day or day > business.opened for day in (business.closed, business.suspended))


def test_who_has_a_business_has_income_of_it_in_every_year_that_it_was_open_and_no_wages() -> None:
    incomes = {record.person: record.items for record in of(INCOME)}
    expected = {
        (business.owner, business.number, str(year))
        for business in OWNED
        for year in YEARS
        if open_in(business, year)
    }
    found = {
        (person, row["number"], row["year"]) for person, items in incomes.items() for row in items["business"]
    }
    assert found == expected
    owners = {business.owner for business in OWNED}
    assert all(not incomes[owner]["wage"] for owner in owners if owner in incomes)
    assert sum(bool(items["wage"]) for items in incomes.values()) > 400


@pytest.mark.parametrize(
    ("wages", "income"),
    [
        (0, 0),
        (4_000_000, 1_200_000),
        (10_000_000, 4_500_000),
        (30_000_000, 20_250_000),
        (120_000_000, 104_850_000),
    ],
)
def test_what_is_deducted_from_wages_is_the_laws(wages: int, income: int) -> None:
    assert income_of_wages(wages) == income


@pytest.mark.parametrize(
    ("income", "tax"),
    [(0, 0), (1_500_000, 0), (15_500_000, 840_000), (51_500_000, 6_240_000), (201_500_000, 56_060_000)],
)
def test_the_tax_follows_the_laws_steps(income: int, tax: int) -> None:
    assert tax_on(income) == tax


def test_only_who_has_a_business_owes_anything_and_nobody_owes_what_is_deferred() -> None:
    owners = {business.owner for business in OWNED if not business.closed}
    owing = {record.person for record in of(CLEARANCE) if record.items["arrears"]}
    deferred = {record.person for record in of(CLEARANCE) if record.items["deferrals"]}
    assert owing
    assert deferred
    assert owing | deferred <= owners
    assert not owing & deferred


def test_a_clearance_names_the_businesses_that_the_register_has() -> None:
    standing = {(business.owner, business.number, business.name) for business in OWNED if not business.closed}
    named = {
        (record.person, row["number"], row["trade_name"])
        for record in of(CLEARANCE)
        for row in record.items["businesses"]
    }
    assert named == standing


def test_every_english_item_stands_for_a_korean_one() -> None:
    for record in RECORDS:
        for field, value in record.items.get("en", {}).items():
            korean = record.items[field]
            assert type(korean) is type(value)
            if isinstance(value, list):
                assert len(korean) == len(value)
                assert all(other.keys() <= one.keys() for one, other in zip(korean, value, strict=True))


def test_the_same_seed_gives_the_same_records() -> None:
    assert list(records(SEED, PEOPLE, businesses(SEED, PEOPLE, PARCELS))) == RECORDS
    assert businesses(SEED + 1, PEOPLE, PARCELS) != OWNED


# --- the papers ---


def paper(office: Office, code: str, card: str, which: str = "", **chosen: str) -> dict[str, Any]:
    found = asked(office, code, card, defaults(code, **chosen), which)
    assert isinstance(found, Certificate)
    check_contents(TEMPLATES[TYPES[code].form], found.data)
    return found.data


def test_a_business_is_certified_with_its_owners_name_of_the_resident_register(office: Office) -> None:
    data = paper(office, BUSINESS, known.FAMILY)
    assert (data["title"], data["office"]) == ("사업자등록증명", "영등포세무서장")
    assert (data["name"], data["roman_name"], data["resident_number"]) == ("홍길동", "", "800101-1******")
    assert data["trades"] == [{"category": "음식점업", "item": "한식"}]


def test_a_paper_in_english_is_english_but_for_the_name_that_the_card_shows(office: Office) -> None:
    data = paper(office, BUSINESS, known.FAMILY, language="en")
    assert (data["title"], data["office"]) == (
        "Certificate of Business Registration",
        "Head of Yeongdeungpo District Tax Office",
    )
    assert (data["name"], data["roman_name"]) == ("홍길동", "HONG GILDONG")
    assert data["address"] == "101-dong 1203-ho, 10, Gukjegeumyung-ro, Yeongdeungpo-gu, Seoul"
    assert data["trades"] == [{"category": "Food service", "item": "Korean food"}]
    assert str({field: value for field, value in data.items() if field != "name"}).isascii()


def test_who_has_several_businesses_says_which(office: Office) -> None:
    with pytest.raises(WhichError) as several:
        asked(office, BUSINESS, known.LARGE, defaults(BUSINESS))
    assert several.value.what == "business"
    shop, bakery = several.value.offered
    assert paper(office, BUSINESS, known.LARGE, shop.key)["trade_name"] == shop.label
    data = paper(office, BUSINESS, known.LARGE, bakery.key, language="en")
    assert data["number"] == bakery.key
    assert data["trade_name"].endswith("Bakery")


def test_nobody_elses_business_can_be_named(office: Office) -> None:
    other = paper(office, BUSINESS, known.FAMILY)["number"]
    assert asked(office, BUSINESS, known.LARGE, defaults(BUSINESS), other) == "choice-unknown"
    assert asked(office, BUSINESS, known.ALONE, defaults(BUSINESS), other) == "no-record"


@pytest.mark.parametrize(
    ("code", "card", "chosen", "refusal"),
    [
        (BUSINESS, known.ALONE, {}, "no-record"),
        (BUSINESS, known.NEWER, {}, "no-record"),
        (BUSINESS, known.DEAD, {}, "person-deceased"),
        (BUSINESS, known.PROTECTED, {}, "address-protected"),
        (CLEARANCE, known.SIXTEEN, {}, "no-record"),
        (CLEARANCE, known.RARE, {}, "tax-arrears"),
        (CLEARANCE, known.RARE, {"language": "en"}, "tax-arrears"),
        (CLEARANCE, known.ALONE, {"language": "en"}, "no-english-record"),
        (INCOME, known.SIXTEEN, {}, "no-record"),
        (INCOME, known.FAMILY, {"kind": "wage"}, "no-record"),
        (INCOME, known.ALONE, {"kind": "business"}, "no-record"),
    ],
)
def test_who_gets_none_is_told_why(
    office: Office, code: str, card: str, chosen: dict[str, str], refusal: str
) -> None:
    assert asked(office, code, card, defaults(code, **chosen)) == refusal


def test_who_has_no_english_trade_name_gets_the_paper_in_korean_alone() -> None:
    nameless = [record for record in of(BUSINESS) if not record.items["en"]["trade_name"]]
    assert nameless
    assert all(record.items["trade_name"] for record in nameless)
    assert any(record.state is RecordState.LIVE for record in nameless)


def test_a_deferral_is_listed_and_keeps_nobody_from_a_clearance(office: Office) -> None:
    korean, english = (
        paper(office, CLEARANCE, known.FOREIGN, language=language) for language in ("ko", "en")
    )
    assert (korean["deferrals"][0]["item"], english["deferrals"][0]["item"]) == (
        "부가가치세",
        "Value-added tax",
    )
    assert korean["deferrals"][0]["amount"] == english["deferrals"][0]["amount"] > 0
    assert "arrears" not in korean


@pytest.mark.parametrize(
    ("years", "first", "count"), [("one", "2025", 1), ("three", "2023", 3), ("five", "2021", 5)]
)
def test_incomes_are_summed_by_year_and_over_all_years(
    office: Office, years: str, first: str, count: int
) -> None:
    data = paper(office, INCOME, known.LARGE, years=years)
    assert [row["year"] for row in data["years"]] == [str(int(first) + year) for year in range(count)]
    assert len(data["business"]) == 2 * count
    for row in data["years"]:
        of_the_year = [income for income in data["business"] if income["year"] == row["year"]]
        assert all(
            row[field] == sum(one[field] for one in of_the_year) for field in ("revenue", "income", "tax")
        )
    assert data["total_income"] == sum(row["income"] for row in data["years"])


def test_the_machine_refuses_a_korean_paper_with_a_roman_name_and_incomes_that_were_not_asked_for(
    office: Office,
) -> None:
    registered = paper(office, BUSINESS, known.FAMILY)
    with pytest.raises(WorkError, match="roman_name"):
        check_contents(TEMPLATES[TYPES[BUSINESS].form], {**registered, "roman_name": "HONG GILDONG"})
    earned = paper(office, INCOME, known.FAMILY, kind="business")
    with pytest.raises(WorkError, match="wage"):
        check_contents(TEMPLATES[TYPES[INCOME].form], {**earned, "wage": earned["business"]})
