"""The few words that the screen has of its own, and the screen it shows while core is not there."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.protocol.screen import Display, ScreenName, Snapshot, Tone

FILE = Path(__file__).with_name("words_offline.toml")


class OwnWords(Struct, frozen=True, forbid_unknown_fields=True):
    """One language's sentences. `page` holds {page} and {total}, `typed` holds {count}."""

    waiting: str
    waiting_more: str
    more: str
    earlier: str
    page: str
    typed: str


@cache
def languages() -> dict[str, OwnWords]:
    """All of them by language tag."""
    return msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), dict[str, OwnWords])


def in_language(tag: str) -> OwnWords:
    """The words of that language, or of the first one in the file."""
    known = languages()
    return known.get(tag) or next(iter(known.values()))


def waiting(display: Display, site: str, machine: str, help_phone: str) -> Snapshot:
    """The calm screen without core: the person's language first, below it another one. Nothing on it can be pressed."""
    mine = in_language(display.lang)
    other = next(words for words in languages().values() if words is not mine)
    return Snapshot(
        seq=0,
        since=0,
        screen=ScreenName.OUT_OF_SERVICE,
        title=mine.waiting,
        sentence=mine.waiting_more,
        notices=(other.waiting, other.waiting_more),
        tone=Tone.CALM,
        pictogram="clock",
        announce=mine.waiting,
        display=display,
        site=site,
        machine=machine,
        help_phone=help_phone,
    )
