"""docs/journal.md: every kind of row, what it says and its fields. `python tools/journal_page.py --write`."""

import inspect
import sys
from pathlib import Path
from typing import get_args

import msgspec

from kiosk.protocol import journal

PAGE = Path(__file__).resolve().parents[1] / "docs" / "journal.md"
GROUPS = {
    "Orders and redemptions": journal.OfMoney,
    "Copies": journal.OfPaper,
    "Payments by card": journal.OfCards,
    "Devices": journal.OfDevices,
    "The machine": journal.OfTheMachine,
    "The ledger": journal.OfTheLedger,
}
HEAD = """# The journal's rows

<!-- tools/journal_page.py --write -->
The journal is the list of facts that a machine writes. Each row has a kind and a body. The types are in
`kiosk/protocol/journal/`; `make pages` makes this page from them.
Money is in KRW. A field with `?` may be absent. Any row may have `kept`: it says, by name, where the devices, the
bundle and the day stand from this row on. Of the counters it names only those that have changed. No row holds
personal data; `holder` is a pseudonym.

To add a kind:

1. Write its type. In `kiosk/protocol/journal/__init__.py` add its import, its name in `__all__` and a line in the union
   of its group. Write the code that writes the row. A field never names a person; it may hold a role, a code or a
   pseudonym.
2. Enter the kind in each reader. `make check` names the readers that lack it. A kind that changes something gets a
   `case`; a kind that changes nothing joins the union of those. The readers are:
   - replay: `kiosk/ledger/replay.py` (else `NoStep`). If the kind changes claims, surplus or segments, enter it in
     `kiosk/ledger/rebuild.py`.
   - the close of a day: `kiosk/ledger/tally.py` (else `NotCounted`).
   - central: `central/fleet/interpret.py` (else `OnlyStored`). If a person has to look, add an alarm and enter the kind
     in `Alarming`.

   In its message mypy cuts the list of kinds short; the missing kind is the one that you added.
3. Let a simulated life of `tests/crash/test_every_row.py` write the row. If none can, enter in its table `ELSEWHERE`
   the file of a test that writes it.
4. Add a row of the kind to `tests/unit/ledger/recorded/rows.jsonl`: a line `["kind", "body"]`, with the body as
   canonical JSON in a string. Then run `make pages`.
5. If the row tells of a citizen, say so in `docs/privacy.md`. If each press of a citizen writes one, ask first
   whether there is room (`docs/ledger.md`, "Room").

To change a kind: a field that older machines did not write has a default. `older.jsonl` beside the recorded rows has
the rows that older machines wrote.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((HEAD, *(_group(title, group) for title, group in GROUPS.items())))


def _group(title: str, group: object) -> str:
    rows = ["| kind | what it says | fields |", "|---|---|---|"]
    for each in get_args(group):
        rows.append(f"| `{each.kind}` | {_said(each)} | {_fields(each)} |")
    return "\n".join((f"## {title}\n", *_shared(group), *rows, ""))


def _shared(group: object) -> list[str]:
    """What is said of the fields that several kinds have, by the kinds."""
    bases: dict[type, list[type[journal.Fact]]] = {}
    for each in get_args(group):
        bases.setdefault(each.__base__, []).append(each)
    return [
        f"{', '.join(f'`{one.kind}`' for one in kinds)}: {_said(base)}\n"
        for base, kinds in bases.items()
        if base is not journal.Fact
    ]


def _said(each: type) -> str:
    return " ".join(inspect.cleandoc(each.__doc__ or "").split())


def _fields(each: type) -> str:
    fields = [field for field in msgspec.structs.fields(each) if field.name != "kept"]
    return ", ".join(map(_field, fields)) or "–"


def _field(field: msgspec.structs.FieldInfo) -> str:
    """`name`, with `?` where it may be absent, and what a value of it is made of."""
    made = _inside(msgspec.inspect.type_info(field.type))
    of = f" of ({', '.join(made)})" if made else ""
    return f"`{field.encode_name}`{'' if field.required else '?'}{of}"


def _inside(of: msgspec.inspect.Type) -> list[str]:
    match of:
        case msgspec.inspect.StructType(fields=fields):
            return [f"`{one.encode_name}`{'' if one.required else '?'}" for one in fields]
        case msgspec.inspect.VarTupleType(item_type=item):
            return _inside(item)
        case msgspec.inspect.DictType(value_type=item):
            return _inside(item)
        case _:
            return []


def main() -> None:
    """Print the page, or write it."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
