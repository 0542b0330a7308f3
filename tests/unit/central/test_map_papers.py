"""지적도, 임야도 등본 and 토지이용계획확인서: what they say, that they fit, and that their maps are true to scale."""

import ctypes
import io
import math
import random
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from central.registers import lots
from central.registers.farms import FIELD
from central.registers.parcel import Lot, ParcelState
from central.registers.refusal import RefusedError
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import expected_of, opened, read_back
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template
from tests.authority import TEMPLATES, payload_for, sample, seal_for
from tests.unit.central.map_office import TOWN, TYPES, Neighbourhood, Options, choices, papers, write_town
from tests.unit.central.sheets import issued as in_sheets

CODES = ("cadastral-map", "forest-map", "land-use")
LIVING = [one.lot for one in TOWN if one.state is ParcelState.LIVE and one.map_no]
WHOLE = {"scale": "whole"}
_PT_MM = 72 / 25.4


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("maps"))


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def form(code: str) -> Template:
    return TEMPLATES[TYPES[code].form]


def some_lots(code: str, count: int) -> list[Lot]:
    own = [lot for lot in LIVING if lot.mountain == (TYPES[code].file.subject == "forest")]
    return random.Random(code).sample(own, count)


def paper(register: Path, code: str, lot: Lot, options: Options) -> dict[str, Any]:
    return papers(register, [(code, lot, options)])[0]


def sheets(code: str, data: dict[str, Any]) -> int:
    """A land use plan has its map on a second sheet; a map is one."""
    return 2 if code == "land-use" and data["map"]["scale"] else 1


def issued(press: Renderer, code: str, data: dict[str, Any]) -> bytes:
    """The sealed document, read back: no sheet more or less than there should be."""
    template, pages = form(code), sheets(code, data)
    assert pages <= template.max_sheets
    pdf, expected = in_sheets(press, template, data, pages)
    read_back(pdf, expected)
    return pdf


# --- every lot of the town ---


@pytest.mark.forms
@pytest.mark.timeout(180)  # 3,300 maps: 5 s of work, and much more beside other tests
@pytest.mark.parametrize("code", CODES)
def test_the_map_of_every_lot_is_within_the_limits_of_its_form(code: str) -> None:
    kind, template, book = TYPES[code], form(code), Neighbourhood()
    assert kind.source is not None
    assert kind.source.map is not None
    forest = kind.file.subject == "forest"
    blank = sample(f"{code}/sample.json")
    for parcel in TOWN:
        if parcel.lot in book.boundaries and parcel.lot.mountain == forest:
            drawing = book.draw(parcel, kind.source.map)
            check_contents(template, {**blank, **drawing})
            assert [label["kind"] in ("asked", "beside") for label in drawing["labels"]].count(True) == 1


@pytest.mark.parametrize("count", [2, pytest.param(12, marks=pytest.mark.forms)])
@pytest.mark.parametrize("code", CODES)
def test_what_the_office_draws_is_set_and_reads_back_with_every_choice(
    register: Path, press: Renderer, code: str, count: int
) -> None:
    asked = [(code, lot, way) for lot in some_lots(code, count) for way in choices(code)]
    for data in papers(register, asked):
        issued(press, code, data)


@pytest.mark.parametrize(
    ("code", "lot", "way"),
    [
        ("cadastral-map", lots.ONE_SHEET, WHOLE),
        ("forest-map", lots.FOREST, WHOLE),
        ("land-use", lots.ONE_SHEET, {"map": "whole"}),
    ],
    ids=CODES,
)
def test_the_forms_sample_is_what_the_office_draws(register: Path, code: str, lot: Lot, way: Options) -> None:
    assert paper(register, code, lot, way) == sample(f"{code}/sample.json")


def test_a_map_with_another_number_or_one_too_few_does_not_read_back(register: Path, press: Renderer) -> None:
    data = paper(register, "cadastral-map", lots.ONE_SHEET, WHOLE)
    template = form("cadastral-map")
    seal = seal_for(data, "cadastral-map")
    other = [{**label, "text": label["text"].replace("60-1도", "60-2도")} for label in data["labels"]]
    payload = payload_for(data, "cadastral-map")
    expected = expected_of(template, data, payload, seal)
    for labels in (other, data["labels"][:-1]):
        pdf = press.render(RenderJob(template.id, {**data, "labels": labels}, payload, seal))
        with pytest.raises(WorkError, match="read-back-failed"):
            read_back(pdf, expected)
    read_back(press.render(RenderJob(template.id, data, payload, seal)), expected)


# --- the map is true ---


def longest_edge(data: dict[str, Any]) -> float:
    """Of the asked lot, on the ground, m."""
    corners = list(zip(data["map"]["asked"][::2], data["map"]["asked"][1::2], strict=True))
    return max(math.dist(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)) / 100


def drawn_edges(pdf: bytes) -> list[float]:
    """How long the edges of the asked lot are as the first page has them, mm on paper."""
    with opened(pdf) as document:
        asked, *_legend = filter(_is_asked, document[0].get_objects(max_depth=4))
        points = _points(asked)
    return [math.dist(a, b) / _PT_MM for a, b in zip(points, points[1:] + points[:1], strict=True)]


def _is_asked(one: pdfium.PdfObject) -> bool:
    """Whether it is a line as thick as the asked lot's (지도.typ), and not a thick stroke of the stamp made small."""
    if one.type != raw.FPDF_PAGEOBJ_PATH or one.get_matrix().a != 1.0:
        return False
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(one, width)
    return width.value == 1.5


def _points(path: pdfium.PdfObject) -> list[tuple[float, float]]:
    """A path's corners where they lie on the page, pt."""
    matrix = path.get_matrix()
    found: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if point not in found:
            found.append(point)
    return found


@pytest.mark.parametrize(
    ("code", "lot", "way"),
    [
        ("cadastral-map", lots.ONE_SHEET, WHOLE),
        ("cadastral-map", lots.TWO_SHEETS, WHOLE),
        ("cadastral-map", FIELD, {"scale": "500"}),
        ("cadastral-map", FIELD, {"scale": "1200"}),
        ("forest-map", lots.FOREST, {"scale": "3000"}),
        ("forest-map", lots.FOREST, {"scale": "6000"}),
        ("land-use", lots.TWO_SHEETS, {"map": "whole"}),
    ],
    ids=("tower", "works", "field-500", "field-1200", "forest-3000", "forest-6000", "plan"),
)
def test_a_distance_on_paper_times_the_scale_is_the_distance_on_the_ground(
    register: Path, press: Renderer, code: str, lot: Lot, way: Options
) -> None:
    data = paper(register, code, lot, way)
    scale, edge = data["map"]["scale"], longest_edge(data)
    assert edge > 10
    assert max(drawn_edges(issued(press, code, data))) * scale / 1000 == pytest.approx(
        edge, abs=scale / 10_000
    )


def test_it_is_drawn_at_the_scale_that_was_asked_for_and_says_so(register: Path) -> None:
    for scale in ("500", "600", "1200"):
        data = paper(register, "cadastral-map", FIELD, {"scale": scale})
        assert (data["map"]["scale"], data["printed_scale"], data["scale"]) == (
            int(scale),
            f"1:{scale}",
            "1:1200",
        )


def test_the_whole_lot_is_seen_unless_a_scale_was_asked_for(register: Path) -> None:
    whole = paper(register, "cadastral-map", lots.ONE_SHEET, WHOLE)["map"]
    assert whole["scale"] == 2400
    assert set(whole["asked"][::2]).isdisjoint({0, whole["width"]})
    part = paper(register, "cadastral-map", lots.ONE_SHEET, {"scale": "600"})["map"]
    assert {0, part["width"]} <= set(part["asked"][::2])


def test_the_registers_own_scale_is_kept_where_the_lot_has_room(register: Path) -> None:
    small = next(lot for lot in LIVING if next(p for p in TOWN if p.lot == lot).area < 2_000)
    data = paper(register, "cadastral-map", small, WHOLE)
    assert data["printed_scale"] == data["scale"] == "1:600"


def test_a_lot_and_the_one_that_was_split_off_it_are_neighbours_on_each_others_map(register: Path) -> None:
    for lot, neighbour in ((lots.ONE_SHEET, "60-1도"), (lots.ONE_SHEET_SPLIT, "60대")):
        labels = paper(register, "cadastral-map", lot, WHOLE)["labels"]
        assert neighbour in [label["text"] for label in labels if label["kind"] == "lot"]


def test_everything_on_the_map_lies_inside_its_frame(register: Path) -> None:
    for lot in some_lots("cadastral-map", 30):
        data = paper(register, "cadastral-map", lot, WHOLE)
        frame = data["map"]
        assert (frame["width"], frame["height"]) == (172 * frame["scale"] // 10, 114 * frame["scale"] // 10)
        for plot in (*data["lots"], *data["waters"], {"outline": frame["asked"]}):
            assert max(plot["outline"][::2]) <= frame["width"]
            assert max(plot["outline"][1::2]) <= frame["height"]


def test_a_forest_map_shows_forest_lots_alone(register: Path) -> None:
    labels = paper(register, "forest-map", lots.FOREST, WHOLE)["labels"]
    names = [label["text"] for label in labels if label["kind"] in ("lot", "asked")]
    assert "산12임" in names
    assert all(name.startswith("산") for name in names)


# --- the land use plan ---


def test_a_land_use_plan_names_zones_price_and_the_streets_at_the_lot(register: Path) -> None:
    data = paper(register, "land-use", lots.ONE_SHEET, {"map": "whole"})
    planning = [row["text"] for row in data["planning"]]
    assert planning[0] == "도시지역"
    assert data["legend"][data["map"]["zone"] - 1]["name"] == planning[1]
    assert any(text.endswith("(접합)") for text in planning)
    assert data["prices"] == [{"base_date": "2026-01-01", "won_per_m2": 18_610_000}]
    assert (data["category"], data["area_m2"]) == ("대", "26363.5")
    assert [row["text"] for row in data["decree"]] == ["토지거래계약에 관한 허가구역"]


def test_without_a_map_the_zones_are_there_and_nothing_is_drawn(register: Path) -> None:
    data = paper(register, "land-use", lots.ONE_SHEET, {"map": "none"})
    assert data["planning"] == paper(register, "land-use", lots.ONE_SHEET, {"map": "whole"})["planning"]
    assert not any(data[name] for name in ("lots", "labels", "ticks", "bar", "legend", "printed_scale"))


def test_a_road_has_no_price_and_a_plan_all_the_same(register: Path) -> None:
    assert paper(register, "land-use", lots.ONE_SHEET_SPLIT, {"map": "none"})["prices"] == []


def test_a_lot_that_is_on_no_map_has_nothing_to_show(register: Path) -> None:
    for code, way in (("cadastral-map", WHOLE), ("land-use", {"map": "none"})):
        with pytest.raises(RefusedError, match="no-record"):
            paper(register, code, lots.UNMAPPED, way)


# --- for those who hear it ---


@pytest.mark.parametrize(
    ("code", "lot", "way"),
    [("cadastral-map", lots.ONE_SHEET, WHOLE), ("land-use", lots.ONE_SHEET, {"map": "whole"})],
    ids=["map", "plan"],
)
def test_the_map_is_a_figure_that_says_whose_boundary_it_shows(
    register: Path, press: Renderer, code: str, lot: Lot, way: Options
) -> None:
    pdf = issued(press, code, paper(register, code, lot, way))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        figures = [
            str(one.Alt)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure" and "/Alt" in one
        ]
    assert [said for said in figures if "서울특별시 영등포구 여의도동 60의 경계는 굵은 선" in said]
