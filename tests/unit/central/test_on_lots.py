"""A citizen names a lot and picks, level by level, what on it the paper is about; nothing is asked that is clear."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from central.registers import lots
from central.registers.buildings.paths import Step
from central.registers.farms import FIELD
from central.registers.hours import (
    BUILDING_REGISTER,
    LAND_REGISTER,
    REAL_ESTATE_REGISTRY,
    add_outage,
    set_hours,
)
from central.registers.on_lots import the_record
from central.registers.parcel import Lot
from central.registers.records.book import set_state_on_lot
from central.registers.records.record import Record, RecordState
from central.registers.refusal import RefusedError, WhichError
from central.services import Services
from kiosk.protocol.central import Choice, Draft
from tests.unit.central.office import NOON, Office, Worker, subject_of
from tests.unit.central.stands import CODES, asked

HOME = "b1/101/12/1203"
LEVELS = ("building", "block", "floor", "unit")


def keys(answer: object) -> tuple[str, list[str]]:
    assert isinstance(answer, WhichError)
    return answer.what, [one.key for one in answer.offered]


def test_a_lot_with_one_building_is_certified_without_a_question(office: Office) -> None:
    data = asked(office, "building", lots.CLOSED_INTO)
    assert isinstance(data, dict)
    assert (data["which"], data["title"], data["lot"]) == ("b1", "일반건축물대장(갑)", "700")


def test_apartments_are_picked_by_block_storey_and_unit(office: Office) -> None:
    what, blocks = keys(asked(office, "building", lots.APARTMENTS))
    assert (what, blocks) == ("block", ["b1/all", "b1/101", "b1/102", "b1/상가"])
    what, storeys = keys(asked(office, "building", lots.APARTMENTS, "b1/101"))
    assert what == "floor"
    assert storeys == ["b1/101/all", *(f"b1/101/{storey}" for storey in range(1, 16))]
    what, units = keys(asked(office, "building", lots.APARTMENTS, "b1/101/12"))
    assert (what, units) == ("unit", [f"b1/101/12/120{place}" for place in range(1, 5)])
    data = asked(office, "building", lots.APARTMENTS, HOME)
    assert isinstance(data, dict)
    assert (data["which"], data["block"], data["unit"]) == (HOME, "101동", "1203호")


def test_what_is_offered_is_told_in_the_registers_words(office: Office) -> None:
    answer = asked(office, "building", lots.APARTMENTS)
    assert isinstance(answer, WhichError)
    assert [one.label for one in answer.offered] == ["총괄표제부", "101동", "102동", "상가동"]
    assert answer.offered[1].detail == "지상 15층"
    assert answer.person is None
    answer = asked(office, "site-right", lots.APARTMENTS, "b1/101/12")
    assert isinstance(answer, WhichError)
    assert (answer.offered[2].label, answer.offered[2].detail) == ("1203호", "전용 59.92㎡")


@pytest.mark.parametrize(
    ("which", "title"),
    [("b1/all", "집합건축물대장(총괄표제부)"), ("b1/101/all", "집합건축물대장(표제부, 갑)")],
)
def test_a_complex_and_a_block_have_sheets_of_their_own(office: Office, which: str, title: str) -> None:
    data = asked(office, "building", lots.APARTMENTS, which)
    assert isinstance(data, dict)
    assert (data["which"], data["title"]) == (which, title)


def test_the_registry_offers_the_land_beside_the_buildings(office: Office) -> None:
    assert keys(asked(office, "real-estate-registry", lots.APARTMENTS)) == ("estate", ["land", "b1"])
    assert keys(asked(office, "real-estate-registry", lots.CLOSED_INTO)) == ("estate", ["land", "b1"])
    data = asked(office, "real-estate-registry", lots.APARTMENTS, "land")
    assert isinstance(data, dict)
    assert (data["which"], data["kind"]) == ("land", "토지")
    only_land = asked(office, "real-estate-registry", FIELD)
    assert isinstance(only_land, dict)
    assert (only_land["which"], only_land["kind"]) == ("land", "토지")


@pytest.mark.parametrize("lot", [lots.FOREST, lots.LONG])
def test_any_lot_has_a_deed(office: Office, lot: Lot) -> None:
    data = asked(office, "real-estate-registry", lot)
    assert isinstance(data, dict)
    assert data["unique_no"] == lot.unique_no


@pytest.mark.parametrize(
    ("code", "lot", "which", "refusal"),
    [
        ("building", FIELD, "", "no-record"),
        ("building", lots.FOREST, "", "no-record"),
        ("building", lots.MISSING, "", "parcel-not-found"),
        ("building", lots.CHANGING, "", "record-under-change"),
        ("site-right", lots.CLOSED_INTO, "", "no-record"),
        ("site-right", lots.MISSING, "", "parcel-not-found"),
        ("real-estate-registry", lots.CLOSED, "", "record-closed"),
        ("real-estate-registry", lots.MISSING, "", "parcel-not-found"),
        ("building", lots.APARTMENTS, "b2", "choice-unknown"),
        ("building", lots.APARTMENTS, "b1/103", "choice-unknown"),
        ("building", lots.APARTMENTS, "b1/101/99", "choice-unknown"),
        ("building", lots.APARTMENTS, f"{HOME}/1", "choice-unknown"),
        ("building", lots.APARTMENTS, "b1/1", "choice-unknown"),
        ("building", lots.APARTMENTS, "/", "choice-unknown"),
        ("building", lots.CLOSED_INTO, HOME, "choice-unknown"),
        ("site-right", lots.APARTMENTS, "b1/101/all", "choice-unknown"),
    ],
)
def test_what_is_not_there_is_refused_with_its_reason(
    office: Office, code: str, lot: Lot, which: str, refusal: str
) -> None:
    assert asked(office, code, lot, which) == refusal


def record(path: str, state: RecordState = RecordState.LIVE) -> Record:
    steps = [Step(step, step) for step in path.split("/")]
    items = {"path": [[step.label, step.detail] for step in steps]}
    return Record("building", items, key=f"lot/{path}", state=state)


def test_levels_with_one_thing_are_passed_and_what_is_offered_leads_as_far_as_is_clear() -> None:
    there = [record("b1/-/1/101"), record("b1/-/2/201"), record("b1/-/2/202")]
    with pytest.raises(WhichError) as several:
        the_record(there, LEVELS, "")
    assert several.value.what == "floor"
    assert [(one.key, one.label) for one in several.value.offered] == [
        ("b1/-/1/101", "1 101"),
        ("b1/-/2", "2"),
    ]
    assert the_record(there, LEVELS, "b1/-/1/101") is there[0]
    with pytest.raises(WhichError) as several:
        the_record(there, LEVELS, "b1/-/2")
    assert several.value.what == "unit"


def test_a_level_that_has_only_one_left_since_it_was_offered_is_not_guessed() -> None:
    there = [record("b1/-/1/101"), record("b1/-/2/201"), record("b1/-/2/202", RecordState.CLOSED)]
    with pytest.raises(RefusedError, match="choice-unknown"):
        the_record(there, LEVELS, "b1/-/2")


def test_storeys_stand_in_their_order_and_names_behind_numbers() -> None:
    there = [record(f"b1/{step}") for step in ("상가", "10", "all", "9", "-1")]
    with pytest.raises(WhichError) as several:
        the_record(there, LEVELS, "")
    assert [one.key for one in several.value.offered] == ["b1/all", "b1/9", "b1/10", "b1/-1", "b1/상가"]


def test_what_was_torn_down_is_not_offered_unless_nothing_else_was_there() -> None:
    gone, stands = record("b1", RecordState.CLOSED), record("b2")
    assert the_record([gone, stands], LEVELS, "") is stands
    with pytest.raises(RefusedError, match="choice-unknown"):
        the_record([gone, stands], LEVELS, "b1")
    with pytest.raises(RefusedError, match="record-closed"):
        the_record([gone], LEVELS, "")


def test_only_the_picked_record_has_to_stand_still() -> None:
    there = [record("b1", RecordState.CHANGING), record("b2")]
    assert the_record(there, LEVELS, "b2") is there[1]
    with pytest.raises(RefusedError, match="record-under-change"):
        the_record(there, LEVELS, "b1")


def transaction(office: Office, register: str, how: str) -> None:
    file = office.folder.register if register == LAND_REGISTER else office.folder.records
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        if how == "register-down":
            add_outage(connection, register, NOON, NOON + timedelta(hours=1))
        else:
            set_hours(connection, register, 13 * 60, 18 * 60)
    engine.dispose()


@pytest.mark.parametrize("how", ["register-down", "register-closed"])
@pytest.mark.parametrize(
    ("register", "code"),
    [
        (BUILDING_REGISTER, "building"),
        (LAND_REGISTER, "site-right"),
        (REAL_ESTATE_REGISTRY, "real-estate-registry"),
    ],
)
def test_each_office_has_hours_and_outages_of_its_own(
    office: Office, register: str, code: str, how: str
) -> None:
    transaction(office, register, how)
    assert {other: asked(office, other, lots.APARTMENTS) == how for other in CODES} == {
        other: other == code for other in CODES
    }


def test_a_choice_leads_to_a_draft_that_says_what_was_picked(office: Office) -> None:
    async def ask(services: Services) -> tuple[Choice, Draft]:
        worker = Worker(services.keys.trust.sealing_key)
        request = worker.draft_request(
            lots.APARTMENTS,
            type_code="site-right",
            options={"history": "all"},
            subject=subject_of(lots.APARTMENTS),
        )
        choice = await services.desk.answer(request, office.now)
        picked = worker.draft_request(
            lots.APARTMENTS, type_code="site-right", options={"history": "all"}, which=HOME
        )
        draft = await services.desk.answer(picked, office.now)
        assert isinstance(choice, Choice)
        assert isinstance(draft, Draft)
        return choice, draft

    choice, draft = office.story(ask)
    assert (choice.what, choice.subject, len(choice.offered)) == ("block", "", 3)
    assert draft.data["which"] == HOME
    assert draft.data["unit"] == "제101동 제12층 제1203호"
    assert draft.subject == ""


def test_a_record_that_a_clerk_takes_out_is_refused_and_its_neighbour_is_not(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        lot = lots.APARTMENTS.unique_no
        assert set_state_on_lot(connection, "building", lot, HOME, RecordState.CHANGING)
        assert not set_state_on_lot(connection, "building", lot, "b9", RecordState.CHANGING)
    engine.dispose()
    assert asked(office, "building", lots.APARTMENTS, HOME) == "record-under-change"
    assert isinstance(asked(office, "building", lots.APARTMENTS, "b1/101/12/1204"), dict)
    assert isinstance(asked(office, "site-right", lots.APARTMENTS, HOME), dict)
