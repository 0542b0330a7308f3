"""Makes every part of core and gives it all that it may use. A part reaches nothing that is not named here.

Two parts that need each other are joined by a lambda: it is called after both were made.
"""

from functools import partial

from drivers.contract import CashReading
from kiosk.clocks import Clocks
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.card_presence import CardPresence
from kiosk.core.case_file import CaseFile
from kiosk.core.cash_books import CashBooks
from kiosk.core.courier_events import CourierEvents
from kiosk.core.day_close import DayClose
from kiosk.core.device_events import DeviceEvents
from kiosk.core.device_statuses import DeviceStatuses
from kiosk.core.drawing import Drawing, Screen
from kiosk.core.guide_slips import GuideSlips
from kiosk.core.heartbeat_sender import HeartbeatSender
from kiosk.core.idle_watch import IdleWatch
from kiosk.core.ledger_upkeep import Disk, LedgerUpkeep
from kiosk.core.order_news import OrderNews
from kiosk.core.order_opening import OrderOpening
from kiosk.core.order_runner import OrderPorts, OrderRunner, no_terminal
from kiosk.core.order_terms import order_terms
from kiosk.core.outbox_sender import OutboxSender
from kiosk.core.paper_sweep import PaperSweep
from kiosk.core.peers import Peers
from kiosk.core.power_control import PowerControl
from kiosk.core.receipts import ReceiptSlips
from kiosk.core.sale_state import Judged, SaleState
from kiosk.core.start_watch import StartWatch
from kiosk.core.terminal_client import TerminalClient
from kiosk.core.visit_runner import VisitPorts, VisitRunner
from kiosk.ipc.peer import Listener
from kiosk.ledger.ledger import Ledger
from kiosk.log import log_event
from kiosk.protocol.journal import Survey
from kiosk.settings import Settings
from kiosk.visit.order_view import Slip
from kiosk.visit.state import first


class Parts:
    """The parts of one machine. `disk`: the disk of the ledger; without one there is no upkeep."""

    def __init__(
        self,
        settings: Settings,
        active: ActiveBundle,
        ledger: Ledger,
        peers: Peers,
        screen: Screen,
        clocks: Clocks,
        disk: Disk | None,
    ) -> None:
        self._now_ms = now_ms = clocks.now_ms
        wall_ms = clocks.wall_ms
        self.policy = order_terms(settings, cards=peers.terminal is not None)
        self.statuses = DeviceStatuses(peers, wall_ms)
        self.start = StartWatch(settings, peers, now_ms)

        # --- the visit and its order ---
        self.visit = VisitRunner(
            first(active.catalogue),
            settings.kiosk_id,
            peers.worker,
            peers.courier,
            clocks,
            VisitPorts(
                order_event=lambda event: self.order.event(event),
                order_open=lambda: self.order.open,
                open_order=lambda wanted: self.orders.open_order(wanted),
                open_redemption=lambda wanted: self.orders.open_redemption(wanted),
                printer=self.statuses.printer_serial,
                print_guide=lambda wanted, over: self.guides.print(wanted, over),
                print_slip=lambda: self.news.print_slip(),
                record_survey=lambda score: self.outbox.record(Survey(score)),
                worker_changed=lambda: self.sale.judge(),
                language_chosen=lambda lang: self.order.speaks(lang),
                first_byte=self._first_byte,
            ),
        )
        self.terminal = (
            TerminalClient(
                peers.terminal, lambda event: self.order.card_event(event), card_ms=self.policy.card_ms
            )
            if peers.terminal
            else None
        )
        self.order = OrderRunner(
            ledger,
            peers.cash,
            peers.printer,
            self.visit,
            now_ms,
            OrderPorts(
                moved=lambda saga: self.news.moved(saga),
                cash_read=lambda reading: self.cash.read(reading),
                paid_out=lambda hopper, paid: self.cash.paid_out(hopper, paid),
                run_card=self.terminal.run if self.terminal is not None else no_terminal,
            ),
        )

        # --- what looks after the devices ---
        self.cash = CashBooks(settings, ledger, peers.cash, self.order, changed=self._cash_changed)
        self.outbox = OutboxSender(ledger, peers.courier)
        self.heartbeat = HeartbeatSender(
            settings,
            ledger,
            peers.courier,
            clocks,
            bundle=lambda: str(active.bundle.version),
            besides=lambda: self.upkeep.counters() if self.upkeep is not None else {},
        )
        self.paper = PaperSweep(
            ledger, peers.printer, self.order, commit=self.outbox.record, changed=self._changed
        )
        self.card = CardPresence(peers.card, self.visit.post) if peers.card else None
        self.receipts = ReceiptSlips(
            settings,
            lambda: active.catalogue,
            peers.receipt,
            wall_ms,
            printed=lambda: self.news.paper_is_out(),
        )
        self.guides = GuideSlips(settings, lambda: active.catalogue, peers.receipt, wall_ms)
        self.power = (
            PowerControl(
                settings,
                ledger,
                peers.ups,
                self.order,
                self.visit,
                clocks,
                busy=lambda: self.receipts.slip is Slip.PRINTING,
                changed=self._changed,
            )
            if peers.ups
            else None
        )
        self.watch = IdleWatch(
            ledger, peers.cash, peers.printer, self.order, now_ms, quiet=self._quiet, read=self._cash_was_read
        )

        # --- the books ---
        buses = (peers.cash, peers.printer, peers.receipt)
        self.days = DayClose(settings, ledger, buses, wall_ms, idle=self.idle, settle=self.watch.then)
        self.upkeep = (
            LedgerUpkeep(
                settings.ledger, ledger, clocks, disk, self.days, idle=self.idle, changed=self._changed
            )
            if disk
            else None
        )
        self.cases = CaseFile(ledger, self.outbox.pump)

        # --- what can be sold, and to whom ---
        self.sale = SaleState(
            self.policy,
            Judged(
                active=active,
                statuses=self.statuses,
                start=self.start,
                cash=self.cash,
                order=self.order,
                paper=self.paper,
                power=self.power,
                upkeep=self.upkeep,
            ),
            self.visit,
            self.heartbeat,
            clocks,
        )
        self.orders = OrderOpening(
            ledger,
            self.visit,
            self.order,
            self.cash,
            clocks,
            standing=self.sale.standing,
            forget=self.receipts.forget,
            has_room=self.upkeep.look_at_room if self.upkeep is not None else lambda: True,
        )
        self.news = OrderNews(self.visit, self.order, self.receipts, self.terminal, self.sale, self.outbox)
        self.drawing = Drawing(settings, screen, self.visit, now_ms)
        self._listen(peers, active)

    def _listen(self, peers: Peers, active: ActiveBundle) -> None:
        """Set the listener of each program. The visit runner already listens to the worker."""
        devices = DeviceEvents(
            statuses=self.statuses,
            order=self.order,
            news=self.news,
            cash=self.cash,
            paper=self.paper,
            sale=self.sale,
            card=self.card,
            power=self.power,
        )
        courier = CourierEvents(
            courier=peers.courier,
            active=active,
            visit=self.visit,
            outbox=self.outbox,
            heartbeat=self.heartbeat,
            cases=self.cases,
            start=self.start,
            sale=self.sale,
            upkeep=self.upkeep,
        )
        up = {
            "cash": self.cash.resume,
            "printer": self.paper.bus_up,
            "card": self.card.bus_up if self.card is not None else _nothing,
            "ups": self.power.bus_up if self.power is not None else _nothing,
            "receipt": _nothing,
            "terminal": _nothing,
        }
        for bus in peers.buses():
            down = partial(devices.bus_down, bus.name)
            bus.listen(Listener(up=up[bus.name], down=down, said=devices.heard))
        peers.courier.listen(Listener(up=courier.up, down=courier.down, said=courier.said))

    def idle(self) -> bool:
        """Nobody is here, no order is open, no paper is being pulled in, and the power is stable."""
        ailing = self.power is not None and bool(self.power.ailments())
        return not (self.visit.state.serving or self.order.open or self.paper.sweeping or ailing)

    def _quiet(self) -> bool:
        """Whether the counters are at rest: all fallen money is reported, and no paper is being pulled in."""
        return self.cash.resumed and not self.paper.sweeping

    def _changed(self) -> None:
        self.sale.judge()

    def _cash_changed(self) -> None:
        """The cash bus is back, or its levels are known: check the counters next."""
        self.watch.soon()
        self.sale.judge()

    def _cash_was_read(self, reading: CashReading) -> None:
        """A reading between orders: a hopper may have been exchanged, or have lost its count."""
        self.cash.hoppers.read(reading)
        self.sale.judge()

    def _first_byte(self, key: str) -> None:
        log_event("first-byte", key=key, since_intent_ms=self._now_ms() - self.order.intent_ms)


def _nothing() -> None: ...
