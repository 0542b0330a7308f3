"""What can be printed, and that whatever cannot is refused with the draft, before anybody has paid.

Each form is filled to the most that its type.toml declares: with wide letters, narrow ones, Hangul without a space, and
long numbers. Either the document reads back and is its draft, or the draft is refused; nothing third.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix
from kiosk.worker.contents import check_contents, printable
from kiosk.worker.likeness import check_likeness, marks_of
from kiosk.worker.read_back import expected_of, read_back, read_draft
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template
from tests.authority import FORMS, TEMPLATES, payload_for, sample, seal_for
from tests.slices import one_in

BY_CODE = {form.code: form for form in TEMPLATES.values()}
FILLS: dict[str, Callable[[int], str]] = {
    "wide": lambda most: "W" * most,
    "narrow": lambda most: "i" * most,
    "unbroken Hangul": lambda most: "뷁" * most,
    "short words": lambda most: ("가나다 " * most)[:most].strip(),
    "long numbers": lambda most: ("1234-" * most)[:most],
}
# What a draft may say instead of passing: nothing of it is about a fault of ours. A subject too long for its QR code is
# central's to refuse.
EITHER = {"prints", Code.OVERFLOW, Code.TOO_MANY_SHEETS, Code.READ_BACK_FAILED, Code.SEAL_INVALID}
STEERING = re.compile(r"\d{4}-\d\d-\d\d|[a-z_-]+|[\d*.,:\- ]*\d[\d*.,:\- ]*")
# The last one never comes to rest where all is as wide as may be.
SHORT = ("land", "family-relation", "factory", "real-estate-registry")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


@cache
def samples(code: str) -> tuple[dict[str, Any], ...]:
    """A type's samples, the long one first."""
    files = sorted((FORMS / code).glob("sample*.json"), key=lambda file: ("long" not in file.stem, file.stem))
    return tuple(sample(f"{code}/{file.name}") for file in files)


def filled(form: Template, fill: Callable[[int], str]) -> dict[str, Any]:
    """The long sample with every text as long and every list as full as may be. Days, numbers and what steers the form
    stay as they are: they come from a register's closed list.
    """
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(samples(form.code)[0]))
    empty = left_out(form, data)
    kept = {*form.unprinted, *empty, "options", "office", "title"}
    _fill(form.data, data, fill, kept, "")
    for name, rule in form.lists.items():
        drawn = any(path == name or path.startswith(f"{name}.") for path in form.unprinted)
        if name in kept or drawn or not data[name]:
            continue
        data[name] = [dict(data[name][0]) for _ in range(rule["most"])]
        for entry in data[name]:
            _fill(
                {part: most for part, most in rule.items() if part != "most"}, entry, fill, kept, f"{name}."
            )
    return data


def left_out(form: Template, data: dict[str, Any]) -> set[str]:
    """What was not asked for and must not be there."""
    found: set[str] = set()
    for rule, paths in form.left_out.items():
        option, _, choice = rule.partition(" = ")
        if data["options"].get(option) == choice:
            found |= {path.partition("|")[0] for path in paths}
    return found


def _fill(rule: dict[str, Any], group: Any, fill: Callable[[int], str], kept: set[str], path: str) -> None:
    for name, most in rule.items():
        if isinstance(most, dict):
            if path + name not in kept:
                _fill(most, group[name], fill, kept, f"{path}{name}.")
        elif isinstance(most, int) and most > 0 and path + name not in kept and not _given(group[name]):
            group[name] = fill(most)


def _given(value: str) -> bool:
    """Nothing, a day, a number or what a form looks up."""
    return not value or STEERING.fullmatch(value) is not None or value in _words()


@cache
def _words() -> frozenset[str]:
    """Words that a form looks up: kinds of entries, kinds of events."""

    def keys(found: Any) -> Iterator[str]:
        if isinstance(found, dict):
            for name, part in found.items():
                yield name
                yield from keys(part)

    return frozenset(key for form in TEMPLATES.values() for key in keys(form.words))


def issued(press: Renderer, form: Template, data: dict[str, Any]) -> int:
    """How many sheets came out of draft, document and every look at them. Raises WorkError with the draft's refusal."""
    check_contents(form, data)
    pages = read_draft(press.render(RenderJob(form.id, data)), form, data)
    if len(pages) > form.max_sheets:
        raise WorkError(Code.TOO_MANY_SHEETS)
    about = tuple(value_at(data, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(data)), "template": form.id}
    payload = payload_for(sample(), form.code, len(pages), **facts)
    seal = seal_for(sample(), form.code, len(pages), **facts)
    try:
        expected = expected_of(form, data, payload, seal)
        check_likeness(
            read_back(press.render(RenderJob(form.id, data, payload, seal)), expected),
            pages,
            marks_of(form, data, expected),
        )
    except WorkError as error:
        if (
            error.code == Code.SEAL_INVALID
        ):  # a subject so long that its QR code would have no room: central refuses it
            raise
        raise AssertionError(
            f"the draft passed and its document does not: {error} ({error.check})"
        ) from error
    return len(pages)


def outcome(press: Renderer, code: str, how: str) -> str:
    """`prints`, or the refusal's code."""
    try:
        issued(press, BY_CODE[code], filled(BY_CODE[code], FILLS[how]))
    except WorkError as refused:
        return refused.code
    return "prints"


@pytest.mark.parametrize("how", ["wide", "unbroken Hangul"])
@pytest.mark.parametrize("code", SHORT)
def test_a_form_filled_to_its_limits_prints_or_is_refused_with_its_draft(
    press: Renderer, code: str, how: str
) -> None:
    assert outcome(press, code, how) in EITHER


@pytest.mark.forms
@pytest.mark.timeout(180)
@pytest.mark.parametrize("how", FILLS)
@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_every_form_filled_to_its_limits_prints_or_is_refused_with_its_draft(
    press: Renderer, code: str, how: str
) -> None:
    assert outcome(press, code, how) in EITHER


@pytest.mark.parametrize("code", one_in(3, sorted(BY_CODE), pytest.mark.forms))
def test_the_longest_sample_is_its_draft_with_the_marks_of_an_issue(press: Renderer, code: str) -> None:
    assert issued(press, BY_CODE[code], samples(code)[0]) >= 1


# --- names ---

PERSONAL = sorted(form.code for form in TEMPLATES.values() if "person" in form.asked)
FORTY = {
    "Latin": "MARIA-ANTONIA ELISABETH WILHELMINA GARCIA",
    "unbroken Latin": "W" * 40,
    "Hangul": "남궁하늘빛누리한가람슬기로운온누리새벽별빛따라걷는아름다운나라해솔한울미르봄",
}


def renamed(form: Template, name: str) -> dict[str, Any]:
    """A sample in which the person whose paper it is has this name, wherever it stands."""
    data = samples(form.code)[-1]
    path = form.asked["person"]
    was = str(value_at(data, path))
    text = msgspec.json.encode(data).decode()
    changed: dict[str, Any] = msgspec.json.decode(text.replace(f'"{was}"', f'"{name}"'))
    assert value_at(changed, path) == name
    return changed


@pytest.mark.parametrize("code", one_in(3, PERSONAL, pytest.mark.forms))
def test_a_name_of_forty_letters_prints_on_every_personal_paper(press: Renderer, code: str) -> None:
    for name in FORTY.values():
        assert issued(press, BY_CODE[code], renamed(BY_CODE[code], name)) >= 1


# --- characters ---

NOT_TEXT = {
    "private use": "홍\ue000동",
    "unassigned": "홍\u0378동",
    "bidi override": "홍\u202e길동",
    "bidi isolate": "홍\u2067길동",
    "decomposed Hangul": "\u1112\u1169\u11bc길동",
    "zero width space": "홍\u200b길동",
    "zero width joiner": "홍\u200d길동",
    "newline": "홍\n길동",
    "tab": "홍\t길동",
    "no-break space": "홍\u00a0길동",
    "NUL": "홍\x00길동",
    "space before": " 홍길동",
}
NO_GLYPH = {
    "emoji": "홍🙂동",
    "Extension B, not in the fonts": "홍\U0002a70e",
    "Arabic": "محمد",
    "Thai": "สมชาย",
}
PRINTS = {
    "compatibility ideograph": "\uf90a동",
    "Extension A": "䬈㖀",
    "Extension B, in the fonts": "\U0002000b",
    "old Hangul": "\u1112\u119e\u11ab",
    "Vietnamese": "NGUYỄN THỊ HỒNG",
    "Cyrillic": "ИВАНОВ",
    "kana": "田中サクラ",
    "simplified": "张伟",
}


def land_with_owner(name: str) -> dict[str, Any]:
    data = sample()
    data["owners"][0]["name"] = name
    return data


@pytest.mark.parametrize("name", NOT_TEXT.values(), ids=NOT_TEXT)
def test_what_is_no_plain_text_is_refused_before_anything_is_set(press: Renderer, name: str) -> None:
    assert not printable(name)
    with pytest.raises(WorkError) as refused:
        issued(press, BY_CODE["land"], land_with_owner(name))
    assert refused.value.code == Code.TEXT_UNPRINTABLE


@pytest.mark.parametrize("name", NO_GLYPH.values(), ids=NO_GLYPH)
def test_a_character_without_a_glyph_is_refused_with_the_draft(press: Renderer, name: str) -> None:
    with pytest.raises(WorkError) as refused:
        issued(press, BY_CODE["land"], land_with_owner(name))
    assert refused.value.code == Code.TEXT_UNPRINTABLE


@pytest.mark.parametrize("name", PRINTS.values(), ids=PRINTS)
def test_a_character_with_a_glyph_prints_and_reads_back_as_itself(press: Renderer, name: str) -> None:
    assert issued(press, BY_CODE["land"], land_with_owner(name)) == 1
