"""Text that somebody else sent, made fit to stand on one line among ours: nothing moves the cursor, nothing turns the
direction of writing around, nothing goes on without end.

HTML is escaped by the pages; this is about characters that are escaped nowhere. A terminal obeys them, and a browser
lets U+202E turn the rest of a line around (Unicode TR36, 3.4).
"""

import unicodedata

LONGEST = 120
_MARK = "\N{REPLACEMENT CHARACTER}"
# Controls, formats (the bidirectional ones are among them), surrogates, private use, unassigned, line and paragraph
# separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me"})
_MOST_COMBINING = 2  # decomposed Vietnamese has two on a letter


def legible(text: str, longest: int = LONGEST) -> str:
    """`text` on one line, at most `longest` characters; what cannot be seen is shown as a mark."""
    shown, combining = [], 0
    for one in text[: longest + 1]:
        category = unicodedata.category(one)
        combining = combining + 1 if category in _COMBINING else 0
        if combining <= _MOST_COMBINING:
            shown.append(_MARK if category in _UNSEEN else one)
    line = "".join(shown)
    return line if len(text) <= longest else line[: longest - 1] + "…"
