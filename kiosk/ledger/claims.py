"""Claims of this machine's orders that are over: paid somewhere, or decided by a person. Central says so, in its time.

The row of the journal that says it marks the claim in the same step; with that row's segment, not before, claim and
order may go (segments.py).
"""

from sqlite_utils import Database

from kiosk.protocol.journal import CaseResolved


def settle(db: Database, said: CaseResolved, seq: int) -> None:
    """Take the meaning of a `case-resolved` row, inside its transaction. A second word, or one about an order that
    this ledger no longer has, changes nothing.
    """
    if said.amount and said.verdict != "void":
        return  # something is still owed
    query = "UPDATE claims SET settled_seq = ? WHERE order_id = ? AND settled_seq IS NULL"
    db.execute(query, (seq, said.order))
