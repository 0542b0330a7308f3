"""Only data that the form knows, in text that can be printed, reaches the typesetter."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.worker.contents import check_contents, printable
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.summary import summary_rows
from tests.authority import TEMPLATES, sample

LAND = TEMPLATES["land/1"]
MAP = TEMPLATES["cadastral-map/1"]
HOUSEHOLD = TEMPLATES["resident-household/1"]
HOUSEHOLD_SAMPLES = [f"resident-household/{name}.json" for name in ("sample", "sample_least", "sample_long")]


def with_change(path: list[Any], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(sample())
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    "name", ["land/sample.json", "land/sample_long.json", "forest/sample.json", *HOUSEHOLD_SAMPLES]
)
def test_the_samples_are_fit_for_paper(name: str) -> None:
    check_contents(TEMPLATES[f"{name.partition('/')[0]}/1"], sample(name))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["resident_number"], "900101-1234567"),
        (["owners", 0, "phone"], "010"),
        (["location"], None),
        (["location"], "가" * 61),
        (["lot"], 60),
        (["land"], {}),
        (["land"], ["60"]),
        (["land"], [sample()["land"][0]] * 81),
        (["options"], []),
        (["options", "extra"], "x"),
        (["prices", 0, "won_per_m2"], "18610000"),
        (["prices", 0, "won_per_m2"], True),
        (["prices", 0, "won_per_m2"], -1),
        (["prices", 0, "won_per_m2"], 1.5),
        (["prices", 0, "won_per_m2"], 10**15),
    ],
)
def test_a_field_too_many_too_long_or_of_another_kind_is_refused(path: list[Any], value: Any) -> None:
    with pytest.raises(WorkError) as refused:
        check_contents(LAND, with_change(path, value))
    assert refused.value.code == Code.DATA_INVALID


@pytest.mark.parametrize(
    "outline", [[0] * 61, [1, -2], [1, 2.5], [1, "2"], [1, True], [1, [2]], [10**15], {}, "12", None]
)
def test_an_outline_is_a_list_of_whole_numbers_and_not_too_many(outline: Any) -> None:
    data = sample("cadastral-map/sample.json")
    check_contents(MAP, {**data, "lots": [{"zone": 0, "outline": [1, 2] * 30}]})
    for broken in (
        {**data, "lots": [{"zone": 0, "outline": outline}]},
        {**data, "map": {**data["map"], "asked": outline}},
    ):
        with pytest.raises(WorkError) as refused:
            check_contents(MAP, broken)
        assert refused.value.code == Code.DATA_INVALID


@pytest.mark.parametrize("name", sorted(sample()))
def test_a_missing_field_is_refused(name: str) -> None:
    data = sample()
    del data[name]
    with pytest.raises(WorkError):
        check_contents(LAND, data)


def test_the_refusal_names_the_field_and_not_its_value() -> None:
    with pytest.raises(WorkError, match=r"owners\[1\]\.name") as refused:
        check_contents(LAND, with_change(["owners", 1, "name"], "홍길동\u202e"))
    assert refused.value.code == Code.TEXT_UNPRINTABLE
    assert "홍길동" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\tb",
        "\0",
        "\u202egnol",
        "a\u200bb",
        "\ue000",
        "\ud55c\u00a0",
        " a",
        "a ",
        "\u1112\u1161\u11ab",
        "\u2028",
    ],
)
def test_text_that_would_not_print_as_itself_is_refused(text: str) -> None:
    assert not printable(text)


@pytest.mark.parametrize(
    "text", ["", "한빛생명보험주식회사", "金\uf90a", "이○○ 외 2인", "㎡", "#read(x) $y$ *z*"]
)
def test_text_that_prints_as_itself_is_taken(text: str) -> None:
    assert printable(text)


@given(text=st.text(st.characters(categories=("Cc", "Cf", "Co", "Zl", "Zp")), min_size=1))
def test_no_control_or_format_character_is_ever_printable(text: str) -> None:
    assert not printable("가" + text + "나")


@pytest.mark.parametrize(
    ("option", "choice", "left"),
    [
        ("past_addresses", "none", "past_addresses"),
        ("formation", "no", "formation_reason"),
        ("moved_in", "no", "members.moved_in"),
        ("names", "no", "members.others.name"),
        ("relation", "no", "members.relation"),
        ("digits", "none", "members.resident_number|back"),
        ("cohabitants", "no", "cohabitants"),
    ],
)
def test_what_was_not_asked_for_must_not_be_there(option: str, choice: str, left: str) -> None:
    data = sample("resident-household/sample_long.json")
    data["options"][option] = choice
    with pytest.raises(WorkError) as refused:
        check_contents(HOUSEHOLD, data)
    assert refused.value.code == Code.DATA_INVALID
    assert refused.value.detail == f"{left}: there, although {option} = {choice}"


@pytest.mark.parametrize("group", ["members", "cohabitants"])
def test_with_the_applicants_own_digits_nobody_elses_are_there(group: str) -> None:
    data = sample("resident-household/sample_long.json")
    data[group][1]["resident_number"] = "550820-2345670"
    with pytest.raises(WorkError, match=rf"{group}\.others\.resident_number\|back"):
        check_contents(HOUSEHOLD, data)
    data["options"]["digits"] = "all"
    check_contents(HOUSEHOLD, data)


def test_the_summary_of_a_household_covers_the_name_and_the_door_and_has_no_number() -> None:
    data = sample("resident-household/sample_long.json")
    rows = dict(summary_rows(HOUSEHOLD, data, "en"))
    assert rows == {
        "Applicant": "남**현",
        "Address": "서울특별시 영등포구 여의대방로 ***, 비동 제지하*층 비***호 (여의도동, 한강여울마을공동주택)",
    }


def test_the_summary_shows_the_parcel_as_it_is_now() -> None:
    assert dict(summary_rows(LAND, sample(), "en")) == {
        "Location": "서울특별시 영등포구 여의도동",
        "Lot number": "60",
        "Land category": "대",
        "Area": "26,363.5 ㎡",
    }


def test_a_language_without_labels_falls_back_to_korean_and_an_empty_history_has_no_row() -> None:
    rows = dict(summary_rows(LAND, {**sample(), "land": []}, "vi"))
    assert rows == {"토지 소재": "서울특별시 영등포구 여의도동", "지번": "60"}


def test_a_row_with_nothing_to_show_is_not_there_and_the_rest_is_shown_without_gaps() -> None:
    building = TEMPLATES["building/1"]
    house = dict(summary_rows(building, sample("building/sample.json"), "en"))
    assert list(house) == ["Location", "Lot number", "Sheet"]
    flat = dict(summary_rows(building, sample("building/sample_unit.json"), "en"))
    assert flat["Building"] == "한빛아파트 101동 1203호"
