"""The bench compares like with like: a document that says less, or on other pages, is no match."""

from pathlib import Path

import msgspec
import pytest

from kiosk.bench.against_others import RIVALS, THEIRS, check_same
from kiosk.bench.same_document import ADDRESSES, MEMBERS, forms_with, in_words, our_job
from kiosk.worker.render import Renderer
from kiosk.worker.templates import load_templates


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return Renderer(load_templates()).page_alone(our_job())


def test_the_others_are_looked_for_where_the_set_up_puts_them() -> None:
    root = Path(__file__).resolve().parents[3]
    assert root / ".venv" / "rivals" / "bin" / "python" == THEIRS
    assert ".venv/rivals" in (root / "tools" / "setup.sh").read_text("utf-8")
    assert (RIVALS / "html_page.py").is_file()


def test_our_own_page_says_it_all(pdf: bytes) -> None:
    check_same("ours", pdf, our_job())


def test_a_page_that_lacks_a_value_is_no_match(pdf: bytes) -> None:
    job = our_job()
    richer = msgspec.structs.replace(job, data={**job.data, "address_reason": "세대합가로 인한 전입"})
    with pytest.raises(ValueError, match="lacks a value"):
        check_same("other", pdf, richer)


def test_the_others_get_every_row(pdf: bytes) -> None:
    document = in_words(our_job())
    assert [len(table["rows"]) for table in document["tables"]] == [3, ADDRESSES, MEMBERS, 1]
    assert document["qr_runs"]
    assert len(document["band_lines"]) > 1
    assert document["stamp_png"].startswith("data:image/png")


def test_our_form_with_the_others_fonts_names_no_font_of_ours(tmp_path: Path) -> None:
    forms = forms_with("NanumGothic", "NanumMyeongjo", tmp_path)
    assert "Noto" not in "".join(file.read_text("utf-8") for file in forms.rglob("*.typ"))
