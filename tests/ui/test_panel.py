"""Panels: what the files say, and what is wrong with one that is wrong."""

from pathlib import Path

import pytest

from ui.panel import PANELS, PanelError, load


@pytest.mark.parametrize("file", sorted(PANELS.glob("*.toml")), ids=lambda file: str(file.stem))
def test_a_panel_has_square_pixels_and_can_be_reached(file: Path) -> None:
    panel = load(file.stem)
    assert panel.width_px / panel.width_mm == pytest.approx(panel.height_px / panel.height_mm, rel=0.01)
    assert 400 <= panel.bottom_mm < panel.reach_top_mm <= 1220


def test_millimetres_become_pixels() -> None:
    panel = load("27-portrait")
    assert panel.px_per_mm == pytest.approx(3.21, abs=0.01)
    assert panel.out_of_reach_px == round((640 + 597.9 - 1220) * panel.px_per_mm)


def test_an_unknown_panel_is_answered_with_the_known_ones() -> None:
    with pytest.raises(PanelError, match="27-portrait"):
        load("99-round")


@pytest.mark.parametrize(
    ("text", "told"),
    [("width_px = 'wide'", "27-portrait"), ("width_px = ", "27-portrait"), ("", "width_px")],
    ids=["type", "syntax", "missing"],
)
def test_a_wrong_file_is_refused_with_the_way_to_mend_it(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(PanelError, match=told):
        load(str(file))


def test_a_size_of_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text((PANELS / "27-portrait.toml").read_text().replace("1080", "0"))
    with pytest.raises(PanelError, match="above 0"):
        load(str(file))
