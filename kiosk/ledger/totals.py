"""Money and paper since the ledger began: added up once a start, then carried on with each step.

They go out with each heartbeat, so they must not take longer after years; what was let go counts on.
"""

import msgspec
from sqlite_utils import Database

from kiosk.order.model import Order

TOTALS = ("orders", "fee", "credit", "paid", "claim", "surplus")
NOTHING = (0, 0, 0, 0, 0)


class Totals:
    """Of one ledger. `before` a step is looked up inside its transaction; `after` it, it is counted."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sums: dict[str, int] | None = None

    def read(self) -> dict[str, int]:
        """Orders, fee, credit, paid, claims, surplus (KRW and counts)."""
        if self._sums is None:
            self._sums = self._add_up()
        return dict(self._sums)

    def _add_up(self) -> dict[str, int]:
        orders = self._db.execute(
            "SELECT count(*), coalesce(sum(earned), 0), coalesce(sum(credit), 0), coalesce(sum(paid), 0), "
            "coalesce(sum(claim), 0) FROM orders"
        ).fetchone()
        coins = self._db.execute(
            "SELECT coalesce(sum(amount), 0) FROM surplus WHERE what IN ('coin', 'note')"
        ).fetchone()
        sums = dict(zip(TOTALS, (*orders, coins[0]), strict=True))
        for (text,) in self._db.execute("SELECT sums FROM segments WHERE dropped = 1"):
            for name, amount in msgspec.json.decode(text, type=dict[str, int]).items():
                sums[name] += amount
        return sums

    def before(self, order: Order | None) -> tuple[int, ...]:
        """What the ledger has of this order: 1, then fee, credit, paid, claim; zeros before its first step."""
        if order is None:
            return NOTHING
        row = self._db.execute("SELECT 1, earned, credit, paid, claim FROM orders WHERE id = ?", (order.id,))
        found: tuple[int, ...] | None = row.fetchone()
        return found or NOTHING

    def after(self, order: Order | None, before: tuple[int, ...], surplus: int) -> None:
        """The step is on the disk."""
        if self._sums is None:
            return
        self._sums["surplus"] += surplus
        if order is not None:
            now = (1, order.earned, order.credit, order.paid, order.claim)
            for name, new, old in zip(TOTALS, now, before, strict=False):
                self._sums[name] += new - old
