"""Every record of what stands on a lot fits its form, whatever was chosen, and the paper says what the data says."""

import random
from typing import Any

import pytest

from central.registers import lots
from central.registers.buildings.building import WHOLE
from central.registers.on_lots import path_of
from central.registers.records.record import Record
from kiosk.worker.contents import check_contents
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer
from tests.authority import TEMPLATES
from tests.unit.central.certificates import all_choices
from tests.unit.central.sheets import read_back_of
from tests.unit.central.stands import CODES, TYPES, all_records, data_of

HOME = f"{lots.APARTMENTS.unique_no}/b1/101/12/1203"
ALL, VALID = {"entries": "all"}, {"entries": "valid"}


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def home(code: str) -> Record:
    return next(record for record in all_records()[code] if record.key == HOME)


def looked_at(press: Renderer, code: str, data: dict[str, Any]) -> int:
    """The sheets of the paper, once everything on it was read back."""
    return read_back_of(press, TEMPLATES[TYPES[code].form], data)[1]


@pytest.mark.parametrize("code", CODES)
def test_every_record_with_every_choice_fits_its_form_and_says_what_it_is_about(code: str) -> None:
    kind = TYPES[code]
    abouts = set()
    for record in all_records()[code]:
        for options in all_choices(kind):
            data = data_of(code, record, options)
            check_contents(TEMPLATES[kind.form], data)
            abouts.add(kind.about(data))
    assert len(abouts) == len(all_records()[code]), "each is about something else"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("count", [2, pytest.param(12, marks=pytest.mark.forms)])
def test_some_of_each_are_set_and_read_back(press: Renderer, code: str, count: int) -> None:
    drawn = random.Random(f"{code} papers").sample(all_records()[code], count)
    for record in drawn:
        for options in all_choices(TYPES[code]):
            assert looked_at(press, code, data_of(code, record, options)) <= TEMPLATES[f"{code}/1"].max_sheets


@pytest.mark.parametrize("part", ["whole", "title", "unit", "summary"])
def test_each_kind_of_sheet_is_read_back(press: Renderer, part: str) -> None:
    record = next(one for one in all_records()["building"] if one.items["part"] == part)
    assert looked_at(press, "building", data_of("building", record, {"owners": "all"})) >= 1


def test_only_todays_owners_stay_where_nobody_asked_for_the_others() -> None:
    everybody = data_of("building", home("building"), {"owners": "all"})["owners"]
    today = data_of("building", home("building"), {"owners": "current"})["owners"]
    assert len(everybody) > len(today) >= 1
    assert everybody[-len(today) :] == today
    assert everybody[0]["cause"] == "소유권보존"
    rights = data_of("site-right", home("site-right"), {"history": "current"})["owners"]
    assert [owner["name"] for owner in rights] == [owner["name"] for owner in today]


def test_a_deed_has_the_owner_that_the_building_register_has() -> None:
    deeds = {record.key: record for record in all_records()["real-estate-registry"]}
    for record in all_records()["building"]:
        if record.items["owners"] and record.items["part"] in ("whole", "unit"):
            owned = deeds[record.key].items["owned"]
            last = record.items["owners"][-1]
            assert last["name"] in owned[-1]["holder"]
            assert owned[-1]["address"] == last["address"]
            assert owned[-1]["stands"]


def test_struck_entries_and_what_struck_them_are_left_out_of_the_valid_ones() -> None:
    struck = 0
    for record in all_records()["real-estate-registry"]:
        whole, valid = data_of(record.kind, record, ALL), data_of(record.kind, record, VALID)
        for name in ("land", "owned", "charged"):
            assert not any(entry["ended"] for entry in valid[name])
            assert all(entry in whole[name] for entry in valid[name])
        assert not any("말소" in entry["purpose"] for entry in valid["charged"])
        assert valid["owned"], "somebody owns it"
        ended = [entry["no"] for entry in whole["charged"] if entry["ended"]]
        ends = [entry["purpose"] for entry in whole["charged"] if not entry["holder"]]
        assert ends == [f"순위 {no}번 근저당권설정 등기말소" for no in ended]
        struck += len(ended)
    assert struck > 500


def test_a_mortgage_is_given_by_who_owns_it_and_paid_off_when_they_sell() -> None:
    for record in all_records()["real-estate-registry"]:
        standing = [entry for entry in record.items["charged"] if entry["stands"]]
        assert len(standing) <= 1
        holders = [entry["holder"] for entry in record.items["owned"] if entry["purpose"] != "소유권대지권"]
        for entry in record.items["charged"]:
            if entry["debtor"]:
                debtor = entry["debtor"].removeprefix("채무자 ")
                assert any(debtor.startswith(" ".join(name(holder))) for holder in holders)


def name(holder: str) -> list[str]:
    """The words of an owner's name in an entry: without what kind of owner, and without the number."""
    words = holder.removeprefix("공유자 지분 ").removeprefix("소유자 ").split()
    if words[0].endswith("분의"):
        words = words[2:]
    return words[:-1] if words[-1].endswith("*") else words


def test_a_struck_entry_that_comes_with_the_valid_ones_is_refused_by_the_machine() -> None:
    data = data_of("real-estate-registry", home("real-estate-registry"), ALL)
    assert any(entry["ended"] for entry in data["charged"])
    with pytest.raises(WorkError, match=r"charged\.ended"):
        check_contents(TEMPLATES["real-estate-registry/1"], {**data, "options": VALID})


def test_what_steers_a_choice_is_on_no_paper() -> None:
    for code in CODES:
        for options in all_choices(TYPES[code]):
            assert "stands" not in str(data_of(code, home(code), options))
            assert data_of(code, home(code), options)["which"] == path_of(home(code))


def test_a_building_against_the_law_is_marked_with_the_day(press: Renderer) -> None:
    record = next(one for one in all_records()["building"] if one.items["violation"])
    data = data_of("building", record, {"owners": "current"})
    assert data["violation"] == "위반건축물"
    assert data["changes"][-1]["what"].startswith("위반건축물 표기: ")
    assert looked_at(press, "building", data) >= 1


def test_one_owner_alone_has_the_whole(press: Renderer) -> None:
    record = next(one for one in all_records()["building"] if one.items["part"] == "whole")
    data = data_of("building", record, {"owners": "current"})
    assert [owner["share"] for owner in data["owners"]] == [WHOLE]
    assert looked_at(press, "building", data) >= 1
