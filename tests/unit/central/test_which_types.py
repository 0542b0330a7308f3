"""Types of which somebody may have several: each question has its words, and the machine knows what was picked."""

import tomllib
from pathlib import Path

import pytest

from central.authority.types import load_types
from kiosk.words import words
from kiosk.words.words import LANGUAGES
from tests.authority import TEMPLATES


def test_a_type_of_which_one_may_have_several_tells_the_machine_which_field_names_it() -> None:
    for kind in load_types().values():
        source, asked_by = kind.source, TEMPLATES[kind.form].asked.get("which")
        if source is not None and source.which is not None:
            assert asked_by == source.which.key
        if source is not None and source.lot is not None:
            assert asked_by == (source.lot.field or "which")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_question_that_a_register_may_ask_has_its_words(lang: str) -> None:
    said = tomllib.loads((Path(words.__file__).with_name(f"{lang}.toml")).read_text("utf-8"))["which"]
    sources = [kind.source for kind in load_types().values() if kind.source is not None]
    asked_for = {source.which.what for source in sources if source.which is not None}
    asked_for |= {level for source in sources if source.lot is not None for level in source.lot.levels}
    assert asked_for <= set(said)
    assert len(asked_for) > 5
