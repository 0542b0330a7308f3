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
Each row has a kind and a body. The types are in `kiosk/protocol/journal/`; this page is made from them (`make pages`).
Money is in KRW. A field with `?` may be absent. Any row may have `kept`: where devices stand from this row on, as the
ledger's own tables hold it. No row holds personal data; `holder` is a pseudonym.

To add a kind: its type, its place in the union of its group, the code that writes it. `make check` then names every
reader that has no case for it: replay (`kiosk/ledger/replay.py`), the close of a day (`kiosk/ledger/tally.py`),
central (`central/fleet/interpret.py`). `tests/crash/test_every_row.py` fails until a run writes it.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((HEAD, *(_group(title, group) for title, group in GROUPS.items())))


def _group(title: str, group: object) -> str:
    rows = ["| kind | what it says | fields |", "|---|---|---|"]
    for each in get_args(group):
        rows.append(f"| `{journal.kind_of(each)}` | {_said(each)} | {_fields(each)} |")
    return "\n".join((f"## {title}\n", *rows, ""))


def _said(each: type) -> str:
    return " ".join(inspect.cleandoc(each.__doc__ or "").split())


def _fields(each: type) -> str:
    fields = [field for field in msgspec.structs.fields(each) if field.name != "kept"]
    return ", ".join(f"`{field.encode_name}`{'' if field.required else '?'}" for field in fields) or "–"


def main() -> None:
    """Print the page, or write it."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
