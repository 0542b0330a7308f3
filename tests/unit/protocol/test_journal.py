"""The journal's types: each kind once, any body is read or refused, and the page about them is theirs."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.protocol import journal
from kiosk.protocol.journal import BodyError, UnknownKindError
from tests.journal_bodies import body_of_kind
from tools import journal_page

names, sums = st.text(max_size=20) | st.just("가" * 400), st.integers(-(2**63), 2**64)
SECRET = "900101-1234567"
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("kind", journal.TYPES)
@settings(max_examples=20)  # of each kind: no type reads its fields in a way of its own
@given(data=st.data())
def test_what_a_type_allows_is_written_and_read_back_as_it_was(kind: str, data: st.DataObject) -> None:
    fact = journal.convert(kind, data.draw(body_of_kind(kind, names, sums, {})))
    assert journal.kind_of(fact) == kind
    assert journal.decode(kind, journal.text_of(fact)) == fact
    assert journal.body_of(fact) == journal.body_of(journal.convert(kind, journal.body_of(fact)))


@given(value=values)
@example(value="1")
def test_whatever_else_stands_in_a_row_is_refused_by_its_code_whichever_its_kind(value: Any) -> None:
    for kind, shape in journal.TYPES.items():
        fields = {*shape.__struct_encode_fields__} - {"kept"}
        for body in (value, dict.fromkeys(fields, value)):
            text = json.dumps(body)
            try:
                read = journal.convert(kind, body)
            except BodyError:
                with pytest.raises(BodyError):
                    journal.decode(kind, text)
            else:
                assert journal.decode(kind, text) == read, kind


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'"\xff"', b"[" * 100_000, b"1e999", b"{}{}"])
def test_what_is_no_json_is_refused_too(text: bytes) -> None:
    with pytest.raises(BodyError):
        journal.decode("surplus", text)


def test_a_refusal_names_the_field_and_not_what_stands_in_it() -> None:
    with pytest.raises(BodyError, match=r"\$\.value") as refused:
        journal.convert("credit", {"order": "O", "value": "900101-1234567", "credit": 1})
    assert "900101" not in str(refused.value)


@pytest.mark.parametrize("kind", journal.TYPES)
def test_no_refusal_shows_what_stands_in_a_row(kind: str) -> None:
    fields = (*journal.TYPES[kind].__struct_fields__, "kind", "type", "from")
    for body in ({name: [SECRET, {SECRET: SECRET}] for name in fields}, [SECRET], SECRET):
        for read in (journal.convert, lambda of, told: journal.decode(of, json.dumps(told))):
            assert SECRET not in refusal(read, kind, body)


def refusal(read: Callable[[str, Any], journal.Row], kind: str, body: object) -> str:
    """Why it is refused; "" when it is not."""
    try:
        read(kind, body)
    except BodyError as error:
        return str(error)
    return ""


def test_every_kind_is_one_type_in_one_group() -> None:
    groups = [each for group in journal_page.GROUPS.values() for each in get_args(group)]
    assert Counter(groups) == Counter(get_args(journal.Row))
    assert Counter(each.kind for each in groups) == Counter(list(journal.TYPES))


def test_a_kind_that_nobody_knows_is_told_from_a_body_that_is_wrong() -> None:
    with pytest.raises(UnknownKindError, match="money-from-the-moon"):
        journal.decode("money-from-the-moon", b"{}")


def test_what_a_later_machine_writes_besides_is_passed_over() -> None:
    assert journal.convert("survey", {"score": 5, "of": "tomorrow"}) == journal.Survey(5)


def test_no_field_of_a_fact_is_free_to_hold_what_it_likes() -> None:
    """All but `kept`, which holds the ledger's own positions."""
    loose = [
        f"{kind}.{field.name}"
        for kind, each in journal.TYPES.items()
        for field in msgspec.structs.fields(each)
        if field.name != "kept" and "AnyType" in repr(msgspec.inspect.type_info(field.type))
    ]
    assert loose == []


def test_the_page_about_the_journal_is_made_from_the_types() -> None:
    assert journal_page.PAGE.read_text("utf-8") == journal_page.page(), "make pages"
