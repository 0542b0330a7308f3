"""Which characters the installed fonts have, counted in the fonts themselves: docs/printing-limits.md says the same."""

import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kiosk.worker.faces import FONT_FOLDER
from kiosk.worker.ground import KR_FACE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "printing-limits.md"
FACES = sorted(FONT_FOLDER.glob("Noto*CJK-*.ttc"))
BLOCKS = {
    "Hangul syllables": (0xAC00, 0xD7A3),
    "old Hangul: leading": (0x1100, 0x115F),
    "old Hangul: vowels": (0x1160, 0x11A7),
    "old Hangul: trailing": (0x11A8, 0x11FF),
    "hanja URO": (0x4E00, 0x9FFF),
    "hanja Extension A": (0x3400, 0x4DBF),
    "hanja Extension B": (0x20000, 0x2A6DF),
    "hanja Extensions C to F": (0x2A700, 0x2EBE0),
    "hanja Extension G": (0x30000, 0x3134A),
    "compatibility ideographs": (0xF900, 0xFAFF),
}
_LONG_FORM = 12  # of a character table: groups of 32 bits


@cache
def characters(font: Path) -> frozenset[int]:
    """What the Korean face of a collection has a glyph for (OpenType, `cmap` of format 12)."""
    raw = font.read_bytes()
    (face,) = struct.unpack_from(">I", raw, 12 + 4 * KR_FACE)
    (tables,) = struct.unpack_from(">H", raw, face + 4)
    found = (struct.unpack_from(">4sIII", raw, face + 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in found if tag == b"cmap")
    return frozenset(code for first, last in _groups(raw, start) for code in range(first, last + 1))


def _groups(raw: bytes, start: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", raw, start + 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">I", raw, start + 4 + 8 * number + 4)
        if struct.unpack_from(">H", raw, start + offset)[0] != _LONG_FORM:
            continue
        (groups,) = struct.unpack_from(">I", raw, start + offset + 12)
        for group in range(groups):
            yield struct.unpack_from(">II", raw, start + offset + 16 + 12 * group)


def has(font: Path, block: str) -> int:
    first, last = BLOCKS[block]
    return sum(first <= code <= last for code in characters(font))


def test_every_face_of_the_forms_is_here() -> None:
    assert {font.stem for font in FACES} >= {
        f"Noto{kind}CJK-{weight}" for kind in ("Sans", "Serif") for weight in ("Regular", "Bold")
    }


def test_every_face_has_every_hangul_syllable() -> None:
    assert {has(font, "Hangul syllables") for font in FACES} == {11_172}


@pytest.mark.parametrize("block", BLOCKS)
def test_the_page_says_how_many_characters_of_a_block_every_face_has(block: str) -> None:
    row = re.search(rf"^\| {re.escape(block)} \| ([\d,]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert row
    fewest = len(frozenset.intersection(*(frozenset(_in_block(font, block)) for font in FACES)))
    assert int(row[1].replace(",", "")) == fewest


def _in_block(font: Path, block: str) -> Iterator[int]:
    first, last = BLOCKS[block]
    return (code for code in characters(font) if first <= code <= last)
