"""Runs the order: takes events, commits records, then runs effects on devices, worker and courier.

Runs on core's one thread. The commit always comes first: an effect runs only after its move is durable.
"""

import socket
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from drivers import contract as device
from kiosk.core.terminal_client import CardEffect
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.log import log_event
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.model import OrderState
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage, change
from kiosk.protocol import journal

PAYOUT_MS_PER_COIN = 1_500
JOB_MS = 8_000
STACK_MS = 8_000
BLOCKING = frozenset(
    {
        device.ReasonCode.PAPER_OUT,
        device.ReasonCode.PAPER_JAM,
        device.ReasonCode.COVER_OPEN,
        device.ReasonCode.TONER_OUT,
        device.ReasonCode.UNPLUGGED,
        device.ReasonCode.SILENT,
    }
)


class Issuer(Protocol):
    """Gets numbers and documents for the order, from the worker and the courier of the visit."""

    def seal_issue(self, effect: order_effects.AskWorker) -> None: ...
    def ask_central(self, effect: order_effects.AskCentral) -> None: ...
    def open_answer(self, effect: order_effects.OpenAnswer) -> None: ...
    def ask_claims(self, effect: order_effects.AskClaims) -> None: ...
    def send_document(self, job: device.JobOpened, printer: socket.socket) -> None: ...


class OrderPorts(Struct, frozen=True, kw_only=True):
    """The calls of the order to other parts of core.

    - `moved`: after each move.
    - `cash_read`, `paid_out`: the counters of the cash devices, before the order itself hears them.
    - `run_card`: runs an effect on the payment terminal.
    """

    moved: Callable[[Saga], None]
    cash_read: Callable[[device.CashReading], None]
    paid_out: Callable[[int, device.PaidOut], None]
    run_card: Callable[[CardEffect], None]


class OrderRunner:
    """The order under way, if any, and the orders that wait only for the payment terminal (`waiting`).

    `intent_ms`: when the last ISSUE? became durable.
    """

    def __init__(
        self,
        ledger: Ledger,
        cash: Bus,
        printer: Bus,
        desk: Issuer,
        now_ms: Callable[[], int],
        ports: OrderPorts,
    ) -> None:
        self._ledger, self._cash, self._printer, self._desk, self._now_ms = (
            ledger,
            cash,
            printer,
            desk,
            now_ms,
        )
        self.saga: Saga | None = None
        self.waiting: dict[str, Saga] = {}
        self._ports = ports
        self._job: tuple[device.JobOpened, socket.socket] | None = None
        self.intent_ms = 0
        self._stopping = ""

    @property
    def open(self) -> bool:
        """Whether an order is under way."""
        return self.saga is not None and self.saga.stage is not Stage.OVER

    @property
    def takes_money(self) -> bool:
        """Whether money that comes in now belongs to the order under way.

        A redemption takes no money: it would pay the money out again.
        """
        return self.saga is not None and self.open and not self.saga.order.redeems

    def card_event(self, event: OrderEvent) -> None:
        """Pass an event of the terminal to the order under way and to the orders that wait for it."""
        self.event(event)
        self._wait_on(event)

    def _wait_on(self, event: OrderEvent) -> None:
        for saga in tuple(self.waiting.values()):
            self.apply(reduce(saga, event, self._now_ms()))

    def event(self, event: OrderEvent) -> None:
        """Pass an event to the open order. Without an open order it is dropped."""
        if self.saga is not None and self.open:
            position = (
                event.position if isinstance(event, order_events.CoinIn | order_events.CoinsUnknown) else None
            )
            stacked = (
                event.position if isinstance(event, order_events.NoteIn | order_events.NotesUnknown) else None
            )
            self.apply(reduce(self.saga, event, self._now_ms()), position, stacked)

    def apply(
        self,
        move: Move,
        position: device.CoinPosition | None = None,
        stacked: device.NotePosition | None = None,
    ) -> None:
        """Make a move: durable first, then visible, then acted upon."""
        if move.records or position is not None or stacked is not None:
            # A position that moves alone gets a row, too: a rebuild knows only the rows.
            rows = move.records or (journal.PositionTold(move.saga.order.id),)
            self._ledger.commit(rows, move.saga.order, position, note=stacked)
            if any(isinstance(fact, journal.IssueIntent) for fact in move.records):
                self.intent_ms = self._now_ms()
        before = self.waiting.get(move.saga.order.id, self.saga)
        if before is None or move.saga.stage is not before.stage:
            log_event("order", order=move.saga.order.id, stage=move.saga.stage, fault=move.saga.fault)
        self._keep(move.saga)
        for effect in move.effects:
            self._run(effect)
        if move.saga != before:
            self._ports.moved(move.saga)

    def speaks(self, lang: str) -> None:
        """The citizen of the open order has chosen another language: store it against a power cut."""
        if self.saga is not None and self.open and self.saga.live and self.saga.order.lang != lang:
            self.saga = change(self.saga, lang=lang)
            self._ledger.commit((), self.saga.order)

    def _keep(self, saga: Saga) -> None:
        """Keep the new state of the order.

        An order that waits only for the terminal makes room for the next one. Its counters are already
        stored, so they are dropped from the waiting order.
        """
        name = saga.order.id
        if saga.order.state is OrderState.CARD_DUE:
            self.waiting[name] = change(saga, counters=None)
            if self.saga is not None and self.saga.order.id == name:
                self.saga = None
        elif self.waiting.pop(name, None) is None:
            self.saga = saga

    def _run(self, effect: Effect) -> None:  # noqa: C901, PLR0912  (one arm an effect)
        match effect:
            case order_effects.StartCollect(denominations, notes):
                collect = device.Collect(
                    request=self._cash.request(), denominations=denominations, notes=notes
                )
                self._cash.ask(collect, _no_answer)
            case order_effects.StackNote(key, held):
                self._stack(key, held)
            case order_effects.ReturnNote(held):
                self._cash.ask(device.ReturnNote(request=self._cash.request(), held=held), _no_answer)
            case order_effects.StopCollect():
                self._cash.ask(device.StopCollect(request=self._cash.request()), self._counted)
            case order_effects.ReadCash(about):
                read = device.ReadCash(request=self._cash.request())
                self._cash.ask(read, lambda end, _: self._cash_read(end, about))
            case order_effects.PayOut(key, coins, hopper):
                self._pay(key, coins, hopper)
            case order_effects.AskWorker():
                self._desk.seal_issue(effect)
            case order_effects.AskCentral():
                self._desk.ask_central(effect)
            case order_effects.OpenAnswer():
                self._desk.open_answer(effect)
            case order_effects.AskClaims():
                self._desk.ask_claims(effect)
            case order_effects.HoldGate():
                hold = device.Hold(request=self._printer.request())
                self._printer.ask(hold, lambda end, _: self.event(order_events.GateHeld(end.outcome)))
            case order_effects.ReadPaper(key, job_id, serial):
                look = device.ReadPaper(
                    request=self._printer.request(), key=key, job_id=job_id, printer_serial=serial
                )
                self._printer.ask(look, self._paper_read)
            case order_effects.OpenJob(key, sheets):
                self._open_job(key, sheets)
            case order_effects.SendDocument(key):
                self._send_document(key)
            case order_effects.FollowJob():
                self._follow(effect)
            case order_effects.CancelJob(key, job_id, serial):
                cancel = device.CancelJob(
                    request=self._printer.request(),
                    key=key,
                    job_id=job_id,
                    printer_serial=serial,
                    deadline_ms=JOB_MS,
                )
                self._printer.ask(cancel, self._cancelled)
            case order_effects.Offer():
                self._printer.ask(device.Present(request=self._printer.request()), self._offered)
            case (
                order_effects.ReadTerminal()
                | order_effects.Authorise()
                | order_effects.StopCard()
                | order_effects.Capture()
                | order_effects.Reverse()
            ):
                self._ports.run_card(effect)
            case order_effects.RetractPaper(serial):
                retract = device.Retract(request=self._printer.request(), printer_serial=serial)
                self._printer.ask(retract, self._paper_read)

    # --- cash -----------------------------------------------------------------------------------------------

    def _counted(self, end: device.Completed, _handed: socket.socket | None) -> None:
        reading = _cash(end) if end.outcome is device.Outcome.DONE else None
        if reading is not None:
            self._ports.cash_read(reading)
        self.event(order_events.Counted(reading))

    def _cash_read(self, end: device.Completed, about: str) -> None:
        reading = _cash(end)
        if reading is not None:
            self._ports.cash_read(reading)
        self.event(order_events.CashRead(reading, about))

    def _stack(self, key: str, held: int) -> None:
        command = device.StackNote(request=self._cash.request(), key=key, held=held, deadline_ms=STACK_MS)
        self._cash.ask(command, lambda end, _: self.event(order_events.StackOver(key, end.outcome)))

    def _pay(self, key: str, coins: int, hopper: int) -> None:
        command = device.Dispense(
            request=self._cash.request(),
            key=key,
            count=coins,
            hopper=hopper,
            deadline_ms=5_000 + coins * PAYOUT_MS_PER_COIN,
        )

        def over(end: device.Completed, _handed: socket.socket | None) -> None:
            result = end.result if isinstance(end.result, device.PaidOut) else None
            proved = result if end.outcome is not device.Outcome.UNKNOWN else None
            if proved is not None:
                self._ports.paid_out(hopper, proved)
            self.event(order_events.PayoutOver(key, end.outcome, proved))

        self._cash.ask(command, over)

    # --- paper ----------------------------------------------------------------------------------------------

    def _paper_read(self, end: device.Completed, _handed: socket.socket | None) -> None:
        self.event(order_events.PaperRead(end.outcome, _paper(end)))

    def _cancelled(self, end: device.Completed, _handed: socket.socket | None) -> None:
        """If the bus was not there, nobody asked the printer, so the proof about the job is UNKNOWN."""
        asked = end.code is not device.ErrorCode.NOT_PRESENT
        self.event(order_events.PaperRead(end.outcome if asked else device.Outcome.UNKNOWN, _paper(end)))

    def _offered(self, end: device.Completed, _handed: socket.socket | None) -> None:
        self.event(order_events.Offered(end.outcome, _paper(end)))

    def _open_job(self, key: str, sheets: int) -> None:
        def opened(end: device.Completed, handed: socket.socket | None) -> None:
            if isinstance(end.result, device.JobOpened) and handed is not None:
                self._job = (end.result, handed)
                self.event(order_events.JobOpen(key, end.result.job_id))
                self._close_job()  # still there: its copy was given up; no other may use it
                return
            if handed is not None:
                handed.close()
            log_event("job-refused", key=key, code=end.code or "", detail=end.detail)
            self.event(order_events.JobFailed(key))

        command = device.OpenJob(request=self._printer.request(), key=key, sheets=sheets, deadline_ms=JOB_MS)
        self._printer.ask(command, opened)

    def _close_job(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            log_event("job-unused", key=job[0].key)
            job[1].close()

    def _send_document(self, key: str) -> None:
        if self._job is None or self._job[0].key != key:
            self.event(order_events.JobFailed(key))
            return
        job, printer = self._job
        self._job = None
        with printer:
            self._desk.send_document(job, printer)

    def _follow(self, effect: order_effects.FollowJob) -> None:
        def found(end: device.Completed, _handed: socket.socket | None) -> None:
            if end.outcome is device.Outcome.NOT_DONE and end.code is not device.ErrorCode.NOT_PRESENT:
                self.event(order_events.JobFailed(effect.key))

        follow = device.FollowJob(
            request=self._printer.request(),
            key=effect.key,
            sheets=effect.sheets,
            job_id=effect.job_id,
            printer_serial=effect.printer_serial,
        )
        self._printer.ask(follow, found)

    def device_event(self, event: device.Event) -> None:
        """Pass the events that printer and presenter send by themselves to the order."""
        match event:
            case device.SheetOut(key, sheet):
                self.event(order_events.SheetMoved(key, sheet))
                self._block()  # a reason to stop may have been reported before this sheet
            case device.JobEnded(key, outcome, sheets):
                self.event(order_events.JobOver(key, outcome, sheets))
            case device.PaperTaken():
                self.event(order_events.Taken())
            case device.StatusChanged(status) if status.device == "printer":
                severe = [r.code for r in status.reasons if r.severity is device.Severity.ERROR]
                self._stopping = next((code.value for code in severe if code in BLOCKING), "")
                self._block()
            case _:
                pass

    def _block(self) -> None:
        """Tell the order that the printer stands still. The next sheet tells it that the printer goes on."""
        if self._stopping and self.saga is not None and not self.saga.blocked:
            self.event(order_events.PrinterBlocked(self._stopping))


def _cash(end: device.Completed) -> device.CashReading | None:
    return end.result if isinstance(end.result, device.CashReading) else None


def _paper(end: device.Completed) -> device.PaperReading | None:
    return end.result if isinstance(end.result, device.PaperReading) else None


def _no_answer(end: device.Completed, handed: socket.socket | None) -> None: ...


def no_terminal(effect: CardEffect) -> None:
    """Does nothing: a machine without a terminal opens no order by card.

    An order that was left open from a time with a terminal goes on asking until there is a terminal again.
    """
