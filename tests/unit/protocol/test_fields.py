"""A form reads its data by path; what a screen may show of a person is covered, and a mask fits its own name only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.fields import fits_mask, masked_address, masked_name, value_at, values_at

DATA: dict[str, Any] = {
    "requester": "이샛별",
    "options": {"names": "yes"},
    "members": [
        {"name": "홍길동", "resident_number": "800101-1******"},
        {"name": "이샛별", "resident_number": "820714-2345678"},
    ],
    "cohabitants": [{"name": "탁가온", "resident_number": "991008-1******"}],
}
NAMES = st.text(st.sampled_from("가나다라마바사 ABC"), min_size=1).filter(lambda name: name == name.strip())


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("requester", ["이샛별"]),
        ("options.names", ["yes"]),
        ("members.last.name", ["이샛별"]),
        ("members.name", ["홍길동", "이샛별"]),
        ("members.others.name", ["홍길동"]),
        ("own.name", ["이샛별"]),
        ("own.resident_number|born", ["820714-2"]),
        ("members.resident_number|back", ["", "345678"]),
        ("requester|name", ["이*별"]),
        ("nothing", []),
        ("requester.nothing", []),
        ("members.nothing", []),
    ],
)
def test_a_path_finds_what_stands_there(path: str, values: list[str]) -> None:
    assert values_at(DATA, path) == values


def test_the_applicants_entry_is_found_in_whichever_list_it_stands() -> None:
    assert value_at({**DATA, "requester": "탁가온"}, "own.resident_number|born") == "991008-1"


def test_one_of_several_is_never_guessed() -> None:
    twins = {**DATA, "cohabitants": [DATA["members"][1]]}
    assert value_at(twins, "own.resident_number") is None
    assert value_at({**DATA, "requester": ""}, "own.name") is None
    assert value_at(DATA, "members") is None


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("홍길동", "홍*동"),
        ("한별", "한*"),
        ("남궁재현", "남**현"),
        ("ANNA LEE", "A*** **E"),
        ("봄", "봄"),
        ("", ""),
    ],
)
def test_a_name_is_covered_but_for_its_ends(name: str, covered: str) -> None:
    assert masked_name(name) == covered


@pytest.mark.parametrize(
    ("number", "shown"),
    [("26363.5", "26,363.5"), ("330", "330"), ("1000000", "1,000,000"), ("", ""), ("산 12", "산 12")],
)
def test_a_number_gets_its_commas_and_what_is_none_stays(number: str, shown: str) -> None:
    assert value_at({"area": number}, "area|number") == shown


def test_an_address_keeps_its_town_and_loses_its_door() -> None:
    assert (
        masked_address("서울특별시 영등포구 63로 50, 101동 12호") == "서울특별시 영등포구 **로 **, ***동 **호"
    )


@given(name=NAMES)
def test_a_name_fits_its_own_mask(name: str) -> None:
    assert fits_mask(masked_name(name), name)


@pytest.mark.parametrize(
    ("masked", "name"),
    [
        ("홍*동", "김길동"),
        ("홍*동", "홍길순"),
        ("홍*동", "홍동"),
        ("홍*동", "홍길길동"),
        ("", "홍길동"),
        ("", ""),
        ("***", "홍길동"),
        ("홍*동", ""),
    ],
)
def test_another_name_does_not_fit_and_a_mask_of_stars_fits_nobody(masked: str, name: str) -> None:
    assert not fits_mask(masked, name)
