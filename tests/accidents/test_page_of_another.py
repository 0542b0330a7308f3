"""Page 2 of another person. Tokushima, March 2023: of a certificate of three pages the second was somebody else's.

The pages were put together after they had been made, and nothing on a page said which document it belonged to.
Planted: a typesetter that lays another document's sheet between; an answer from central whose later rows are another
household's; and, so that each check is proved to bite by itself, another's page with the right number on it.
"""

import io

import pikepdf
import pytest

from central.registers.lots import LONG, TWO_SHEETS
from central.registers.residents import known
from kiosk.worker.render import Renderer, RenderJob
from tests.accidents.booth import HOME, Booth, Want
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered, ended
from tests.unit.central.office import ALL, subject_of

TWO = Want("land", subject_of(TWO_SHEETS), ALL)
MANY = Want("land", subject_of(LONG), ALL)


class MixingPress:
    """Keeps the last document it set, and lays its page `page` into the next one. Drafts come out as they are."""

    def __init__(self, press: Renderer, page: int) -> None:
        self._press, self._page = press, page
        self._before = b""

    def render(self, job: RenderJob) -> bytes:
        pdf = self._press.render(job)
        if job.payload is None:
            return pdf
        before, self._before = self._before, pdf
        return _swapped(pdf, before, self._page) if before else pdf


def _swapped(pdf: bytes, other: bytes, page: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as mine, pikepdf.open(io.BytesIO(other)) as theirs:
        mine.pages[page - 1] = theirs.pages[page - 1]
        mine.save(out)
    return out.getvalue()


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_of_the_document_before_is_found_before_paper_moves(
    booth: MakeBooth, press: Renderer, page: int
) -> None:
    mixing = MixingPress(press, page)
    assert "영등포동4가" in delivered(buy(booth(order="O1", press=mixing), TWO))
    ended(buy(booth(order="O2", press=mixing), MANY), "read-back-failed")


def test_without_the_mixing_both_documents_come_out(booth: MakeBooth) -> None:
    assert "영등포동4가" in delivered(buy(booth(order="O1"), TWO))
    assert "문래동3가" in delivered(buy(booth(order="O2"), MANY))


class RelabelledPress(MixingPress):
    """Sets another household's pages under this document's own number, seal and content check."""

    def __init__(self, press: Renderer) -> None:
        super().__init__(press, 2)
        self._data: dict[str, object] = {}

    def render(self, job: RenderJob) -> bytes:
        if job.payload is None:
            return self._press.render(job)
        if not self._data:
            self._data = job.data
            return self._press.render(job)
        return self._press.render(RenderJob(job.template, self._data, job.payload, job.seal, job.form))


def _household(booth: Booth, card: str) -> Booth:
    booth.identify(card)
    return booth


def test_another_household_under_the_right_number_is_found_by_its_words(
    booth: MakeBooth, press: Renderer
) -> None:
    relabelled = RelabelledPress(press)
    first = _household(booth(order="O1", press=relabelled), known.FAMILY)
    assert "홍길동" in delivered(buy(first, HOME))
    second = _household(booth(order="O2", press=relabelled), known.ALONE)
    ended(buy(second, HOME), "read-back-failed")


def test_each_household_comes_out_by_itself(booth: MakeBooth) -> None:
    assert "홍길동" in delivered(buy(_household(booth(order="O1"), known.FAMILY), HOME))
    text = delivered(buy(_household(booth(order="O2"), known.ALONE), HOME))
    assert "한여름" in text
    assert "홍길동" not in text
