"""Document numbers: sixteen digits, fifteen drawn by chance and a check digit, shown 4-4-4-4.

The check digit is Damm's (H. M. Damm, 2004): a totally anti-symmetric quasigroup of order ten, so every single wrong
digit and every swap of neighbours is caught. With 9·10^14 numbers, guessing one that exists is hopeless at any fleet's
size, and the verification page limits attempts.
"""

from collections.abc import Callable

DIGITS = 16
_SMALLEST, _SPAN = 10 ** (DIGITS - 2), 9 * 10 ** (DIGITS - 2)  # the first digit is never 0
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def draw_number(below: Callable[[int], int]) -> str:
    """A fresh number. `below(n)` gives a number in 0..n-1 by chance that nobody can foresee (`secrets.randbelow`)."""
    body = str(_SMALLEST + below(_SPAN))
    return body + str(_checksum(body))


def is_number(text: str) -> bool:
    """Whether `text` could be a document number: sixteen ASCII digits whose check digit fits."""
    return (
        len(text) == DIGITS and text.isascii() and text.isdigit() and text[0] != "0" and _checksum(text) == 0
    )


def clean(text: str) -> str:
    """What a person typed, without the spaces and hyphens between the groups."""
    return "".join(text.replace("-", " ").split())


def grouped(number: str) -> str:
    """`1234-5678-9012-3456`."""
    return "-".join(number[index : index + 4] for index in range(0, DIGITS, 4))


def _checksum(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
