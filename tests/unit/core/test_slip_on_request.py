"""The slip of an order that ended with nobody there is printed when it is asked for: once, and in its own visit."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers import contract as device
from kiosk.clocks import Clocks
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.machine import Machine
from kiosk.core.peers import Peers
from kiosk.core.workers import Workers
from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.saga import Saga, Stage
from kiosk.protocol import courier as courier_messages
from kiosk.visit.effects import PrintSlip
from tests.accidents.machine_room import WiredBus
from tests.accidents.whole_core import SETTINGS, Unseen
from tests.unit.visit.walk import TODAY

LEFT = Issue(1, 1, "O-1-1", "land", 500, 1, "h", state=IssueState.UNDELIVERED, reason="uncollected")
PAID = CardPayment("O-c1", 1, 500, "T1", state=CardState.REVERSED, receipt=7, reversed=500)
ORDER = Order(
    "01KB3X7Q9M5TAAAAAAAAAAAAAA",
    1,
    (LEFT,),
    state=OrderState.CLOSED,
    card=PAID,
    outcome=OrderOutcome.REFUNDED,
    reason="uncollected",
)


class There(WiredBus):
    """A receipt printer whose process is up."""

    up = True


class AMachine:
    """Core as it is composed, after an order that ended with nobody there."""

    def __init__(self, place: Path) -> None:
        self.asked: deque[tuple[Any, Any]] = deque()
        self.ledger = Ledger(place / "ledger.db", lambda: Stamp("boot", 0, 0))
        active = ActiveBundle(Path("/nowhere"), self.ledger, card_reader=False, day=lambda: TODAY)
        inbox = self.run
        courier = Peer("courier", Path("/nowhere"), courier_messages.FROM_COURIER, inbox)
        workers = Workers(Path("/nowhere"), inbox, lambda: "")
        cash, printer = WiredBus("cash", deque()), WiredBus("printer", deque())
        peers = Peers(cash, printer, There("receipt", self.asked), courier, workers)
        clocks = Clocks(lambda: 0, lambda: 0, lambda: "N", "boot")
        self.machine = Machine(SETTINGS, active, self.ledger, peers, Unseen(), clocks)
        self.machine.order.saga = Saga(ORDER, Policy(), Stage.OVER, live=False)

    def run(self, task: Any) -> None:
        task()

    def press(self, order_id: str) -> list[str]:
        """What is printed then."""
        self.machine.visit.order_id = order_id
        self.machine.visit._run(PrintSlip())
        return [c.key for c, _done in self.asked if isinstance(c, device.PrintReceipt)]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[AMachine]:
    made = AMachine(tmp_path)
    yield made
    made.ledger.close()


def test_it_is_printed_once(core: AMachine) -> None:
    assert core.press(ORDER.id) == [ORDER.id]
    assert core.press(ORDER.id) == [ORDER.id]


def test_another_visit_does_not_get_it(core: AMachine) -> None:
    assert core.press("01KB3X7Q9M5TBBBBBBBBBBBBBB") == []
