"""Each word of the glossary is a word of the code, and stands in it for one thing."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M
)
CODE = "\n".join(
    file.read_text("utf-8")
    for room in ("kiosk", "central", "drivers")
    for file in (ROOT / room).rglob("*.py")
)


@pytest.mark.parametrize("word", sorted({row[0] for row in ROWS}))
def test_a_word_of_the_glossary_is_a_word_of_the_code(word: str) -> None:
    assert re.search(rf"\b\w*{word}\w*\b" if word[0].isupper() else rf"\b{word}\b", CODE)


def test_a_korean_word_stands_for_one_thing() -> None:
    korean = Counter(row[1] for row in ROWS if row[1] != "–")
    assert [word for word, times in korean.items() if times > 1] == []


def test_no_word_stands_for_two_things() -> None:
    assert [word for word, times in Counter(row[0] for row in ROWS).items() if times > 1] == []


def test_a_word_that_is_not_in_the_code_would_be_seen() -> None:
    assert not re.search(r"\b\w*Quittance\w*\b", CODE)
