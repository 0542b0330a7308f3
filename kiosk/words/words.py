"""The message catalogue of one language: find a message by its key and fill in its values.

Placeholders: `{name}` the value; `{fee:won}` a sum in KRW; `{n:number}` with thousands marks; `{what:을/를}` the value
and the Korean particle that follows it; `{n:copy|copies}` the number and the English noun that goes with it.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from msgspec import Struct

from kiosk.words.particles import particle

LANGUAGES = ("ko", "en")
_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")

Value = str | int


class Words(Struct, frozen=True):
    """All messages of one language. `texts` maps `section.key` to the text."""

    lang: str
    texts: Mapping[str, str]

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.texts

    def say(self, key: str, **values: Value) -> str:
        """The message with its values. Raises KeyError when message or value is missing: a bug, found by tests."""
        text = self.texts[key]
        if (
            "{" not in text
        ):  # most have nothing to fill in, and a screen says dozens each time that it is drawn
            return text
        return _PLACEHOLDER.sub(lambda match: self._fill(match[1], match[2] or "", values), text)

    def first(self, *keys: str, **values: Value) -> str:
        """The first of these messages that there is: the particular one, else the general one."""
        return self.say(next((key for key in keys if key in self.texts), keys[-1]), **values)

    def won(self, amount: int) -> str:
        """A sum: 1,000원, ₩1,000."""
        return f"{amount:,}원" if self.lang == "ko" else f"₩{amount:,}"

    def _fill(self, name: str, how: str, values: Mapping[str, Value]) -> str:
        value = values[name]
        if how == "won":
            return self.won(int(value))
        if how == "number":
            return f"{int(value):,}"
        if "|" in how:
            one, _, many = how.partition("|")
            return f"{int(value):,} {one if int(value) == 1 else many}"
        if "/" in how:
            return f"{value}{particle(str(value), how)}"
        return str(value)


def placeholders(text: str) -> frozenset[str]:
    """The names of the values that a message wants."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))


@cache
def load(lang: str) -> Words:
    """The words of `lang`, one of LANGUAGES. Raises FileNotFoundError for another."""
    text = resources.files("kiosk.words").joinpath(f"{lang}.toml").read_text("utf-8")
    return Words(lang, dict(_flatten(tomllib.loads(text))))


def _flatten(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, str):
            found.append((prefix + key, value))
        elif isinstance(value, Mapping):
            found.extend(_flatten(value, f"{prefix}{key}."))
        else:
            raise TypeError(f"{prefix}{key} is neither a text nor a table")
    return found
