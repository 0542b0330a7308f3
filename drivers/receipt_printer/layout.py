"""Receipt lines as rows of 48 columns: alignment, flush right, wrapping between words. Pure.

A character takes as many columns as its CP949 code has bytes: that is how the printer's font is cut (12 dots a column).
"""

import unicodedata

from msgspec import Struct

from drivers.contract import ReceiptLine

COLUMNS = 48
REPLACEMENT = "□"

# What has an equal in CP949; anything else that has no code there is printed as REPLACEMENT.
_EQUALS = str.maketrans(
    {
        "\u00a0": " ",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "•": "·",
        "₩": "￦",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)


class Row(Struct, frozen=True):
    """One printed row: text padded for its place, and how it is set."""

    text: str
    bold: bool = False
    size: int = 1


def printable(text: str) -> str:
    """The text in characters that CP949 has. Control characters, which would be commands, are dropped."""
    composed = unicodedata.normalize("NFC", text).translate(_EQUALS)
    return "".join(_character(char) for char in composed)


def _character(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return ""
    try:
        return char if len(char.encode("cp949")) <= 2 else REPLACEMENT
    except UnicodeEncodeError:
        return REPLACEMENT


def width(text: str) -> int:
    """Columns of printable text in single size."""
    return len(text.encode("cp949"))


def rows(line: ReceiptLine) -> list[Row]:
    """The rows that one line needs; at least one."""
    if line.rule:
        return [Row("-" * COLUMNS)]
    size = 2 if line.size == 2 else 1
    columns = COLUMNS // size
    right = printable(line.right)
    texts = _wrap(printable(line.text), columns)
    if not right:
        return [Row(_align(text, line.align, columns), line.bold, size) for text in texts]
    texts = _set_right(texts, right, columns)
    return [Row(text, line.bold, size) for text in texts]


def _align(text: str, align: str, columns: int) -> str:
    free = columns - width(text)
    if align == "right":
        return " " * free + text
    if align == "centre":
        return " " * (free // 2) + text
    return text


def _set_right(texts: list[str], right: str, columns: int) -> list[str]:
    """`right` flush right on the last row if a column stays free between, else on rows of its own."""
    last = width(texts[-1])
    free = columns - last - width(right)
    if free >= (1 if last else 0):
        return [*texts[:-1], texts[-1] + " " * free + right]
    own = [_align(text, "right", columns) for text in _wrap(right, columns)]
    return texts + own if last else texts[:-1] + own


def _wrap(text: str, columns: int) -> list[str]:
    """Rows of at most `columns`, broken between words; a word longer than a row is broken where it must."""
    found: list[str] = []
    row = ""
    for word in text.split(" "):
        joined = f"{row} {word}" if row else word
        if width(joined) <= columns:
            row = joined
            continue
        if row:
            found.append(row)
        *full, row = _chop(word, columns)
        found += full
    return [*found, row]


def _chop(word: str, columns: int) -> list[str]:
    pieces = [""]
    for char in word:
        if width(pieces[-1]) + width(char) > columns:
            pieces.append("")
        pieces[-1] += char
    return pieces
