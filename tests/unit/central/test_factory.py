"""Factories stand on the town's lots, belong to its businesses or to companies, and are certified to anybody."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import create_engine

from central.registers.farms import FIELD
from central.registers.hours import FACTORY_REGISTER, LAND_REGISTER, set_hours
from central.registers.lots import CHANGING, CLOSED, CLOSED_INTO, MISSING, ONE_SHEET
from central.registers.parcel import Lot, ParcelState
from central.registers.records.book import key_on_lot, set_state
from central.registers.records.businesses import businesses
from central.registers.records.factory import FACTORY, records
from central.registers.records.factory_sites import LAND, WELL_KNOWN
from central.registers.records.record import RecordState
from central.registers.records.trades import check_digit
from central.registers.refusal import RefusedError, WhichError
from central.registers.town import SEED
from central.services import Services
from kiosk.protocol.central import Choice, Draft
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, defaults, whole_town
from tests.unit.central.office import Office, Worker, subject_of

FORM = TEMPLATES[TYPES[FACTORY].form]
PARCELS, PEOPLE = whole_town()
OWNED = businesses(SEED, PEOPLE, PARCELS)
RECORDS = list(records(SEED, PEOPLE, PARCELS, OWNED))
BY_LOT = {parcel.lot.unique_no: parcel for parcel in PARCELS}
KOREAN, ENGLISH = defaults(FACTORY), defaults(FACTORY, language="en")


def tenths(area: str) -> int:
    return int(area.replace(",", "").replace(".", ""))


# --- the register ---


def test_factories_stand_on_living_lots_for_them_and_have_room_there() -> None:
    taken: Counter[str] = Counter()
    for record in RECORDS:
        lot = record.key.partition("/")[0]
        assert BY_LOT[lot].state is not ParcelState.CLOSED
        assert BY_LOT[lot].land[-1].category in LAND
        assert tenths(record.items["making_m2"]) + tenths(record.items["other_m2"]) <= tenths(
            record.items["land_m2"]
        )
        taken[lot] += tenths(record.items["land_m2"])
    assert len(RECORDS) > 200
    assert all(area <= BY_LOT[lot].area for lot, area in taken.items())


def test_well_known_lots_have_as_many_as_they_say() -> None:
    for lot, count in WELL_KNOWN.items():
        assert sum(record.key.startswith(key_on_lot(lot, "")) for record in RECORDS) == count


def test_a_residents_factory_is_a_registered_business_of_theirs() -> None:
    by_number = {business.number: business for business in OWNED}
    names = {one.id: one.name for one in PEOPLE.people}
    residents = [record for record in RECORDS if record.items["business_number"] in by_number]
    assert {record.key.partition("/")[0] for record in residents} == {
        business.lot.unique_no for business in OWNED if business.lot
    }
    for record in residents:
        business = by_number[record.items["business_number"]]
        assert record.items["company"] == business.name
        assert record.items["representative"] == names[business.owner]
        assert record.items["industries"][0]["code"] == business.trade.industry


def test_every_factory_has_a_number_of_its_own_and_people_and_opened_before_it_was_registered() -> None:
    numbers = {record.items["business_number"] for record in RECORDS}
    assert len(numbers) == len({record.items["number"] for record in RECORDS}) == len(RECORDS)
    for record in RECORDS:
        items, digits = record.items, record.items["business_number"].replace("-", "")
        assert check_digit(digits[:9]) == int(digits[9])
        assert items["workers"] == items["men"] + items["women"] > 0
        assert items["started"] <= items["registered"]


def test_the_same_seed_gives_the_same_register() -> None:
    assert list(records(SEED, PEOPLE, PARCELS, OWNED)) == RECORDS


# --- the paper ---


def paper(
    office: Office, lot: Lot, options: dict[str, str] = KOREAN, which: str = ""
) -> dict[str, Any] | str:
    """The certificate's data, or the refusal. Raises WhichError."""
    kind = TYPES[FACTORY]

    async def ask(services: Services) -> dict[str, Any] | str:
        assert kind.source is not None
        try:
            return await services.on_lots.read_certificate(
                kind.file, kind.source, subject_of(lot), options, office.now, which
            )
        except RefusedError as error:
            return error.code

    found = office.story(ask)
    if isinstance(found, dict):
        check_contents(FORM, found)
    return found


def test_the_only_factory_on_a_lot_is_certified_where_the_land_register_has_the_lot(office: Office) -> None:
    data = paper(office, ONE_SHEET)
    assert isinstance(data, dict)
    assert (data["title"], data["office"]) == ("공장등록증명서", "서울특별시 영등포구청장")
    assert (data["location"], data["lot"], data["category"]) == ("서울특별시 영등포구 여의도동", "60", "대")
    assert TYPES[FACTORY].about(data) == (data["location"], "60", data["number"])


def test_it_is_english_from_top_to_bottom(office: Office) -> None:
    data = paper(office, ONE_SHEET, ENGLISH)
    assert isinstance(data, dict)
    assert (data["title"], data["office"]) == (
        "Certificate of Factory Registration",
        "Mayor of Yeongdeungpo-gu, Seoul",
    )
    assert (data["location"], data["category"]) == ("Yeouido-dong, Yeongdeungpo-gu, Seoul", "Building site")
    assert str(data).isascii()


def test_where_several_stand_on_a_lot_somebody_says_which(office: Office) -> None:
    with pytest.raises(WhichError) as several:
        paper(office, CLOSED_INTO)
    assert (several.value.what, several.value.person) == ("factory", None)
    assert len(several.value.offered) == 3
    for thing in several.value.offered:
        data = paper(office, CLOSED_INTO, which=thing.key)
        assert isinstance(data, dict)
        assert (data["number"], data["company"]) == (thing.key, thing.label)
    assert paper(office, ONE_SHEET, which=several.value.offered[0].key) == "choice-unknown"


def test_one_without_a_name_in_english_is_certified_in_korean_alone(office: Office) -> None:
    with pytest.raises(WhichError) as several:
        paper(office, CLOSED_INTO)
    keys = [thing.key for thing in several.value.offered]
    found = [paper(office, CLOSED_INTO, ENGLISH, key) for key in keys]
    assert found.count("no-english-record") == 1
    assert all(isinstance(paper(office, CLOSED_INTO, KOREAN, key), dict) for key in keys)


@pytest.mark.parametrize(
    ("lot", "code"),
    [(MISSING, "parcel-not-found"), (CHANGING, "record-under-change"), (CLOSED, "record-closed")],
)
def test_the_land_register_says_no_first(office: Office, lot: Lot, code: str) -> None:
    assert paper(office, lot) == code


def test_a_lot_without_a_factory_and_a_register_that_is_closed_are_told_apart(office: Office) -> None:
    assert paper(office, FIELD) == "no-record"
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        set_hours(connection, FACTORY_REGISTER, 13 * 60, 18 * 60)
    engine.dispose()
    assert paper(office, ONE_SHEET) == "register-closed"


def test_a_record_under_amendment_is_not_certified(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        set_state(connection, FACTORY, 0, RecordState.CHANGING)
    engine.dispose()
    assert paper(office, ONE_SHEET) == "record-under-change"


def test_the_land_registers_hours_hold_too(office: Office) -> None:
    with office.register() as connection:
        set_hours(connection, LAND_REGISTER, 13 * 60, 18 * 60)
    assert paper(office, ONE_SHEET) == "register-closed"


def test_a_draft_of_a_lot_with_several_is_a_choice_that_is_nobodys_and_then_the_paper(office: Office) -> None:
    async def story(services: Services) -> tuple[Draft | Choice, Draft | Choice]:
        worker = Worker(services.keys.trust.sealing_key)
        request = worker.draft_request(CLOSED_INTO, type_code=FACTORY, options=KOREAN)
        choice = await services.desk.answer(request, office.now)
        assert isinstance(choice, Choice)
        which = choice.offered[1].key
        again = worker.draft_request(CLOSED_INTO, type_code=FACTORY, options=KOREAN, which=which)
        return choice, await services.desk.answer(again, office.now)

    choice, draft = office.story(story)
    assert isinstance(choice, Choice)
    assert isinstance(draft, Draft)
    assert (choice.subject, draft.subject) == ("", "")
    assert draft.data["number"] == choice.offered[1].key
    assert draft.quote.base == 1_000
