"""What a demo leaves behind: documents as the printer received them, receipts, journal, books, and a summary."""

import contextlib
import errno
import json
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pikepdf

from kiosk.books.reconcile import BOOKS
from kiosk.console.output_folder import OutputError, OutputFolder
from kiosk.desk.autopilot import Step
from kiosk.desk.desk_machine import DeskMachine, DeskMachineError
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.problems import LedgerError
from kiosk.order.model import Issue, IssueState, Order
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of

SCREENS = "screens"
CERTIFICATES = "certificates"
RECEIPTS = "receipts"
ALTERED = "altered"
# Leads to the run directory of the machine while it runs.
MACHINE = "machine"
LOG = "log"
FOLDERS = (SCREENS, CERTIFICATES, RECEIPTS, ALTERED, BOOKS, LOG)
SUMMARY = "summary.json"
FILES = ("journal.jsonl", "truth.json", SUMMARY, LIST_FILE, ROOT_FILE)
_NO_BOOKS = (OSError, DeskMachineError, LedgerError, OutputError, sqlite3.Error, KeyError, ValueError)


def prepare(out: OutputFolder) -> None:
    """The folders that a person looks for. Raises OutputError, OSError."""
    for name in FOLDERS:
        out.folder(name)


def rescue(rig: DeskMachine, out: OutputFolder, *, logs: bool) -> None:
    """What was booked on a machine that was stopped before its time, if anything was; its logs where they are wanted.

    Whatever is missing: that the machine was stopped is the news, and not what could not be saved of it.
    """
    with contextlib.suppress(*_NO_BOOKS):
        collect(rig, out, rig.central_export(), [])
    if logs:
        with contextlib.suppress(OSError, OutputError):
            for file in sorted((rig.run / LOG).iterdir()):
                out.copy(file, f"{LOG}/{file.name}")


def collect(
    rig: DeskMachine, out: OutputFolder, central: dict[str, Any], steps: list[Step]
) -> tuple[Order, ...]:
    """Bring everything of a machine that has been stopped to `out`; its orders, oldest first.

    `central`: its books as read before the stop; they are read again if the journal went on meanwhile.
    Raises OSError, OutputError, DeskMachineError, LedgerError.
    """
    run, paper = rig.run, rig.out
    file = _there(run / "ledger" / "ledger.db")
    # Read first: a core that was killed left its last rows in the log beside the file; closing it folds them in.
    with contextlib.closing(Ledger(file, lambda: Stamp("", 0, 0))) as ledger:
        orders = tuple(ledger.orders())
        journal = [msgspec.json.encode(row) for row in ledger.journal()]
        head = ledger.head[0]
    if all(known["seq"] != head for known in central["events_head"].values()):
        central = rig.central_export()
    write_json(out.file(f"{BOOKS}/central.json"), central)
    out.copy(file, f"{BOOKS}/ledger.db")
    out.copy(run / "sim" / "truth.json", "truth.json")
    lists = list(lists_of(run))
    out.copy(next((file for file in lists if file.exists()), lists[0]), LIST_FILE)
    out.copy(run / "pki" / ROOT_FILE, ROOT_FILE)
    for picture in sorted((paper / "receipts").glob("*.png")):
        out.copy(picture, f"{RECEIPTS}/{picture.name}")
    out.file("journal.jsonl").write_bytes(b"".join(line + b"\n" for line in journal))
    for order in orders:
        for issue in order.issues:
            if issue.state is IssueState.DELIVERED:
                _keep_certificate(issue, paper, out)
    write_json(out.file(SUMMARY), summary(orders, steps))
    return orders


def summary(orders: tuple[Order, ...], steps: list[Step]) -> dict[str, Any]:
    """Orders with their lines, where every won is (KRW), and how long each step took (ms)."""
    return {
        "orders": [
            {
                "id": order.id,
                "state": order.state.value,
                "outcome": order.outcome.value if order.outcome else "",
                "lines": [_line(order, line) for line in sorted({issue.line for issue in order.issues})],
            }
            for order in orders
        ],
        "money": {
            "in": sum(order.credit for order in orders),
            "card": sum(order.captured for order in orders),
            "fee": sum(order.earned for order in orders),
            "out": sum(order.paid for order in orders),
            "claim": sum(order.claim for order in orders),
        },
        "steps": [{"name": step.name, "ms": step.ms} for step in steps],
    }


def _line(order: Order, line: int) -> dict[str, Any]:
    issues = [issue for issue in order.issues if issue.line == line]
    copies = [
        {
            "copy": issue.copy,
            "number": issue.number,
            "state": issue.state.value,
            "sheets": issue.sheets,
            "fee": issue.fee,
            "reason": issue.reason,
        }
        for issue in issues
    ]
    return {"line": line, "type_code": issues[0].type_code, "copies": copies}


def _keep_certificate(issue: Issue, paper: Path, out: OutputFolder) -> None:
    name = "-".join(issue.number[at : at + 4] for at in range(0, len(issue.number), 4))
    out.copy(paper / "pdf" / f"{issue.key}.pdf", f"{CERTIFICATES}/{name}.pdf")
    for sheet in range(1, issue.sheets + 1):
        out.copy(paper / "pages" / f"{issue.key}-{sheet}.png", f"{CERTIFICATES}/{name}-{sheet}.png")


def _there(file: Path) -> Path:
    """The file, if it is there: looking at a ledger must not make one. Raises OSError."""
    if not file.exists():
        raise FileNotFoundError(errno.ENOENT, "no ledger", str(file))
    return file


def alter(genuine: Path, altered: Path) -> None:
    """A copy that says something else: two different texts of the same font on page 1 change places.

    Raises ValueError for a page without two such texts.
    """
    with pikepdf.open(genuine) as pdf:
        page = pdf.pages[0]
        instructions = list(pikepdf.parse_content_stream(page))
        first, second = _two_texts(instructions)
        instructions[first], instructions[second] = instructions[second], instructions[first]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        pdf.save(altered)


def _two_texts(instructions: list[Any]) -> tuple[int, int]:
    """The longest text of the page and the next longest in the same font that reads otherwise."""
    font = ""
    texts: list[tuple[int, str, int, bytes]] = []
    for at, instruction in enumerate(instructions):
        operator = str(instruction.operator)
        if operator == "Tf":
            font = str(instruction.operands[0])
        elif operator in ("Tj", "TJ"):
            shown = b"|".join(bytes(operand) for operand in _strings(instruction.operands[0]))
            texts.append((len(shown), font, at, shown))
    texts.sort(key=lambda text: -text[0])
    for position, (_, used, at, shown) in enumerate(texts):
        for _, other_font, other, other_shown in texts[position + 1 :]:
            if other_font == used and other_shown != shown:
                return at, other
    raise ValueError("there are no two texts of one font to exchange")


def _strings(operand: Any) -> list[Any]:
    parts = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    return [part for part in parts if isinstance(part, pikepdf.String)]


def write_json(file: Path, value: Any) -> None:
    """Indented, Hangul readable."""
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
