"""Files of settings that a test writes: a plain machine in both forms, and one value at its place."""

import copy
import datetime as dt
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from msgspec import Struct

from kiosk.bounds import table_of
from kiosk.settings import Settings

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"
WHO: dict[str, Any] = {
    "kiosk_id": "YDP-0063",
    "site": "63시티",
    "machine": "63-1",
    "municipality": "영등포구",
    "help_phone": "02-2670-3114",
    "central_url": "https://central.example",
}
PRINTER = "ipp://192.0.2.10:631/ipp/print"
PLAIN: dict[str, Any] = WHO | {"printer": {"uri": PRINTER}}
FLAT: dict[str, Any] = WHO | {"printer_uri": PRINTER}
HOPPER = {"coin": 100, "fill": 60, "low": 20}


def having(tables: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The tables with this value at the place, its tables begun (a hopper as usual); as they were where none can be."""
    found = copy.deepcopy(tables)
    into: Any = found
    *tables_above, last = re.findall(r"\w+", place)
    for name in tables_above:
        if name.isdecimal():
            if not isinstance(into, list):
                return found
            into += [HOPPER.copy() for _ in range(int(name) + 1 - len(into))]
            into = into[int(name)]
        elif isinstance(into, dict):
            into = into.setdefault(name, [] if name == "hoppers" else {})
    if isinstance(into, dict):
        into[last] = value
    return found


def toml(value: Any) -> str:
    """The value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        case str():
            return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return repr(value)


def written(folder: Path, values: dict[str, Any]) -> Path:
    """A file that says these."""
    file = folder / "kiosk.toml"
    lines = [f"{toml(name)} = {toml(value)}" for name, value in values.items()]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def structs(shape: type[Struct] = Settings) -> Iterator[type[Struct]]:
    """The whole file's shape, and each table's below it."""
    yield shape
    for kind in get_type_hints(shape, include_extras=True).values():
        if (table := table_of(kind)) is not None:
            yield from structs(table)


def places(shape: type[Struct] = Settings, above: str = "") -> Iterator[str]:
    """Where a value may stand, as `cash.hoppers.fill`."""
    for name, kind in get_type_hints(shape, include_extras=True).items():
        table = table_of(kind)
        yield from places(table, f"{above}{name}.") if table is not None else [above + name]


def shown() -> dict[str, str]:
    """Each place that the shipped file shows, and the comment behind it."""
    found, table = dict[str, str](), ""
    for line in SHIPPED.read_text("utf-8").splitlines():
        if header := re.fullmatch(r"(?:# )?\[+([\w.]+)\]+", line):
            table = f"{header[1]}."
        elif value := re.fullmatch(r"(?:# )?(\w+) = .*?  # (.*)", line):
            found[table + value[1]] = value[2]
    return found
