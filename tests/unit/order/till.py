"""A redemption's world: a central server that holds claims for one machine; coins and power as in world.py.

Its books are kept the way central keeps them: what is held is let go, or written off, when `order-closed` arrives.
"""

from dataclasses import dataclass

from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order import redeeming
from kiosk.order.change import reach
from kiosk.order.effects import Effect
from kiosk.order.model import Order, OrderOutcome, OrderState
from kiosk.order.saga import Move
from tests.unit.order.wires import POLICY, PowerCut
from tests.unit.order.world import World

HOLDER = "h" * 64


@dataclass
class Till(World):
    """One redemption. `owed` is what central knows; `leaves` instead of pressing; `answer` may be lost or refused."""

    owed: int = 700
    leaves: bool = False
    answer: str = "held"
    held: int = 0
    case: bool = False

    def serve(self) -> Order:
        """From the card to the end; survives the power cut."""
        try:
            self.apply(self.asked())
            self._drain()
            self.inbox.append(order_events.VisitOver() if self.leaves else order_events.Confirmed())
            self._run()
        except PowerCut:
            self._power_returns()
            self._run()
        assert self.stored is not None
        self._told()
        return self.stored

    def asked(self) -> Move:
        """The redemption begins, for what the hoppers can surely pay."""
        till = self.till()
        return redeeming.begin("R", HOLDER, reach(till.hoppers), POLICY, self.now_ms, 0, till)

    def do(self, effect: Effect) -> None:
        """Central holds it and answers; or the answer is lost on the way."""
        if not isinstance(effect, order_effects.AskClaims):
            super().do(effect)
            return
        if self.answer == "no-claim":
            self.inbox.append(order_events.Reserved(effect.order, (), "no-claim"))
            return
        self.held = min(self.owed, effect.most)
        self.step()
        if self.answer == "held":
            self.inbox.append(
                order_events.Reserved(effect.order, (order_events.Claimed("K", "O", self.held),))
            )

    def _told(self) -> None:
        """The journal arrives at central."""
        (row,) = [body for kind, body in self.records if kind == "order-closed"]
        paid = row["paid"]
        assert isinstance(paid, int)
        assert paid <= self.held, "more was paid than was held"
        self.owed -= paid
        self.case = row["outcome"] == "DISPUTED"

    def check_redeemed(self, owed_before: int) -> None:
        """Each won is in the hand or owed; never both, never neither. Raises AssertionError."""
        order = self.stored
        assert order is not None
        assert order.state is OrderState.CLOSED
        out = self.dispensed * POLICY.hopper_coin + self.value_of_500s
        assert order.paid == out, f"{out} KRW came out, {order.paid} booked"
        assert out + self.owed == owed_before, "paid and owed do not make up what was owed"
        assert order.outcome is not OrderOutcome.DISPUTED
        assert (order.credit, order.claim, order.earned) == (0, 0, 0)
