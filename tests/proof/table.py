"""The table of states in docs/orders.md, made from what the search does with the product's own code.

python -m tests.proof.table          the table
python -m tests.proof.table --write  put it into docs/orders.md
"""

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from kiosk.order.card_payment import CardState
from kiosk.order.model import IssueState, OrderState
from tests.proof import heart
from tests.proof.explorer import Found, Search
from tests.proof.plan import TABLE
from tests.proof.world import Noted

PAGE = Path(__file__).resolve().parents[2] / "docs" / "orders.md"
BEGIN, END = "<!-- made by tests/proof/table.py -->", "<!-- to here -->"
STATES: dict[str, str] = {
    OrderState.RESERVING: "a redemption: central may hold what is owed; pseudonym and most are stored",
    OrderState.RESERVED: "a redemption: central holds it, the amount is stored; no coin was asked for",
    OrderState.COLLECT: "the acceptor may be open; fee and A are stored",
    heart.NOTE: "COLLECT, and a note may have been sent to the stacker: its value and S are stored with the order",
    CardState.ASKED: "the terminal may have been asked; sum, terminal and what was open there before are stored",
    CardState.RESERVED: "beside what a copy's row says: the fee is reserved, the terminal's receipt is stored",
    IssueState.ISSUING: "central may have been asked; the key is stored",
    IssueState.ISSUED: "the document is ready, its number stored; no paper has moved",
    IssueState.PRINTING: "the printer may have the document; P0, R0, serials and job-id are stored, the gate is closed",
    IssueState.PRESENTING: "the paper may have been offered",
    OrderState.SETTLING: "each copy has ended; what is due is known, and no coin was asked for",
    CardState.CAPTURING: "each copy has ended; the terminal may have been told to charge the sum that is stored",
    CardState.REVERSING: "each copy has ended; the terminal may have been told to give all of it back",
    OrderState.CARD_DUE: "all is done but what only the terminal can tell; the next order may begin",
    OrderState.PAYING: "the hopper may have been told to pay; D0, coins and its serial are stored",
    OrderState.CLOSED: "nothing is open any more; outcome and claim are stored",
}
FIRST: dict[str, str] = {
    "CancelJob": "the job is cancelled, then the table below",
    "ReadCash": "paid = D - D0, once the hopper stands still; the rest is a claim",
    "CLOSED": "closed: a key that was asked for is void, what is due is a claim",
    "StopCard": "what is open at the terminal? one more than before: AUTHORISED; none, at rest, twice: not taken",
    "ReadTerminal": "still open at the terminal, at rest, twice: told again; not open: done",
    "Reverse": "void, and all of it is given back",
    "Capture": "void, and what was delivered is charged",
    heart.NOTE: "it is in if S = S0 + 1, back if S = S0 and the validator is clear, else in doubt; then as COLLECT",
    "": "coins that fell are credited from the acceptor's own memory; then a claim",
}
"""What the first act at boot means; a first act that is not here is a rule that nobody has written down."""

HEAD = ("state", "what it says", "records", "goes on to", "without its payer", "at boot")


@cache
def searched() -> tuple[dict[str, Found], frozenset[Noted]]:
    """What the table is made of: the searches by name, every durable move in them."""
    moves: set[Noted] = set()
    found = {part.name: Search(replace(part.setting, noted=moves)).run() for part in TABLE}
    return found, frozenset(moves)


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
        _listed(_boot_rule(boots), "; or: "),
    )


def _boot_rule(boots: list[Noted]) -> Iterator[str]:
    """What the machine does first when it finds an order in this state. Raises KeyError for a rule without words."""
    for move in boots:
        stays = move.before if move.before == heart.NOTE else ""
        yield FIRST[move.effects[0] if move.effects else move.after if move.after != move.before else stays]


def _listed(words: Iterable[str], between: str = ", ") -> str:
    order = {state: number for number, state in enumerate(STATES)}
    return between.join(sorted(set(words) - {""}, key=lambda word: (order.get(word, -1), word))) or "–"


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
