"""What a citizen may ask of the land register, and every way it says no."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.registers import lots
from central.registers.hours import LAND_REGISTER, add_outage, end_outages, set_hours
from central.registers.land import parse_lot, read_certificate
from central.registers.parcel import Lot
from central.registers.refusal import RefusedError
from central.services import Services
from tests.unit.central.office import NOON, Office, subject_of


def refusal(office: Office, lot: Lot, type_code: str = "land") -> str:
    """The code with which the register refuses, or nothing."""

    async def ask(services: Services) -> str:
        try:
            kind = services.types[type_code]
            options = {option.code: option.default for option in kind.file.option}
            assert kind.source is not None
            await read_certificate(
                services.book, kind.file, kind.source, subject_of(lot), options, office.now
            )
        except RefusedError as error:
            return error.code
        return ""

    return office.story(ask)


@pytest.mark.parametrize(
    ("lot", "type_code", "code"),
    [
        (lots.ONE_SHEET, "land", ""),
        (lots.FOREST, "forest", ""),
        (lots.FOREST, "land", "wrong-register"),
        (lots.ONE_SHEET, "forest", "wrong-register"),
        (lots.MISSING, "land", "parcel-not-found"),
        (lots.CHANGING, "land", "record-under-change"),
        (lots.CLOSED, "land", "record-closed"),
        (lots.ONE_SHEET, "land-price", ""),
        (lots.ONE_SHEET_SPLIT, "land-price", "no-record"),
        (lots.CHANGING, "land-price", "record-under-change"),
        (lots.UNMAPPED, "land", ""),
        *(
            (lot, code, refusal)
            for code in ("cadastral-map", "land-use")
            for lot, refusal in (
                (lots.ONE_SHEET, ""),
                (lots.FOREST, "wrong-register"),
                (lots.MISSING, "parcel-not-found"),
                (lots.CHANGING, "record-under-change"),
                (lots.CLOSED, "record-closed"),
                (lots.UNMAPPED, "no-record"),
            )
        ),
        (lots.FOREST, "forest-map", ""),
        (lots.ONE_SHEET, "forest-map", "wrong-register"),
    ],
)
def test_each_lot_is_certified_or_refused_with_its_reason(
    office: Office, lot: Lot, type_code: str, code: str
) -> None:
    assert refusal(office, lot, type_code) == code


def test_outside_its_hours_the_register_is_closed(office: Office) -> None:
    with office.register() as connection:
        set_hours(connection, LAND_REGISTER, 13 * 60, 18 * 60)
    assert refusal(office, lots.ONE_SHEET) == "register-closed"
    assert refusal(office, lots.ONE_SHEET, "cadastral-map") == "register-closed"
    office.now = NOON.replace(hour=13)
    assert refusal(office, lots.ONE_SHEET) == ""
    office.now = NOON.replace(hour=18)
    assert refusal(office, lots.ONE_SHEET) == "register-closed"


def test_during_an_outage_the_register_is_down_and_afterwards_it_answers(office: Office) -> None:
    with office.register() as connection:
        add_outage(connection, LAND_REGISTER, NOON, NOON + timedelta(minutes=30))
    assert refusal(office, lots.ONE_SHEET) == "register-down"
    office.later(minutes=30)
    assert refusal(office, lots.ONE_SHEET) == ""
    office.now = NOON
    with office.register() as connection:
        end_outages(connection, LAND_REGISTER)
    assert refusal(office, lots.ONE_SHEET) == ""


@given(st.dictionaries(st.sampled_from(["dong", "mountain", "main", "sub", "x"]), st.text(max_size=12)))
def test_any_subject_is_a_lot_or_a_refusal(subject: dict[str, str]) -> None:
    try:
        found = parse_lot(subject).unique_no
    except RefusedError as error:
        found = error.code
    assert found in ("subject-invalid", "parcel-not-found") or len(found) == 21


def test_digits_of_another_script_are_no_lot_number() -> None:
    with pytest.raises(RefusedError, match="subject-invalid"):
        parse_lot({**subject_of(lots.ONE_SHEET), "main": "٦٠"})
