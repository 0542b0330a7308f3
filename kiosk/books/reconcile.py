"""`kiosk reconcile`: do ledger, physical truth and central's books of one machine tell the same story?

A demo leaves the three in OUT: books/ledger.db, truth.json, books/central.json. The ledger is read from a copy: looking
must not change the evidence.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from kiosk.books import accounts
from kiosk.console.output_folder import holder
from kiosk.faults import where_met
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.segments import segments
from kiosk.protocol import exits, journal
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow
from kiosk.protocol.journal.money import note_value

BOOKS = "books"
_LEGEND = (
    "ledger: what the machine has written down; truth: what really went through its devices; central: what the office "
    "was told.\nSums are KRW; nothing stands where one of the three can't know."
)


class BooksError(Exception):
    """An account is missing or can't be read; the message says which and what to do."""


def reconcile_directory(out: Path) -> int:
    """Compare and print. 0 equal, 1 different, 3 an account is missing."""
    # A pipe has no width of its own; a wrapped table is no table.
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        _over(out)
        lines = accounts.compare(read_books(out))
    except BooksError as error:
        print(f"{where_met(error)}kiosk reconcile: {error}", file=sys.stderr)
        return exits.MISSING
    show(lines, console)
    return exits.WRONG if any(not line.equal for line in lines) else 0


def _over(out: Path) -> None:
    """Books are closed when the demo is over. Raises BooksError while another process is at them."""
    if (process := holder(out)) not in (None, os.getpid()):
        raise BooksError(
            f"the demo of process {process} still fills {out}; its books are there once it has ended"
        )


def show(lines: list[accounts.Line], console: Console) -> None:
    """The comparisons as a table, differences marked by a word as well as by colour."""
    table = Table("", "compared", "ledger", "truth", "central", box=None, pad_edge=False)
    for line in lines:
        mark = "[green]equal[/]" if line.equal else "[bold red]DIFFERS[/]"
        table.add_row(mark, line.what, line.ledger, line.truth, line.central)
    with console.capture() as drawn:
        console.print(table)
    for row in drawn.get().splitlines():
        print(row.rstrip())  # a table fills its columns with blanks to the end
    wrong = sum(not line.equal for line in lines)
    verdict = (
        f"{wrong} of {len(lines)} comparisons differ" if wrong else f"all {len(lines)} comparisons are equal"
    )
    print(_LEGEND)
    print(verdict)


def read_books(out: Path) -> accounts.Books:
    """The three accounts that a demo left in `out`. Raises BooksError."""
    return accounts.Books(
        read_ledger(out / BOOKS / "ledger.db"),
        read_truth(_json(out / "truth.json")),
        read_central(_json(out / BOOKS / "central.json")),
    )


def read_ledger(file: Path) -> accounts.Ledger:
    """The machine's account from a ledger that nobody has open. Raises BooksError."""
    if not file.exists():
        raise BooksError(f"{file} is missing; run `kiosk demo` first, or name its output with --out")
    with tempfile.TemporaryDirectory(prefix="cg") as place:
        copy = Path(shutil.copy(file, place))
        try:
            ledger = Ledger(copy, lambda: Stamp("", 0, 0))
        except LedgerError as error:
            raise BooksError(str(error)) from error
        try:
            return _account(ledger)
        finally:
            ledger.close()


def _account(ledger: Ledger) -> accounts.Ledger:
    rows = tuple(ledger.journal())
    violations = ledger.violations()
    gone = [segment.head for segment in segments(ledger) if segment.dropped]
    broken = first_broken_row(rows, gone[-1] if gone else GENESIS)
    if broken is not None:
        violations = [*violations, f"M9 hash chain, at row {broken}"]
    facts, unreadable = _facts(rows)
    named = frozenset(fact.key for fact in facts if isinstance(fact, journal.IssueIntent))
    return accounts.Ledger(
        tuple(ledger.orders()),
        ledger.totals()["surplus"],
        ledger.head,
        ledger.outbox_depth()[0],
        (*violations, *unreadable),
        named,
        sum(map(note_value, facts)),
    )


def _facts(rows: Iterable[JournalRow]) -> tuple[list[journal.Row], list[str]]:
    """What the rows say, and a sentence for each that this program can't read."""
    facts, unreadable = [], []
    for row in rows:
        try:
            facts.append(journal.decode(row.kind, row.body))
        except (journal.UnknownKindError, journal.BodyError) as error:
            unreadable.append(f"row {row.seq} ({row.kind}) can't be read: {error}")
    return facts, unreadable


def first_broken_row(rows: Iterable[JournalRow], prev: str = GENESIS) -> int | None:
    """The first row whose hash doesn't follow from the row before it and its own content. `prev`: before the first."""
    for row in rows:
        expected = row_hash(
            prev,
            seq=row.seq,
            boot=row.boot,
            at_ms=row.at_ms,
            mono_ms=row.mono_ms,
            kind=row.kind,
            body=msgspec.json.decode(row.body),
        )
        if (row.prev, row.hash) != (prev, expected):
            return row.seq
        prev = row.hash
    return None


def read_truth(truth: Any) -> accounts.Truth:
    """The physical account from truth.json. Raises BooksError."""
    try:
        return accounts.Truth(
            tuple(coin["value"] for coin in truth["coins_in"]),
            tuple(coin["value"] for coin in truth["coins_out"]),
            tuple(_sheet(sheet) for sheet in truth["sheets"]),
            tuple(msgspec.convert(money, accounts.CardMoney) for money in truth.get("cards", ())),
            tuple(note["value"] for note in truth.get("notes_in", ())),
        )
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise BooksError(
            f"truth.json is not what the simulators write ({error}); run the demo again"
        ) from error


def _sheet(told: Any) -> accounts.Sheet:
    """A sheet, its number without the hyphens that it is printed with."""
    sheet = msgspec.convert(told, accounts.Sheet)
    return msgspec.structs.replace(sheet, number=sheet.number.replace("-", ""))


def read_central(export: Any) -> accounts.Central:
    """Central's account from `central export`. Raises BooksError."""
    try:
        heads = export["events_head"].values()
        return accounts.Central(
            tuple(msgspec.convert(issue, accounts.CentralIssue) for issue in export["issues"]),
            tuple(msgspec.convert(order, accounts.CentralOrder) for order in export["orders"]),
            next(((head["seq"], head["hash"]) for head in heads), (0, "")),
            tuple(f"{alarm['code']} {alarm['subject']}".strip() for alarm in export["alarms"]),
            sum(export.get("notes", {}).values()),
        )
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
        raise BooksError(f"central.json is no export of central ({error}); run the demo again") from error


def _json(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise BooksError(
            f"{file} can't be read; run `kiosk demo` first, or name its output with --out"
        ) from error
