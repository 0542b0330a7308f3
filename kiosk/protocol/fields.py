"""Reading a form's data by path, for what the seal repeats, what the check screen shows and what must be left out.

`land.last.area_m2`, `own.resident_number|born`: in a list `last` is its last entry, `others` all but the applicant's,
and a field's name means the field of every entry; `own` is the applicant's entry in whichever list of the data it
stands. Behind the bar stands a view of the value.
"""

import re
from collections.abc import Callable
from typing import Any, Final

_BORN = 8  # 800101-1: birth date and the digit of sex and century
_STAR = "*"


def values_at(data: dict[str, Any], path: str) -> list[Any]:
    """What stands at the path, none, one or several values. An unknown step finds nothing; an unknown view raises
    KeyError, which is the form's fault.
    """
    steps, _, view = path.partition("|")
    found: list[object] = [data]
    for step in steps.split("."):
        found = [value for one in found for value in _step(one, step, data)]
    if not view:
        return found
    return [_VIEWS[view](str(value)) for value in found]


def value_at(data: dict[str, Any], path: str) -> str | None:
    """The one value at the path as text; None when there is none, or more than one: that is never guessed."""
    found = values_at(data, path)
    return str(found[0]) if len(found) == 1 and not isinstance(found[0], dict | list) else None


def _step(value: Any, step: str, data: dict[str, Any]) -> list[Any]:
    if isinstance(value, dict):
        if step == "own":
            lists = [entries for entries in value.values() if isinstance(entries, list)]
            return [entry for entries in lists for entry in entries if _is_own(entry, data)]
        return [value[step]] if step in value else []
    if not isinstance(value, list):
        return []
    match step:
        case "last":
            return value[-1:]
        case "others":
            return [entry for entry in value if not _is_own(entry, data)]
        case _:
            return [entry[step] for entry in value if isinstance(entry, dict) and step in entry]


def _is_own(entry: Any, data: dict[str, Any]) -> bool:
    return isinstance(entry, dict) and bool(entry.get("name")) and entry["name"] == data.get("requester")


def masked_name(name: str) -> str:
    """홍*동: all but the first and the last character covered; of two characters the second (홍*). Spaces stay."""
    kept = {0} if len(name) <= 2 else {0, len(name) - 1}
    return "".join(sign if sign == " " or position in kept else _STAR for position, sign in enumerate(name))


def masked_address(address: str) -> str:
    """Every digit covered (also those of a road's own name): which town and road, not which door."""
    return re.sub(r"\d", _STAR, address)


def fits_mask(masked: str, name: str) -> bool:
    """Whether this name could be the one that was masked: as long, and the same where nothing is covered.

    Something has to be left uncovered: a mask of stars alone fits everybody, so it fits nobody.
    """
    return (
        bool(masked.strip(f"{_STAR} "))
        and len(masked) == len(name)
        and all(sign in (_STAR, own) for sign, own in zip(masked, name, strict=True))
    )


def _back_digits(number: str) -> str:
    """What a resident number shows of its last six places."""
    return number[_BORN:].replace(_STAR, "")


def _with_commas(number: str) -> str:
    """26363.5 as 26,363.5; what is no number stays."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isascii() and whole.isdigit() else number


_VIEWS: Final[dict[str, Callable[[str], str]]] = {
    "name": masked_name,
    "address": masked_address,
    "born": lambda number: number[:_BORN],
    "back": _back_digits,
    "number": _with_commas,
}
