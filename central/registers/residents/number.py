"""Resident numbers that are well-formed and nobody's: region 99 was never assigned, and the check digit is wrong.

Six digits of birth date, one of sex and century, two of region, three in order, one check digit (주민등록법 시행규칙
제2조, the form before October 2020).
"""

from collections import Counter

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_REGION = "99"


class Numbers:
    """Gives numbers out; never one twice."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def give(self, born: str, *, female: bool) -> str:
        """The next number of this birth date (ISO) and sex, `800101-2990013`."""
        return self.complete(f"{born[2:4]}{born[5:7]}{born[8:10]}-{sex_digit(born, female=female)}")

    def complete(self, start: str) -> str:
        """The next number that starts with `800101-2`. Raises ValueError when a thousand are given."""
        order = self._given[start]
        if order > 999:
            raise ValueError("no number is left for this birth date and sex")
        self._given[start] += 1
        body = f"{start}{_REGION}{order:03d}"
        return f"{body}{(check_digit(body) + 5) % 10}"


def sex_digit(born: str, *, female: bool) -> int:
    """1 and 2 for those born before 2000, 3 and 4 afterwards; the even ones are women."""
    return (3 if born >= "2000" else 1) + female


def birth_of(start: str) -> str:
    """The birth date (ISO) that a number says."""
    century = "19" if start[7] in "12" else "20"
    return f"{century}{start[:2]}-{start[2:4]}-{start[4:6]}"


def check_digit(body: str) -> int:
    """What the thirteenth digit of a real number would be."""
    digits = [int(digit) for digit in body if digit.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return (11 - total % 11) % 10
