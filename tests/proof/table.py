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
    OrderState.RESERVING: (
        "a redemption: central may hold the claims; the pseudonym and the most that can be paid are stored"
    ),
    OrderState.RESERVED: (
        "a redemption: central holds the claims, their sum is stored; the hopper was told nothing yet"
    ),
    OrderState.COLLECT: "the acceptor may be open; the fee and A are stored",
    heart.NOTE: (
        "COLLECT, and a note may be on its way to the stacker; its value and S are stored with the order"
    ),
    CardState.ASKED: "core may have asked the terminal; sum, terminal and its reservations before are stored",
    CardState.RESERVED: (
        "beside the state of the copy: the fee is reserved, the terminal's receipt number is stored"
    ),
    IssueState.ISSUING: "core may have asked central for the number; the key is stored",
    IssueState.ISSUED: "the document is ready and its number is stored; no paper has moved",
    IssueState.PRINTING: (
        "the printer may have the document; P0, R0, serials and job-id are stored, the gate is closed"
    ),
    IssueState.PRESENTING: "the presenter may have offered the paper",
    OrderState.SETTLING: "each copy has ended; the sum to give back is known, and no payout is open",
    CardState.CAPTURING: "each copy has ended; core may have told the terminal to charge the stored sum",
    CardState.REVERSING: "each copy has ended; core may have told the terminal to give the whole sum back",
    OrderState.CARD_DUE: "only the terminal's answer is missing; the next order may begin",
    OrderState.PAYING: (
        "core may have told the hopper to pay; D0, the coins and the hopper's serial are stored"
    ),
    OrderState.CLOSED: "the order has ended; outcome and claim are stored",
}
FIRST: dict[str, str] = {
    "CancelJob": "core cancels the print job; then the table below decides",
    "ReadCash": "core reads D when the hopper stands still: paid = D - D0; the rest is a claim",
    "CLOSED": "core closes the order: a key that was asked for is void, the sum that is due is a claim",
    "StopCard": (
        "core reads the open reservations: one more: AUTHORISED; no more, terminal at rest, twice: not taken"
    ),
    "ReadTerminal": (
        "core reads the open reservations: ours still open, at rest, twice: told again; not open: done"
    ),
    "Reverse": "the copies are void, and the terminal gives the whole sum back",
    "Capture": "the other copies are void, and the terminal charges what was delivered",
    heart.NOTE: (
        "the note is in if S = S0 + 1, back if S = S0 and no note is inside, else in doubt; then as COLLECT"
    ),
    "": "core credits the coins that fell, from the acceptor's own memory; then the credit is a claim",
}
"""What the first act at boot means; a first act that is not here is a rule that nobody has written down."""

HEAD = ("state", "what it means", "records", "next states", "next, without its payer", "first at boot")


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
