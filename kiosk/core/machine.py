"""The whole machine as one value in time: visit, order, devices, link, joined on core's one thread.

Runs the same on real peers and, in tests, on in-memory ones under a virtual clock: clocks and ids are handed in.
"""

import socket
from functools import partial
from typing import Any

import msgspec

from drivers import contract as device
from kiosk.clocks import Clocks, minute_in_seoul
from kiosk.core.card_keeper import CardKeeper
from kiosk.core.case_file import CaseFile
from kiosk.core.cash_keeper import CashKeeper
from kiosk.core.confirming import take_answer
from kiosk.core.day_desk import DayDesk
from kiosk.core.drawing import Drawing, Screen
from kiosk.core.guides import GuideDesk
from kiosk.core.health_log import log_health
from kiosk.core.hoppers import HOPPERS
from kiosk.core.idle_watch import IdleWatch
from kiosk.core.ledger_keeper import UNPROVED, Disk, LedgerKeeper
from kiosk.core.library import Library
from kiosk.core.order_desk import OrderDesk, Standing
from kiosk.core.order_runner import OrderRunner
from kiosk.core.order_terms import order_terms
from kiosk.core.order_view import view
from kiosk.core.paper_keeper import PaperKeeper
from kiosk.core.peers import BUS_DEVICES, NOT_HEARD, Peers
from kiosk.core.power_keeper import PowerKeeper
from kiosk.core.pulse import Pulse
from kiosk.core.receipts import ReceiptDesk
from kiosk.core.silences import Silences
from kiosk.core.start_watch import StartWatch
from kiosk.core.terminal_keeper import TerminalKeeper
from kiosk.core.visit_runner import VisitRunner
from kiosk.health.cash import CashLevels
from kiosk.health.health import (
    CARD_UNRESOLVED,
    SERVING,
    STALE,
    UNRESOLVED,
    Ailment,
    Health,
    MachineState,
    device_reason,
    health,
)
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.log import log_event
from kiosk.order import events as seen
from kiosk.order import policies, recovery
from kiosk.order.model import OrderState
from kiosk.order.saga import Saga, Stage
from kiosk.protocol import courier as post
from kiosk.protocol import journal
from kiosk.settings import Settings
from kiosk.visit import events as told
from kiosk.visit.order_view import Slip
from kiosk.visit.state import first


class Machine:
    """Core without its threads. Call everything from one thread; `settle_screen` after each task.

    `disk`: where the ledger lives; without one nobody looks after it (copies, days, room).
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        ledger: Ledger,
        peers: Peers,
        screen: Screen,
        clocks: Clocks,
        disk: Disk | None = None,
    ) -> None:
        self._ledger, self._peers = ledger, peers
        self._now_ms, self._wall_ms = clocks.now_ms, clocks.wall_ms
        self._library = library
        self._policy = order_terms(settings, cards=peers.terminal is not None)
        self._statuses: dict[str, device.Status] = dict(NOT_HEARD) if peers.terminal is not None else {}
        self._online = False
        self._silences = Silences(clocks.wall_ms)
        self._start = StartWatch(settings, peers, clocks.now_ms)
        self._falling: device.CoinOut | None = None
        self._health = Health()
        self.visit = VisitRunner(
            first(library.catalogue), settings.kiosk_id, peers.worker, peers.courier, clocks
        )
        self.order = OrderRunner(ledger, peers.cash, peers.printer, self.visit, clocks.now_ms)
        self.cash = CashKeeper(settings, ledger, peers.cash, self.order)
        self._paper = PaperKeeper(ledger, peers.printer, self.order, self._commit)
        self._card = CardKeeper(peers.card, self.visit.post) if peers.card else None
        self._terminal = (
            TerminalKeeper(peers.terminal, self.order.card_event, self._policy.card_ms)
            if peers.terminal
            else None
        )
        self._power = (
            PowerKeeper(settings, ledger, peers.ups, self.order, self.visit, clocks) if peers.ups else None
        )
        self._receipts = ReceiptDesk(settings, lambda: library.catalogue, peers.receipt, clocks.wall_ms)
        self.orders = OrderDesk(
            ledger,
            self.visit,
            self.order,
            self.cash,
            clocks,
            standing=lambda: Standing(self._policy, self._health, self.cash.levels(self._statuses)),
            forget=self._receipts.forget,
        )
        self._guides = GuideDesk(settings, lambda: library.catalogue, peers.receipt, clocks.wall_ms)
        self._pulse = Pulse(settings, ledger, peers.courier, clocks, lambda: str(library.kit.version))
        self._cases = CaseFile(ledger, self._pulse.pump)
        self._watch = IdleWatch(ledger, peers.cash, peers.printer, self.order, self._quiet, clocks.now_ms)
        self.days = DayDesk(
            settings, ledger, (peers.cash, peers.printer, peers.receipt), clocks.wall_ms, self.idle
        )
        self.days.settle = self._watch.then
        self.keeper = (
            LedgerKeeper(settings.ledger, ledger, clocks, disk, self.days, self.idle) if disk else None
        )
        self._drawing = Drawing(settings, screen, self.visit, clocks.now_ms)
        self._wire()

    def _wire(self) -> None:
        visit, order, peers, now = self.visit, self.order, self._peers, self._now_ms
        visit.order_event = order.event
        visit.order_open = lambda: order.open
        if self._terminal is not None:
            order.run_card = self._terminal.run
        visit.printer = self._printer_serial
        visit.record_survey = lambda score: self._commit(journal.Survey(score))
        visit.print_guide = self._guides.print
        visit.print_slip = self._print_slip
        visit.worker_changed = self.judge
        visit.language_chosen = order.speaks
        visit.first_byte = lambda key: log_event(
            "first-byte", key=key, since_intent_ms=now() - order.intent_ms
        )
        order.moved = self._order_moved
        order.cash_read, order.paid_out = self.cash.read, self.cash.paid_out
        self._receipts.printed = self._paper_is_out
        for bus in peers.buses():
            bus.on_event = self._device_event
            bus.on_down = partial(self._bus_down, bus)
        peers.cash.on_up = self.cash.resume
        peers.printer.on_up = self._paper.bus_up
        peers.courier.on_message = self._courier_said
        peers.courier.on_down = lambda: self._link(online=False)
        peers.courier.on_up = self._courier_up
        self.cash.changed = self._cash_changed
        self._watch.read = self._cash_was_read
        self._paper.changed = self.judge
        if self.keeper is not None:
            self.keeper.changed = self.judge
            self.orders.has_room = self.keeper.look_at_room
            self._pulse.besides = self.keeper.counters
        if peers.card is not None and self._card is not None:
            peers.card.on_up = self._card.bus_up
        if peers.ups is not None and self._power is not None:
            peers.ups.on_up = self._power.bus_up
            self._power.busy = lambda: self._receipts.slip is Slip.PRINTING
            self._power.changed = self.judge

    def _quiet(self) -> bool:
        """Whether what the counters say now is of nobody's doing: all that fell is told, nothing is being pulled in."""
        return self.cash.resumed and not self._paper.sweeping

    def _cash_was_read(self, reading: device.CashReading) -> None:
        """Between orders: a hopper may be another one, or have forgotten its count."""
        self.cash.hoppers.read(reading)
        self.judge()

    def begin(self) -> None:
        """At boot: an order that a crash left open goes on from evidence; nothing leaves the machine by itself (M5)."""
        self._commit(journal.Boot())
        if self.keeper is not None:
            self.keeper.booted()
        for waiting in self._ledger.waiting_orders():
            self.order.apply(recovery.resume(waiting, self._policy, self._now_ms()))
        left = self._ledger.open_order()
        if left is not None:
            self.order.apply(recovery.resume(left, self._policy, self._now_ms()))
        self.judge()

    def idle(self) -> bool:
        """Nobody is here, no order is open, no paper is being pulled in, and the power is there to stay."""
        ailing = self._power is not None and bool(self._power.ailments())
        return not (self.visit.state.serving or self.order.open or self._paper.sweeping or ailing)

    def surely_in(self, hopper: int) -> int | None:
        """Coins that are counted on in a hopper, by its number from 0, with what its sensor says; None: not known."""
        return self.cash.hoppers.surely_in(hopper, self._statuses.get(HOPPERS[hopper]))

    def silent_since_ms(self, hopper: int) -> int | None:
        """Since when (wall clock) a hopper does not answer; None: it does."""
        return self._silences.since_ms(HOPPERS[hopper])

    # --- orders -----------------------------------------------------------------------------------------------------

    def _order_moved(self, saga: Saga) -> None:
        if saga.stage is Stage.OVER and saga.order.reason == "interrupted":
            self.visit.post(told.Interrupted(view(saga)))
        else:
            if self._has_its_paper_now(saga) and self._receipts.slip is Slip.NONE:
                self._receipts.print(saga.order, saga.order.lang or self.visit.state.display.lang)
            # Late news of an order (its receipt) are not the next visitor's.
            if saga.order.id == self.visit.order_id:
                prompt = self._terminal.prompt if self._terminal is not None else ""
                self.visit.post(told.OrderMoved(view(saga, self._receipts.slip, self._falling, prompt)))
        self.judge()
        self._pulse.pump()

    def _has_its_paper_now(self, saga: Saga) -> bool:
        """It is over, or only the payment terminal still has to tell, and its payer stands here."""
        if saga.order.state is OrderState.CARD_DUE:
            return saga.order.id == self.visit.order_id and self.visit.state.serving
        return saga.stage is Stage.OVER and saga.live

    def _paper_is_out(self) -> None:
        """What became of the receipt is told where its order is still shown."""
        saga = self.order.saga or self.order.waiting.get(self.visit.order_id)
        if saga is not None:
            self._order_moved(saga)

    def _print_slip(self) -> None:
        """Who left the paper may stand here after all: then a press asks for the slip, and it is printed once."""
        saga = self.order.waiting.get(self.visit.order_id) or self.order.saga
        ours = saga is not None and saga.order.id == self.visit.order_id
        if saga is not None and ours and self._receipts.slip in (Slip.NONE, Slip.FAILED):
            self._receipts.print(saga.order, self.visit.state.display.lang)
            self._order_moved(saga)

    # --- devices and link -------------------------------------------------------------------------------------------

    def _device_event(self, event: Any) -> None:
        match event:
            case device.StatusChanged(status):
                self._statuses[status.device] = status
                self._silences.heard(status)
                self.cash.status(status)
                self.order.device_event(event)
                self._paper.status(status)
                self.judge()
            case device.Credited() | device.CreditsLost():
                self.cash.coin(event)
            case device.NoteHeld(value, position):
                self.order.event(seen.NoteOffered(value, position))
            case device.NoteBack(held):
                self.order.event(seen.NoteOut(held))
            case device.NoteStacked() | device.NotesLost():
                self.cash.note(event)
            case device.CoinOut() | device.CardPrompt():
                self._seen_by_citizen(event)
            case device.PowerChanged(reading) if self._power is not None:
                self._power.heard(reading)
                if "ups" in self._statuses:
                    self._statuses["ups"] = self._power.counted(self._statuses["ups"])
            case device.CardInserted() | device.CardRemoved() if self._card is not None:
                self._card.event(event)
            case _:
                self.order.device_event(event)

    def _seen_by_citizen(self, event: device.CoinOut | device.CardPrompt) -> None:
        """What happens in front of the citizen: a coin falls, the terminal asks for something."""
        if isinstance(event, device.CoinOut):
            self._falling = event
        elif self._terminal is not None:
            self._terminal.prompt = event.prompt
        if self.order.saga is not None and self.order.open:
            self._order_moved(self.order.saga)

    def _printer_serial(self) -> str:
        printer = self._statuses.get("printer")
        return printer.identity.serial if printer else ""

    def _cash_changed(self) -> None:
        """The cash bus is back, or its levels are known: the counters are looked at next."""
        self._watch.soon()
        self.judge()

    def _bus_down(self, bus: Bus) -> None:
        self._statuses = {
            name: status for name, status in self._statuses.items() if name not in BUS_DEVICES[bus.name]
        }
        self._silences.gone(BUS_DEVICES[bus.name])
        if bus is self._peers.terminal:
            self._statuses |= NOT_HEARD
        if self._card is not None and bus is self._peers.card:
            self._card.bus_down()
        if self._power is not None and bus is self._peers.ups:
            self._power.bus_down()
        self.judge()

    def _courier_up(self) -> None:
        self._peers.courier.send(self._library.in_use)
        self.visit.ask_courier_again()
        self._pulse.courier_up()

    def _courier_said(self, message: Any, _handed: socket.socket | None) -> None:
        match message:
            case post.CentralAnswer():
                self.visit.central_answered(message)
            case post.EventsAcked() | post.EventsRefused():
                take_answer(message, self._pulse, self.keeper, self._commit)
            case post.BundleReady() | post.BundleLooked():
                self._library.heard(message)
            case post.CasesResolved(resolved):
                self._cases.heard(resolved)
            case post.LinkChanged(online, server_time_ms):
                if self.keeper is not None:
                    self.keeper.central_said(server_time_ms)
                self._start.linked = True
                self._link(online=online)
            case _:
                pass

    def _link(self, *, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.judge()

    # --- what can be sold, and what is shown ------------------------------------------------------------------------

    def judge(self) -> None:
        """Look again at what can be sold this minute; an order that still waits for evidence sells nothing (M8)."""
        lacking, levels, sweeping = self._take_policy(), self._levels(), self._paper.sweeping
        unresolved = self.order.open and not (self.order.saga is not None and self.order.saga.live)
        books = self.keeper.ailments() if self.keeper is not None else ()
        proved = not self._online or UNPROVED not in books
        judged = health(
            self._library.catalogue,
            self._statuses,
            online=self._online,
            starting=self._start.ailments(
                self._statuses, counted=levels is not None, sweeping=sweeping, proved=proved
            ),
            besides=(
                *self._start.worker(),
                *((CARD_UNRESOLVED,) if self.order.waiting else ()),
                *lacking,
                *self.cash.hoppers.ailments(),
                *((UNRESOLVED,) if unresolved or sweeping else ()),
                *((STALE,) if self._library.stale(self._wall_ms() // 1_000) else ()),
                *books,
                *(self._power.ailments() if self._power is not None else ()),
            ),
            cash=levels,
            minute=minute_in_seoul(self._wall_ms()),
        )
        if judged != self._health:
            log_health(self._health, judged)
            self._health = judged
            self.visit.post(told.HealthChanged(judged))
            self._pulse.state_changed()

    def _take_policy(self) -> tuple[Ailment, ...]:
        """How to sell on the devices that are there now; and what ails a machine that may not sell at all."""
        sale = policies.policy(policies.of_all((n, s.capabilities) for n, s in self._statuses.items()))
        if sale != self._policy.sale:
            self._policy = msgspec.structs.replace(self._policy, sale=sale)
        if sale.missing is None or device_reason(self._statuses.get(sale.missing[0])):
            return ()
        return (Ailment(sale.missing[0], policies.REASONS[sale.missing]),)

    def _levels(self) -> CashLevels | None:
        levels = self.cash.levels(self._statuses)
        remembers = self._policy.sale.acceptor_remembers
        return None if levels is None else msgspec.structs.replace(levels, remembers=remembers)

    def tick(self) -> None:
        """Time has passed: deadlines of order and visit, the heartbeat."""
        self.order.card_event(seen.Tick())
        self.visit.post(told.Tick())
        self._keep_current()
        if self._power is not None:
            self._power.tick()
        self.cash.tick(self._statuses)
        self._paper.tick()
        self._watch.tick()
        if self.keeper is not None:
            self.keeper.tick()
        self.judge()
        state = SERVING if self.visit.state.serving else MachineState(self._health.state).value
        self._pulse.tick(state, self._statuses, self._health)

    def _keep_current(self) -> None:
        """With nobody here: another bundle, another day; and back, when no worker can serve from a new one."""
        library, now_ms = self._library, self._now_ms()
        before = library.kit.name
        proved = library.proved(worker_up=self._peers.worker.up_with(before), now_ms=now_ms)
        if self.visit.state.serving or self.order.open:
            return
        if not proved:
            library.fall_back("no-worker")
        elif not library.change(now_ms):
            return
        self.visit.post(told.CatalogueChanged(library.catalogue))
        if library.kit.name != before:
            self._peers.worker.renew()
            self._peers.courier.send(library.in_use)
        self._pulse.state_changed()

    def settle_screen(self) -> None:
        """Show what has changed since the last task."""
        self._drawing.settle()

    def _commit(self, fact: journal.Row) -> None:
        self._ledger.commit((fact,))
        self._pulse.pump()
