"""Income tax as the law's first rules have it: what of wages counts as income, and what is owed on an income.

소득세법 제47조 (근로소득공제), 제50조 (기본공제, for oneself alone), 제55조 (세율). Other deductions are left out.
"""

from typing import Final

# From this amount on: what was deducted up to it, and the percentage of the rest.
_DEDUCTIONS: Final = (
    (0, 0, 70),
    (5_000_000, 3_500_000, 40),
    (15_000_000, 7_500_000, 15),
    (45_000_000, 12_000_000, 5),
    (100_000_000, 14_750_000, 2),
)
# From this base on: the percentage of the whole base, and what is taken off again.
_RATES: Final = (
    (0, 6, 0),
    (14_000_000, 15, 1_260_000),
    (50_000_000, 24, 5_760_000),
    (88_000_000, 35, 15_440_000),
    (150_000_000, 38, 19_940_000),
)
_OWN_ALLOWANCE: Final = 1_500_000


def income_of_wages(wages: int) -> int:
    """What is left of a year's wages after the deduction for wages, KRW."""
    start, deducted, percentage = next(row for row in reversed(_DEDUCTIONS) if wages >= row[0])
    return wages - deducted - (wages - start) * percentage // 100


def tax_on(income: int) -> int:
    """A year's tax on an income, whole tens of KRW."""
    base = max(0, income - _OWN_ALLOWANCE)
    _, percentage, taken_off = next(row for row in reversed(_RATES) if base >= row[0])
    return (base * percentage // 100 - taken_off) // 10 * 10
