"""Claims of this machine's orders that are over: paid somewhere, or decided by a person. Central says so, in its time.

The row of the journal that says it marks the claim in the same step; with that row's segment, not before, claim and
order may go (segments.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlite_utils import Database

CASE_RESOLVED: Final = "case-resolved"


def settle(db: Database, body: Mapping[str, Any], seq: int) -> None:
    """Take the meaning of a `case-resolved` row, inside its transaction. A second word, or one about an order that
    this ledger no longer has, changes nothing.
    """
    if body["amount"] and body["verdict"] != "void":
        return  # something is still owed
    query = "UPDATE claims SET settled_seq = ? WHERE order_id = ? AND settled_seq IS NULL"
    db.execute(query, (seq, body["order"]))
