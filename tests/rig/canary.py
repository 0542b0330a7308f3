"""Marks of a person that must not be found: every spelling in which a program could have kept one, and the search."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

# UTF-16-LE is both Python's and Qt's own form of Hangul in memory; cp949 holds EUC-KR.
IN_MEMORY = ("utf-8", "utf-16-le")
ENCODINGS = (*IN_MEMORY, "utf-16-be", "cp949")
_AROUND = 48
_DIGITS = frozenset(b"0123456789")


@dataclass(frozen=True)
class Mark:
    """Something of a person: its name in a report, and how it is written. `number`: a part of a longer number, or of a
    decimal fraction, is not it (a time stamp may hold any six digits).
    """

    name: str
    texts: tuple[str, ...]
    number: bool = False


@dataclass(frozen=True)
class Find:
    """A mark that was found, in what, and what stands around it."""

    mark: str
    place: str
    around: bytes


def spellings(text: str) -> frozenset[bytes]:
    """In each encoding, as JSON and addresses escape it, and what a program has in memory also in hex and base64."""
    plain = {text.encode(encoding) for encoding in ENCODINGS}
    ours = {text.encode(encoding) for encoding in IN_MEMORY}
    escaped = {json.dumps(text)[1:-1].encode(), quote(text).encode(), quote(text).lower().encode()}
    coded = {each for raw in ours for each in (*_hex(raw), *_base64(raw))}
    return frozenset(plain | escaped | coded)


def _hex(raw: bytes) -> Iterator[bytes]:
    yield raw.hex().encode()
    yield raw.hex().upper().encode()


def _base64(raw: bytes) -> Iterator[bytes]:
    """As it stands in the middle of a longer text: less the letters that hang on what is before and behind it."""
    for before in range(3):
        first, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(before) + raw)[first:end]


class Search:
    """Looks for `marks`. What was clean once is known by its content and not gone through again."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._wanted = [(mark, each) for mark in marks for text in mark.texts for each in spellings(text)]
        self._clean: set[int] = set()
        self.longest = max(len(spelling) for _, spelling in self._wanted)

    def look(self, data: bytes, place: str) -> Iterator[Find]:
        """Each spelling of each mark that is in `data`, once."""
        if not data.strip(b"\0") or hash(data) in self._clean:
            return
        clean = True
        for mark, spelling in self._wanted:
            at = _find(data, spelling, mark.number)
            if at >= 0:
                clean = False
                yield Find(mark.name, place, data[max(0, at - _AROUND) : at + len(spelling) + _AROUND])
        if clean:
            self._clean.add(hash(data))


def _find(data: bytes, spelling: bytes, number: bool) -> int:
    at = data.find(spelling)
    while number and at >= 0 and _in_a_longer_number(data, at, at + len(spelling)):
        at = data.find(spelling, at + 1)
    return at


def _in_a_longer_number(data: bytes, start: int, end: int) -> bool:
    before, behind = data[max(0, start - 1) : start], data[end : end + 1]
    return before == b"." or any(byte in _DIGITS for byte in before + behind)
