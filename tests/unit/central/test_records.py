"""Registers in item form: what is chosen of a record, whose it is, and every way an office says no."""

import copy
from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from central.authority.types import load_types
from central.registers.hours import WELFARE_REGISTER, add_outage, set_hours
from central.registers.records import book
from central.registers.records.paper import in_language
from central.registers.records.record import RecordState
from central.registers.records.view import Rule, Subtotals, chosen
from central.registers.records.welfare import LIVELIHOOD
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.office import NOON, Office

TYPES = load_types()
ITEMS = {
    "number": "800101-1234560",
    "note": "a",
    "rows": [{"name": "a", "number": "800101-1234560"}, {"name": "b", "number": "900202-2345670"}],
}


def test_what_is_dropped_covered_or_too_old_is_not_there() -> None:
    before = copy.deepcopy(ITEMS)
    rules = (
        Rule(cover=("number", "rows.number")),
        Rule("names", ("no",), drop=("rows.name", "note")),
        Rule("rows", ("last",), last={"rows": 1}),
        Rule("rows", ("none",), drop=("rows",)),
    )
    covered = chosen(ITEMS, rules, {"names": "yes", "rows": "all"}, 2026)
    assert [row["number"] for row in covered["rows"]] == ["800101-1******", "900202-2******"]
    assert (covered["number"], covered["note"]) == ("800101-1******", "a")
    nameless = chosen(ITEMS, rules, {"names": "no", "rows": "last"}, 2026)
    assert nameless["rows"] == [{"name": "", "number": "900202-2******"}]
    assert nameless["note"] == ""
    assert chosen(ITEMS, rules, {"names": "no", "rows": "none"}, 2026)["rows"] == []
    assert before == ITEMS, "the record itself has changed"


def test_only_the_years_that_were_asked_for_stay_and_what_stays_is_summed() -> None:
    items = {
        "taxes": [{"year": str(year), "amount": year - 2000} for year in (2022, 2024, 2025, 2026)],
        "others": [],
    }
    sums = Rule(sum={"total": ("taxes.amount", "others.amount")})

    def left(count: int, year: int = 2026) -> tuple[list[str], int]:
        found = chosen(items, (Rule(years={"taxes.year": count}), sums), {}, year)
        return [row["year"] for row in found["taxes"]], found["total"]

    assert left(1) == (["2026"], 26)
    assert left(3) == (["2024", "2025", "2026"], 75)
    assert left(5) == (["2022", "2024", "2025", "2026"], 97)
    assert left(1, 2027) == ([], 0)
    assert (
        chosen(items, (Rule("some", ("none",), drop=("taxes",)), sums), {"some": "none"}, 2026)["total"] == 0
    )


def test_only_what_still_stands_stays_and_the_field_that_says_so_goes() -> None:
    items = {"rows": [{"name": "a", "stands": ""}, {"name": "b", "stands": "yes"}]}
    rules = (
        Rule("which", ("valid",), standing=("rows.stands",)),
        Rule(without=("rows.stands",)),
    )
    assert chosen(items, rules, {"which": "valid"}, 2026)["rows"] == [{"name": "b"}]
    assert chosen(items, rules, {"which": "all"}, 2026)["rows"] == [{"name": "a"}, {"name": "b"}]
    assert "stands" in items["rows"][0], "the record itself stays"


def test_what_stays_is_summed_by_year_over_several_lists_in_the_order_of_the_years() -> None:
    items = {
        "wage": [{"year": "2025", "income": 5, "tax": 1}, {"year": "2024", "income": 3, "tax": 0}],
        "business": [{"year": "2025", "income": 20, "tax": 4}],
    }
    by_year = Rule(subtotals={"years": Subtotals(("wage", "business"), "year", ("income", "tax"))})
    both = [{"year": "2024", "income": 3, "tax": 0}, {"year": "2025", "income": 25, "tax": 5}]
    assert chosen(items, (by_year,), {}, 2026)["years"] == both
    assert chosen(items, (Rule(drop=("wage",)), by_year), {}, 2026)["years"] == [items["business"][0]]
    assert chosen(items, (Rule(drop=("wage", "business")), by_year), {}, 2026)["years"] == []


def test_an_english_paper_takes_the_english_items_and_refuses_what_the_register_lacks() -> None:
    items = {"name": "한빛", "note": "", "rows": [{"no": "1", "kind": "가"}], "count": 3}
    english = {"name": "Hanbit", "note": "", "rows": [{"kind": "A"}]}
    assert in_language({**items, "en": english}, "ko") == items
    assert in_language({**items, "en": english}, "en") == {
        "name": "Hanbit",
        "note": "",
        "rows": [{"no": "1", "kind": "A"}],
        "count": 3,
    }
    for lacking in ({**english, "name": ""}, {**english, "rows": [{"kind": ""}]}):
        with pytest.raises(RefusedError, match="no-english-record"):
            in_language({**items, "en": lacking}, "en")


def test_a_rule_about_what_is_not_there_is_a_fault_and_no_certificate() -> None:
    with pytest.raises(KeyError):
        chosen(ITEMS, (Rule(drop=("nothing",)),), {}, 2026)


def asked(office: Office, card: str) -> Certificate | str:
    """The livelihood certificate of a card's holder, or the refusal."""
    kind = TYPES[LIVELIHOOD]
    assert kind.source is not None

    async def ask(services: Services) -> Certificate | str:
        holder = await services.residents.holder(card)
        assert holder is not None
        assert kind.source is not None
        try:
            return await services.personal.read_certificate(
                kind.file, kind.source, holder.person.id, {}, office.now
            )
        except RefusedError as error:
            return error.code

    return office.story(ask)


def change(office: Office, card: str, state: RecordState) -> None:
    """The welfare office does something with the records of a card's holder."""

    async def person(services: Services) -> int:
        holder = await services.residents.holder(card)
        assert holder is not None
        return holder.person.id

    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        assert book.set_state(connection, LIVELIHOOD, office.story(person), state) == 1
    engine.dispose()


def test_who_receives_benefits_gets_a_certificate_with_the_name_of_the_resident_register(
    office: Office,
) -> None:
    certificate = asked(office, known.ALONE)
    assert isinstance(certificate, Certificate)
    assert certificate.data["name"] == "한여름"
    assert certificate.data["resident_number"] == "910808-2******"
    assert [row["name"] for row in certificate.data["members"]] == ["한여름"]
    assert TYPES[LIVELIHOOD].about(certificate.data) == ("한여름", "910808-2")


@pytest.mark.parametrize(
    ("card", "code"),
    [(known.FAMILY, "no-record"), (known.DEAD, "person-deceased"), (known.PROTECTED, "address-protected")],
)
def test_who_has_none_is_told_so(office: Office, card: str, code: str) -> None:
    assert asked(office, card) == code


def test_a_record_under_amendment_or_closed_is_not_certified(office: Office) -> None:
    change(office, known.ALONE, RecordState.CHANGING)
    assert asked(office, known.ALONE) == "record-under-change"
    change(office, known.ALONE, RecordState.CLOSED)
    assert asked(office, known.ALONE) == "no-record"
    change(office, known.ALONE, RecordState.LIVE)
    assert isinstance(asked(office, known.ALONE), Certificate)


def test_an_office_has_hours_and_outages_of_its_own(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        set_hours(connection, WELFARE_REGISTER, 13 * 60, 18 * 60)
        add_outage(connection, WELFARE_REGISTER, NOON + timedelta(hours=2), NOON + timedelta(hours=3))
    engine.dispose()
    assert asked(office, known.ALONE) == "register-closed"
    office.now = NOON + timedelta(hours=1)
    assert isinstance(asked(office, known.ALONE), Certificate)
    office.now = NOON + timedelta(hours=2)
    assert asked(office, known.ALONE) == "register-down"


def test_what_the_register_gives_fits_the_form(office: Office) -> None:
    certificate = asked(office, known.ALONE)
    assert isinstance(certificate, Certificate)
    check_contents(TEMPLATES[TYPES[LIVELIHOOD].form], certificate.data)
