"""Opens orders and redemptions.

If something that the order needs is missing now, the visit gets a refusal.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from drivers import contract as device
from kiosk.clocks import Clocks
from kiosk.core.cash_books import CashBooks
from kiosk.core.order_runner import OrderRunner
from kiosk.core.visit_runner import VisitRunner
from kiosk.health.cash import CashLevels
from kiosk.health.health import Health
from kiosk.ledger.ledger import Ledger
from kiosk.order import collecting, redeeming
from kiosk.order.collecting import Payer
from kiosk.order.model import Issue, Policy
from kiosk.order.reduce import spoken_in, watched_from
from kiosk.visit import effects as visit_effects
from kiosk.visit import events as visit_events


class Standing(Struct, frozen=True):
    """The state of the machine now: its policy, what it can sell, its hoppers' coins (None: not known)."""

    policy: Policy
    health: Health
    levels: CashLevels | None


class OrderOpening:
    """`standing` is asked for each order. `forget` drops the last order's receipt when another order begins.

    `has_room`: whether the disk has room for another order.
    """

    def __init__(
        self,
        ledger: Ledger,
        visit: VisitRunner,
        order: OrderRunner,
        cash: CashBooks,
        clocks: Clocks,
        *,
        standing: Callable[[], Standing],
        forget: Callable[[], None],
        has_room: Callable[[], bool],
    ) -> None:
        self._ledger, self._visit, self._order, self._cash = ledger, visit, order, cash
        self._now_ms, self._wall_ms = clocks.now_ms, clocks.wall_ms
        self._standing, self._forget, self._has_room = standing, forget, has_room

    def open_order(self, wanted: visit_effects.OpenOrder) -> None:
        """Open an order for the drafts of this visit, if everything that it needs is there now."""
        refusal = self.refusal(wanted)
        if refusal:
            self._visit.post(visit_events.OrderRefused(refusal))
            return
        order_id, issues = self._visit.order_id, tuple(self._issues(wanted))
        total = sum(issue.fee for issue in issues)
        means = self._standing().health.means(total)

        def opened(base: device.CoinPosition | None, means: tuple[str, ...] = means) -> None:
            if not self._order.open and self._visit.order_id == order_id:
                self._begin(
                    order_id, issues, base, Payer(wanted.holder, means, self._visit.state.display.lang)
                )

        def no_coins() -> None:
            """The cash devices do not answer: open the order by card if possible, else refuse it."""
            if "card" in means:
                opened(None, ("card",))
            else:
                self._visit.post(visit_events.OrderRefused("cash-down"))

        if total == 0 or "cash" not in means:
            opened(None)
        else:
            self._cash.base(opened, no_coins)

    def _begin(
        self, order_id: str, issues: tuple[Issue, ...], base: device.CoinPosition | None, payer: Payer
    ) -> None:
        standing = self._standing()
        till = standing.levels.till if standing.levels is not None else None
        now_ms, wall_ms = self._now_ms(), self._wall_ms()
        move = collecting.begin(order_id, issues, base, standing.policy, now_ms, wall_ms, payer, till)
        self._forget()
        self._order.apply(watched_from(move, self._ledger.counters()))

    def open_redemption(self, wanted: visit_effects.OpenRedemption) -> None:
        """Open a redemption for the identified person, up to the sum that the hoppers can surely pay."""
        name, standing = self._visit.order_id, self._standing()
        if self._order.open or not name or self._ledger.has_order(name):
            self._visit.post(visit_events.OrderRefused("busy"))
        elif standing.levels is None or not standing.health.pays_back:
            self._visit.post(visit_events.OrderRefused("cash-down"))
        else:
            self._forget()
            most, till = standing.levels.refundable(), standing.levels.till
            now_ms, wall_ms = self._now_ms(), self._wall_ms()
            begun = redeeming.begin(name, wanted.holder, most, standing.policy, now_ms, wall_ms, till)
            self._order.apply(
                watched_from(spoken_in(begun, self._visit.state.display.lang), self._ledger.counters())
            )

    def refusal(self, wanted: visit_effects.OpenOrder) -> str:
        """Why this order can't be opened, as the last part of a message key; "" if it can."""
        name, health = self._visit.order_id, self._standing().health
        if self._order.open or not name or self._ledger.has_order(name):
            return "busy"
        if not self._has_room():
            return "no-room"
        for line in wanted.lines:
            type_code, draft = self._visit.drafts.get(line.line, ("", None))
            if draft is None or (type_code, draft.sheets, draft.fee) != (
                line.type_code,
                line.sheets,
                line.fee_each,
            ):
                return "changed"
            kind = health.of(type_code)
            if not kind.sellable:
                return kind.reason
        if not health.affords(sum(line.fee_each * line.copies for line in wanted.lines)):
            return "no-change"
        return ""

    def _issues(self, wanted: visit_effects.OpenOrder) -> Iterator[Issue]:
        for line in wanted.lines:
            draft = self._visit.drafts[line.line][1]
            for copy in range(1, line.copies + 1):
                key = f"{self._visit.order_id}-{line.line}-{copy}"
                yield Issue(line.line, copy, key, line.type_code, draft.fee, draft.sheets, draft.draft_hash)
