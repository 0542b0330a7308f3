"""What a person types where there is a choice or a measure, judged before anything is asked, cleared or written.

What is no such word raises RefusalError, whose sentence says which there are.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from kiosk.protocol.fault import RefusalError

_MOST_SHOWN = 60
_MOST_S = 86_400
_LONGEST_NAME = 4_096
_NUMBER = re.compile(r"[+-]?\d{1,20}")


def shortened(word: str) -> str:
    """As it was typed, and shorter where nobody could read it to its end."""
    return word if len(word) <= _MOST_SHOWN else f"{word[:_MOST_SHOWN]}… ({len(word):,} letters)"


def one_of(what: str, asked: str, there: Sequence[str]) -> str:
    """What was asked for, one of what there is."""
    if asked not in there:
        raise RefusalError(f"there is no {what} {shortened(asked)!r}; there are {', '.join(there)}")
    return asked


def _language(asked: str) -> str:
    from kiosk.words.words import LANGUAGES

    return one_of("language", asked, LANGUAGES)


def whole(what: str, least: int, most: int) -> Callable[[str | int], int]:
    """For an option or argument: a whole number within these ends; `what` it is, as `coins`."""

    def number(word: str | int) -> int:
        text = str(word).strip()
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise RefusalError(
                f"{shortened(text)!r} is no number of {what}; say a whole number, {least} to {most:,}"
            )
        return int(text)

    return number


def seconds(word: str | float) -> float:
    """For an option: how long to wait, above 0 and no longer than a day."""
    try:
        found = float(word)
    except ValueError:
        found = math.nan
    if not 0 < found <= _MOST_S:
        raise RefusalError(
            f"{shortened(str(word))!r} is no time to wait; say seconds, above 0 and up to {_MOST_S:,}"
        )
    return found


def known_types(asked: Collection[str], root: Path) -> Collection[str]:
    """The codes that were asked for, each of a type that has its form below `root`."""
    there = sorted(file.parent.name for file in root.glob("*/type.toml"))
    for code in asked:
        if code not in there:
            named = f"there are {', '.join(there)}" if there else f"there is none in {root}"
            raise RefusalError(f"no type is called {shortened(code)}; {named}")
    return asked


def refuse_slips(words: Sequence[str]) -> None:
    """An empty word is a slip of a script: a variable that was not set. It would name the folder one stands in. One
    that is longer than any name of a file is the contents of something; only what a barcode holds may be so long.
    """
    if strange := [word for word in words if len(word) > _LONGEST_NAME and not word.startswith("KC1:")]:
        raise RefusalError(f"{shortened(strange[0])!r} is no word of this command; no name is that long")
    for at, word in enumerate(words):
        if word == "--":
            return
        option = re.fullmatch(r"(--[\w-]+)=", word)
        if not word or option:
            before = option[1] if option else next(reversed(words[:at]), "")
            where = f" after {shortened(before)}" if before else ""
            raise RefusalError(f"a word{where} is empty; say what is meant, or leave it out")


LanguageOption = Annotated[str, typer.Option("--lang", help="ko or en", parser=_language, metavar="LANG")]
WithinOption = Annotated[
    float,
    typer.Option("--within", help="seconds to wait at most", parser=seconds, metavar="SECONDS"),
]
