"""One text in both languages, and what is said of a code that this central has no words for."""

from collections.abc import Mapping

from msgspec import Struct

from central.vocabulary.legible import legible


class Words(Struct, frozen=True):
    """One text in both languages."""

    ko: str
    en: str


LANGUAGES = ("ko", "en")
_LONGEST_CODE = 40


def say(table: Mapping[str, Words], code: str) -> Words:
    """The words of `code`. A newer machine may send one that is not in the table: that is said, and the code shown."""
    return table.get(code) or unknown(code)


def unknown(code: str) -> Words:
    """What is said of a code that has no words here."""
    shown = legible(code, _LONGEST_CODE)
    return Words(f"알 수 없음({shown})", f"unknown ({shown})")
