"""What a citizen chose of a record: rules of a type's source.toml that take away, cover, keep the last entries, or sum.

What was not chosen is not in the data at all, so no page can show it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

_SHOWN = 8  # 800101-1: birth date and the digit of sex and century


class Subtotals(Struct, frozen=True, forbid_unknown_fields=True):
    """Sums by a field: an entry for each value of `by` in the lists `of`, with the sums of its number `fields`."""

    of: tuple[str, ...]
    by: str
    fields: tuple[str, ...]

    def made(self, left: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The entries, in the order of the values."""
        entries = [entry for name in self.of for entry in left[name]]
        return [
            {self.by: value, **{field: self._sum(entries, value, field) for field in self.fields}}
            for value in sorted({entry[self.by] for entry in entries})
        ]

    def _sum(self, entries: list[dict[str, Any]], value: str, field: str) -> int:
        return sum(entry[field] for entry in entries if entry[self.by] == value)


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds when the choice of `option` is one of `choices`; without an option it always does.

    `drop`: these become empty. `cover`: of these resident numbers only the first eight places stay. `last`: of these
    lists only so many entries, the newest, stay. `years`: of a list only the entries whose field (`taxes.year`) is this
    year or one before it, so many years in all. `sum`: a field becomes the sum of what the rules above left of number
    fields; `subtotals`: a field becomes the list of their sums by year (or another field). `standing`: of a list only
    the entries whose field (`owners.stands`) is not empty stay. `without`: a field is taken off, for it only steers
    these rules. Paths: `members.relation` is that field of each entry.
    """

    option: str = ""
    choices: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    cover: tuple[str, ...] = ()
    last: dict[str, int] = {}
    years: dict[str, int] = {}
    sum: dict[str, tuple[str, ...]] = {}
    subtotals: dict[str, Subtotals] = {}
    standing: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def chosen(
    items: Mapping[str, Any], rules: tuple[Rule, ...], options: Mapping[str, str], year: int
) -> dict[str, Any]:
    """The items that are left in `year`, in a new dict. Raises KeyError for a path that the items do not have."""
    left: dict[str, Any] = msgspec.to_builtins(items)  # a copy: the rules change it
    for rule in rules:
        if not rule.option or options.get(rule.option) in rule.choices:
            _apply(rule, left, year)
    return left


def _apply(rule: Rule, left: dict[str, Any], year: int) -> None:
    for path in rule.drop:
        _change(left, path.split("."), _emptied)
    for path in rule.cover:
        _change(left, path.split("."), _covered)
    for name, count in rule.last.items():
        left[name] = left[name][-count:]
    for path, count in rule.years.items():
        name, field = path.split(".")
        left[name] = [entry for entry in left[name] if int(entry[field]) > year - count]
    for path in rule.standing:
        name, field = path.split(".")
        left[name] = [entry for entry in left[name] if entry[field]]
    for path in rule.without:
        name, field = path.split(".")
        for entry in left[name]:
            del entry[field]
    for total, paths in rule.sum.items():
        columns = (path.split(".") for path in paths)
        left[total] = sum(entry[field] for name, field in columns for entry in left[name])
    for name, subtotals in rule.subtotals.items():
        left[name] = subtotals.made(left)


def _change(group: Any, path: list[str], how: Any) -> None:
    name, *deeper = path
    if not deeper:
        group[name] = how(group[name])
        return
    inner = group[name]
    for entry in inner if isinstance(inner, list) else [inner]:
        _change(entry, deeper, how)


def _emptied(value: Any) -> Any:
    return [] if isinstance(value, list) else ""


def _covered(number: str) -> str:
    return number[:_SHOWN] + "*" * len(number[_SHOWN:])
