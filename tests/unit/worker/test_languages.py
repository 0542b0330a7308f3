"""A paper in English is set with the form's English words and days, and read back against them alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.certificates import LANGUAGE
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import SealPayload, content_prefix
from kiosk.worker.imprint import imprint
from kiosk.worker.read_back import Expected, expected_of, page_texts, printed_forms, read_back
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.subjects import Holder, check_subject, check_which
from kiosk.worker.templates import Template
from kiosk.worker.verify import Finding, verify
from tests.authority import NOW, TEMPLATES, TRUST, payload_for, sample, seal_for
from tests.unit.central.certificates import TYPES

SPOKEN = {code: kind for code, kind in TYPES.items() if any(one.code == LANGUAGE for one in kind.file.option)}
HANGUL = re.compile(r"[가-힣]+")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def keys(words: Any) -> Any:
    return {name: keys(value) for name, value in words.items()} if isinstance(words, dict) else None


def issued(press: Renderer, form: Template, data: dict[str, Any]) -> tuple[bytes, SealPayload, str]:
    about = tuple(value_at(data, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(data)), "template": form.id}
    payload, seal = payload_for(sample(), form.code, 1, **facts), seal_for(sample(), form.code, 1, **facts)
    return press.render(RenderJob(form.id, data, payload, seal)), payload, seal


def test_a_type_that_lets_choose_the_language_has_the_same_words_in_each() -> None:
    assert set(SPOKEN) == {"business-registration", "factory", "national-tax-clearance"}
    for code, kind in SPOKEN.items():
        option = next(one for one in kind.file.option if one.code == LANGUAGE)
        words = TEMPLATES[kind.form].words
        for choice in option.choices:
            assert keys(words[choice.code]) == keys(words["ko"]), code
        assert kind.file.name.en


@pytest.mark.parametrize("code", sorted(SPOKEN))
def test_no_hangul_is_on_an_english_page_but_the_name_that_the_card_shows(press: Renderer, code: str) -> None:
    data = sample(f"{code}/sample_english.json")
    pdf, payload, seal = issued(press, TEMPLATES[SPOKEN[code].form], data)
    read_back(pdf, expected_of(TEMPLATES[SPOKEN[code].form], data, payload, seal))
    (text,) = page_texts(pdf)
    assert set(HANGUL.findall(text)) == set(HANGUL.findall(data.get("name", "")))
    assert imprint(payload, "en").date in text
    assert b"/Lang (en" in pdf


@pytest.mark.parametrize("code", sorted(SPOKEN))
def test_a_page_that_was_set_in_the_other_language_is_not_what_was_asked_for(
    press: Renderer, code: str
) -> None:
    form = TEMPLATES[SPOKEN[code].form]
    data = sample(f"{code}/sample_english.json")
    pdf, payload, seal = issued(press, form, data)
    korean: Expected = expected_of(
        form, {**data, "options": {**data["options"], LANGUAGE: "ko"}}, payload, seal
    )
    with pytest.raises(WorkError) as refused:
        read_back(pdf, korean)
    assert refused.value.code == Code.READ_BACK_FAILED


@pytest.mark.parametrize("code", sorted(SPOKEN))
def test_an_english_paper_is_verified_like_any_other(press: Renderer, tmp_path: Path, code: str) -> None:
    pdf, _, _ = issued(press, TEMPLATES[SPOKEN[code].form], sample(f"{code}/sample_english.json"))
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    assert verify(file, TRUST, NOW).finding is Finding.CONTENTS_GENUINE


@pytest.mark.parametrize("code", sorted(SPOKEN))
def test_an_english_draft_says_that_it_is_worth_nothing(press: Renderer, code: str) -> None:
    draft = press.render(RenderJob(TEMPLATES[SPOKEN[code].form].id, sample(f"{code}/sample_english.json")))
    assert all("NOT VALID" in text for text in page_texts(draft))


@pytest.mark.parametrize("code", ["business-registration", "national-tax-clearance"])
def test_an_english_paper_is_held_against_who_the_card_identified(code: str) -> None:
    form, data = TEMPLATES[SPOKEN[code].form], sample(f"{code}/sample_english.json")
    check_subject(form, data, {}, Holder("p" * 64, "홍*동"))
    with pytest.raises(WorkError) as refused:
        check_subject(form, data, {}, Holder("p" * 64, "김*리"))
    assert refused.value.code == Code.SUBJECT_MISMATCH


@pytest.mark.parametrize("code", ["business-registration", "factory"])
def test_a_paper_about_another_one_than_was_picked_is_refused(code: str) -> None:
    form, data = TEMPLATES[SPOKEN[code].form], sample(f"{code}/sample.json")
    source = SPOKEN[code].source
    assert source is not None
    assert form.asked["which"] == (source.lot.field if source.lot else source.which and source.which.key)
    check_which(form, data, data["number"])
    with pytest.raises(WorkError) as refused:
        check_which(form, data, "099-99-99999")
    assert refused.value.code == Code.SUBJECT_MISMATCH


def test_days_and_times_are_written_in_the_papers_language() -> None:
    payload = payload_for(sample())
    korean, english = imprint(payload), imprint(payload, "en")
    assert (korean.date, korean.time) == ("2026년 11월 23일", "14시 12분 33초")
    assert (english.date, english.time, english.until) == ("23 November 2026", "14:12:33", "21 February 2027")
    assert english.number == korean.number


def test_a_day_in_the_data_may_stand_in_either_language_and_what_only_looks_like_one_as_it_is() -> None:
    assert next(printed_forms("2026-11-05")) == (
        "2026-11-05",
        "2026년 11월 05일",
        "2026. 11. 05.",
        "5 November 2026",
    )
    assert "2026-13-45" in next(printed_forms("2026-13-45"))


def test_a_language_that_the_form_has_no_words_in_is_set_in_korean() -> None:
    land = TEMPLATES["land/1"]
    assert land.language({"options": {LANGUAGE: "en"}}) == "ko"
    assert land.language({"options": {LANGUAGE: "summary"}}) == "ko"
    assert land.page_words({}) == land.words["ko"]
