"""The table of states in docs/orders.md, made from what the search does with the product's own code.

python -m tests.proof.table          the table
python -m tests.proof.table --write  put it into docs/orders.md
"""

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kiosk.order.model import IssueState, OrderState
from tests.proof.explorer import Found, Search
from tests.proof.world import Noted, Setting

PAGE = Path(__file__).resolve().parents[2] / "docs" / "orders.md"
BEGIN, END = "<!-- made by tests/proof/table.py -->", "<!-- to here -->"
STATES: dict[str, str] = {
    OrderState.RESERVING: "a redemption: central may hold what is owed; pseudonym and most are stored",
    OrderState.RESERVED: "a redemption: central holds it, the amount is stored; no coin was asked for",
    OrderState.COLLECT: "the acceptor may be open; fee and A are stored",
    IssueState.ISSUING: "central may have been asked; the key is stored",
    IssueState.ISSUED: "the document is ready, its number stored; no paper has moved",
    IssueState.PRINTING: "the printer may have the job; P0, R0 and serials are stored, the gate is closed",
    IssueState.PRESENTING: "the paper may have been offered",
    OrderState.SETTLING: "each copy has ended; what is due is known, and no coin was asked for",
    OrderState.PAYING: "the hopper may have been told to pay; D0, coins and its serial are stored",
    OrderState.CLOSED: "nothing is open any more; outcome and claim are stored",
}
FIRST: dict[str, str] = {
    "CancelJob": "the job is cancelled, then the table below",
    "ReadCash": "paid = D - D0, once the hopper stands still; the rest is a claim",
    "CLOSED": "closed: a key that was asked for is void, what is due is a claim",
    "": "coins that fell are credited from the acceptor's own memory; then a claim",
}
"""What the first act at boot means; a first act that is not here is a rule that nobody has written down."""

HEAD = ("state", "what it says", "records", "goes on to", "without its payer", "at boot")


@cache
def searched() -> tuple[Found, frozenset[Noted]]:
    """A search through an order of two lines; every durable move in it and in one through a redemption."""
    notes: set[Noted] = set()
    Search(Setting(fees=(), owed=2, notes=notes)).run()
    found = Search(Setting(fees=(1, 1), notes=notes)).run()
    return found, frozenset(notes)


def table(notes: Iterable[Noted]) -> str:
    """The table as Markdown, its rows in the order of an order's life."""
    moves = tuple(notes)
    rows = [HEAD, tuple("---" for _ in HEAD), *(_row(state, moves) for state in STATES)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(state: str, moves: tuple[Noted, ...]) -> tuple[str, ...]:
    entered = [move for move in moves if move.after == state]
    left = [move for move in moves if move.before == state and not move.boot]
    boots = [move for move in moves if move.before == state and move.boot]
    return (
        state,
        STATES[state],
        _listed(kind for move in entered for kind in move.records),
        _listed(move.after for move in left if move.live),
        _listed(move.after for move in left if not move.live),
        _listed(_boot_rule(boots)),
    )


def _boot_rule(boots: list[Noted]) -> Iterator[str]:
    """What the machine does first when it finds an order in this state. Raises KeyError for a rule without words."""
    for move in boots:
        yield FIRST[move.effects[0] if move.effects else move.after if move.after != move.before else ""]


def _listed(words: Iterable[str]) -> str:
    order = {state: number for number, state in enumerate(STATES)}
    return ", ".join(sorted(set(words), key=lambda word: (order.get(word, -1), word))) or "–"


def page_with(made: str, page: str) -> str:
    """The page with the table that was made in the place that is kept for it."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


if __name__ == "__main__":
    made = table(searched()[1])
    print(made)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page_with(made, PAGE.read_text("utf-8")), "utf-8")
