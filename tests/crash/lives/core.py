"""The product's core in this world: its Machine, its ledger on the disk that forgets, its peers in memory."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec.structs import replace

from kiosk.bundles import installed
from kiosk.bundles.installed import SHIPPED_BUNDLE, InstalledBundle
from kiosk.catalogue.catalogue import Catalogue
from kiosk.clocks import Clocks
from kiosk.core import active_bundle
from kiosk.core.machine import Machine
from kiosk.core.order_terms import order_terms
from kiosk.core.peers import Peers
from kiosk.core.workers import Workers
from kiosk.identifiers import ulid
from kiosk.ipc.peer import Bus, Peer
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.model import Order, OrderState
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import journal
from kiosk.settings import Card, Cash, Hopper, Printer, Settings, Validator
from tests.crash.lives.coins import SECOND_COIN
from tests.crash.lives.glass import Glass
from tests.crash.lives.plan import Plan
from tests.crash.lives.timeline import Of, Timeline

TODAY = date(2026, 11, 25)
MORNING_MS = 1_796_000_000_000
PERSONAL = "resident-household"
NOWHERE = Path("/nowhere")
# Two questions, as the ledger has an index for each; after months one for both would be read row by row.
UNENDED = (
    "SELECT 1 FROM orders WHERE state NOT IN ('CLOSED', 'CARD-DUE')",
    "SELECT 1 FROM orders WHERE state = 'CARD-DUE'",
)
SETTINGS = Settings(
    "YDP-0001", "/nowhere", "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
)
TERMS = order_terms(SETTINGS, cards=True)


@cache
def _catalogue(card_reader: bool) -> Catalogue:
    """With a reader only one certificate of a person besides: each one more is drawn and judged in every act."""
    full = SHIPPED_BUNDLE.catalogue(card_reader=card_reader, day=TODAY)
    types = tuple(kind for kind in full.types if kind.identification == "none" or kind.code == PERSONAL)
    used = {kind.category for kind in types}
    groups = tuple(group for group in full.categories if group.code in used)
    return replace(full, types=types, categories=groups)


class ReadOnce(InstalledBundle, frozen=True):
    """What the machine was shipped with, read once for all lives."""

    def catalogue(self, *, card_reader: bool, day: date | None = None) -> Catalogue:
        """The one of TODAY."""
        return _catalogue(card_reader)


READ_ONCE = ReadOnce("", SHIPPED_BUNDLE.root, SHIPPED_BUNDLE.config)


class Journal(Ledger):
    """The product's ledger; whoever writes down what was acknowledged is told after each commit."""

    acknowledged: Callable[[Sequence[journal.Row], Order | None, tuple[int, str]], None] = staticmethod(
        lambda _records, _order, _head: None
    )

    def __init__(self, stamp: Callable[[], Stamp], uri: str) -> None:
        super().__init__(NOWHERE, stamp, uri=uri)

    def commit(
        self, records: Sequence[journal.Row], order: Order | None = None, *more: Any, **others: Any
    ) -> None:
        """One durable step; then it is known to have been acknowledged."""
        super().commit(records, order, *more, **others)
        self.acknowledged(records, order, self.head)

    def let_go(self) -> None:
        """The process is gone: nothing is folded, nothing is said."""
        self._db.conn.close()


class Core:
    """One start of core. `booted`: which it is; `rng_80`: 80 random bits for a name."""

    def __init__(
        self,
        timeline: Timeline,
        booted: int,
        rng_80: Callable[[], int],
        uri: str,
        glass: Glass,
        plan: Plan,
    ) -> None:
        boot = f"boot-{booted}"
        clocks = Clocks(
            now_ms=lambda: timeline.now_ms,
            wall_ms=lambda: MORNING_MS + timeline.now_ms,
            new_id=lambda: ulid(MORNING_MS + timeline.now_ms, rng_80()),
            boot=boot,
        )

        def stamp() -> Stamp:
            return Stamp(boot, clocks.wall_ms(), clocks.now_ms())

        self.ledger = Journal(stamp, uri)
        with (
            mock.patch.object(active_bundle, "SHIPPED_BUNDLE", READ_ONCE),
            mock.patch.object(installed, "SHIPPED_BUNDLE", READ_ONCE),
        ):
            shelf = active_bundle.ActiveBundle(
                NOWHERE, self.ledger, card_reader=plan.reader, day=lambda: TODAY
            )

        def inbox(task: Callable[[], None]) -> None:
            timeline.later(0, Of.CORE, task)

        self.cash = Bus("cash", NOWHERE, inbox)
        self.printer = Bus("printer", NOWHERE, inbox)
        self.receipt = Bus("receipt", NOWHERE, inbox)
        self.courier = Peer("courier", NOWHERE, courier_messages.FROM_COURIER, inbox)
        self.terminal = Bus("terminal", NOWHERE, inbox) if plan.terminal else None
        self.workers = Workers(NOWHERE, inbox, lambda: shelf.bundle.name)
        self.card = Bus("card", NOWHERE, inbox) if plan.reader else None
        self.ups = Bus("ups", NOWHERE, inbox) if plan.mains else None
        devices = (self.cash, self.printer, self.receipt)
        peers = Peers(*devices, self.courier, self.workers, self.card, self.terminal, self.ups)
        hoppers = [Hopper(coin=100, fill=plan.filled, low=20)]
        if plan.second is not None:
            hoppers.append(Hopper(coin=SECOND_COIN, fill=plan.second_filled, low=20))
        cash = Cash(hoppers=tuple(hoppers), notes=Validator() if plan.notes else None)
        settings = replace(SETTINGS, cash=cash, card=Card(reader=plan.reader))
        self.machine = Machine(settings, shelf, self.ledger, peers, glass, clocks)

    @property
    def resting(self) -> bool:
        """Whether no order is open and all that central has to know is on its way or told."""
        machine = self.machine
        if any(self.ledger._db.execute(query).fetchone() for query in UNENDED):
            return False
        return not machine.order.open and not machine.sweeping and not self.ledger.outbox_depth()[0]

    @property
    def sells(self) -> str:
        """Why the certificate that everybody wants can't be had now; "" when it can."""
        return self.machine.health.of("land").reason


def is_open(order: Order | None) -> bool:
    """Whether this is the order under way: it has not ended, and does not only wait for the payment terminal."""
    return order is not None and order.state not in (OrderState.CLOSED, OrderState.CARD_DUE)
