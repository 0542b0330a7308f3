"""Settings of a desk as tables laid over each other, and as the text of a file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Tables = Mapping[str, Any]


def over(*layers: Tables) -> dict[str, Any]:
    """One of them all: what a later one says counts, table by table."""
    found: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            below = found.get(name)
            if isinstance(value, Mapping):
                found[name] = over(below if isinstance(below, Mapping) else {}, value)
            else:
                found[name] = value
    return found


def toml(tables: Tables) -> str:
    """As TOML: what belongs to no table first."""
    return "\n".join(_lines(tables, "")) + "\n"


def _lines(table: Tables, above: str) -> Iterator[str]:
    inner = {name: value for name, value in table.items() if _is_table(value)}
    for name, value in table.items():
        if name not in inner:
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"
    for name, value in inner.items():
        place = above + name
        for entry in value if isinstance(value, list) else [value]:
            yield f"\n[[{place}]]" if isinstance(value, list) else f"\n[{place}]"
            yield from _lines(entry, f"{place}.")


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    )
