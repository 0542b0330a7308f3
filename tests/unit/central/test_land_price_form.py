"""What the land register says of a parcel's prices fits the form, and nothing older than was asked for is in it."""

from typing import Any

import pytest

from central.authority.types import load_types
from central.registers import lots
from central.registers.land import certificate_data
from central.registers.parcel import Parcel, ParcelState
from central.registers.refusal import RefusedError
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from tests.authority import TEMPLATES
from tests.unit.central.certificates import whole_land

KIND = load_types()["land-price"]
FORM = TEMPLATES[KIND.form]
PRICED = [one for one in whole_land() if one.prices and one.state is ParcelState.LIVE]
KNOWN = {one.lot: one for one in PRICED}


def prices_of(parcel: Parcel, years: str) -> dict[str, Any]:
    assert KIND.source is not None
    return certificate_data(parcel, KIND.file, KIND.source, {"years": years}, 2026)


def test_every_parcel_with_a_price_fits_the_form() -> None:
    assert len(PRICED) > 1_000
    for parcel in PRICED:
        check_contents(FORM, prices_of(parcel, "all"))


@pytest.mark.parametrize(("years", "count"), [("three", 3), ("ten", 10), ("all", 37)])
def test_only_the_years_that_were_asked_for_are_there_and_the_latest_among_them(
    years: str, count: int
) -> None:
    prices = prices_of(KNOWN[lots.ONE_SHEET], years)["prices"]
    assert [row["base_date"] for row in prices] == [f"{2027 - ago}-01-01" for ago in range(count, 0, -1)]
    assert prices[-1]["won_per_m2"] == 18_610_000


def test_it_names_the_parcel_and_no_owner() -> None:
    data = prices_of(KNOWN[lots.ONE_SHEET], "all")
    assert (data["location"], data["lot"]) == ("서울특별시 영등포구 여의도동", "60")
    assert (data["category"], data["area_m2"]) == ("대", "26363.5")
    assert KIND.about(data) == ("서울특별시 영등포구 여의도동", "60")
    assert "한빛" not in str(data)


def test_a_parcel_that_never_had_a_price_has_nothing_to_confirm() -> None:
    road = next(one for one in lots.well_known(2002) if one.lot == lots.ONE_SHEET_SPLIT)
    with pytest.raises(RefusedError, match="no-record"):
        prices_of(road, "all")


@pytest.mark.parametrize("years", ["three", "ten", "all"])
def test_all_prices_since_1990_have_room_on_one_sheet(years: str) -> None:
    data = prices_of(KNOWN[lots.LONG], years)
    assert sheets_of(Renderer({FORM.id: FORM}).render(RenderJob(FORM.id, data))) == 1
