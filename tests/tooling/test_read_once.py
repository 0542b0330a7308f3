"""What is parsed once is, for whoever reads it, as if it had been parsed again."""

import tomllib
from pathlib import Path

import pytest

from tests.rig import read_once
from tests.rig.read_once import parsed_once

ROOT = Path(__file__).parents[2]


def test_the_parser_is_asked_once_for_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def parse(text: str) -> dict[str, str]:
        asked.append(text)
        return {"parsed": text}

    monkeypatch.setattr(read_once, "_PARSE", parse)
    loads = read_once.parsed_once()
    assert [loads("a"), loads("a"), loads("b")] == [{"parsed": "a"}, {"parsed": "a"}, {"parsed": "b"}]
    assert asked == ["a", "b"]


def test_each_reader_has_an_object_of_its_own_and_the_same_in_it() -> None:
    loads = parsed_once()
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    first = loads(text)
    first["project"]["name"] = "changed by one reader"
    second = loads(text)
    assert second["project"]["name"] == "changgu"
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert second == tomllib.load(file)


@pytest.mark.parametrize("wrong", ["a = ", "a = 1\na = 2"])
def test_what_is_no_toml_is_refused_each_time(wrong: str) -> None:
    loads = parsed_once()
    for _ in range(2):
        with pytest.raises(tomllib.TOMLDecodeError):
            loads(wrong)
