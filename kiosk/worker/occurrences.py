"""Where a value stands in the text of a page, however its lines were broken.

A value may have a space between any two of its characters there, and is no part of a longer word. A regular expression
for that would have to be compiled for each value of each document.
"""

from bisect import bisect_right
from itertools import accumulate

TAKEN = "\x00"


def spaced(text: str) -> str:
    """With single spaces: where lines break is layout, not content. PDFium gives a hyphen at a line's end as U+FFFE."""
    return " ".join(text.replace("\ufffe", "-").split())


def occurrences(text: str, wanted: str) -> tuple[int, str]:
    """How often `wanted` stands in `text` as a word or words of its own, and `text` with TAKEN in its place.

    A word too long for its cell is broken across lines, so one space may stand between any two characters.
    """
    sought, tight = wanted.replace(" ", ""), text.replace(" ", "")
    if not sought or sought not in tight:
        return 0, text
    # The word that holds a character has as many spaces before it as there are words that end before.
    ends = [*accumulate(map(len, text.split(" ")))]
    times, kept, left = 0, 0, []
    at = tight.find(sought)
    while at >= 0:
        last = at + len(sought) - 1
        first_place, end_place = at + bisect_right(ends, at), last + bisect_right(ends, last) + 1
        if _stands_alone(text, first_place, end_place):
            times += 1
            left.append(text[kept:first_place])
            kept = end_place
            at = tight.find(sought, last + 1)
        else:
            at = tight.find(sought, at + 1)
    return times, TAKEN.join([*left, text[kept:]])


def _stands_alone(text: str, first: int, end: int) -> bool:
    """Whether no letter or digit touches it, and only line breaks part it."""
    return not (
        _of_a_word(text[first - 1 : first]) or _of_a_word(text[end : end + 1]) or "  " in text[first:end]
    )


def _of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"
