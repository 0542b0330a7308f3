"""What a citizen chose of a record: rules of a type's source.toml that take away, cover, keep the last entries, or sum.

What was not chosen is not in the data at all, so no page can show it.
"""

import copy
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

_SHOWN = 8  # 800101-1: birth date and the digit of sex and century


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds when the choice of `option` is one of `choices`; without an option it always does.

    `drop`: these become empty. `cover`: of these resident numbers only the first eight places stay. `last`: of these
    lists only so many entries, the newest, stay. `years`: of a list only the entries whose field (`taxes.year`) is this
    year or one before it, so many years in all. `sum`: a field becomes the sum of what the rules above left of number
    fields. `standing`: of a list only the entries whose field (`owners.stands`) is not empty stay. `without`: a field
    is taken off, for it only steers these rules. Paths: `members.relation` is that field of each entry.
    """

    option: str = ""
    choices: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    cover: tuple[str, ...] = ()
    last: dict[str, int] = {}
    years: dict[str, int] = {}
    sum: dict[str, tuple[str, ...]] = {}
    standing: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def chosen(
    items: Mapping[str, Any], rules: tuple[Rule, ...], options: Mapping[str, str], year: int
) -> dict[str, Any]:
    """The items that are left in `year`, in a new dict. Raises KeyError for a path that the items do not have."""
    left = copy.deepcopy(dict(items))
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
