"""Pulls in paper without an order, when printer and presenter come back or work again.

If core gave a job up while the printer could not be asked, the job goes on by itself once the cable is back.
Its copy is void. So core cancels the job, and pulls in the paper behind the closed gate before it sells
anything else. As long as the printer does not say whether the job is over, the machine sells nothing.
"""

import socket
from collections.abc import Callable

from drivers import contract as device
from kiosk.core.order_runner import OrderRunner
from kiosk.health.parts import PAPER_DEVICES
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.order import events as order_events
from kiosk.order.model import Issue, IssueState
from kiosk.protocol import journal

GIVEN_UP = (IssueState.UNDELIVERED, IssueState.DISPUTED)
CANCEL_MS = 8_000


class PaperSweep:
    """Watches printer and presenter, on core's one thread.

    `changed` is called when `sweeping` may have changed.
    """

    def __init__(
        self,
        ledger: Ledger,
        printer: Bus,
        order: OrderRunner,
        *,
        commit: Callable[[journal.Row], None],
        changed: Callable[[], None],
    ) -> None:
        self._ledger, self._printer, self._order = ledger, printer, order
        self._commit, self._changed = commit, changed
        self._well: dict[str, bool] = {}
        self._due = False
        self._unsure: tuple[Issue, ...] = ()
        self._under_way = False

    @property
    def sweeping(self) -> bool:
        """Whether paper is being pulled in, or will be at the next tick: nobody is served before that."""
        return self._under_way or (self._due and not self._order.open)

    def bus_up(self) -> None:
        """The paper bus is (again) there: the open order looks for its job.

        The devices report their status next.
        """
        self._well = {}
        self._order.event(order_events.JobLost())
        self._back()

    def status(self, status: device.Status) -> None:
        """A device has reported its status.

        If it was away or blocked and works again, core looks for paper: a stuck motor leaves paper behind.
        """
        if status.device not in PAPER_DEVICES:
            return
        well = status.state in device.USABLE
        was_well = self._well.get(status.device, True)
        self._well[status.device] = well
        if well and not was_well:
            self._back()

    def _back(self) -> None:
        self._due = True
        self.tick()

    def tick(self) -> None:
        """Start a sweep if it is due and no order is open. An open order handles its own paper."""
        unsure, self._unsure = self._unsure, ()
        if unsure:
            self._cancel(unsure)
        if self._due and not self._order.open and not self._under_way:
            self._due = False
            self._sweep(True)
            self._cancel(self._given_up())

    def _given_up(self) -> tuple[Issue, ...]:
        """The copies of the last order that were given up after PRINT?."""
        last = self._ledger.last_order()
        issues = last.issues if last is not None else ()
        return tuple(issue for issue in issues if issue.state in GIVEN_UP and issue.printer_serial)

    def _cancel(self, issues: tuple[Issue, ...]) -> None:
        """Cancel the jobs one after the other, then read the sensors.

        In the other order a job that still moves could put out a sheet after the reading.
        """
        if not issues:
            self._printer.ask(device.ReadPaper(request=self._printer.request()), self._looked)
            return
        cancel = device.CancelJob(
            request=self._printer.request(),
            key=issues[0].key,
            job_id=issues[0].job_id,
            printer_serial=issues[0].printer_serial,
            deadline_ms=CANCEL_MS,
        )
        self._printer.ask(cancel, lambda end, _handed: self._cancelled(end, issues))

    def _cancelled(self, end: device.Completed, issues: tuple[Issue, ...]) -> None:
        """A printer that is there but can't say whether the job is over is asked again.

        For a printer that is away, core goes on now and sweeps again when the printer comes back. Another
        printer never knows the job, so core goes on.
        """
        away = (device.ErrorCode.NOT_PRESENT, device.ErrorCode.IDENTITY)
        if end.outcome is device.Outcome.UNKNOWN and end.code not in away and self._well.get("printer"):
            self._unsure = issues
        else:
            self._cancel(issues[1:])

    def _looked(self, end: device.Completed, _handed: socket.socket | None) -> None:
        paper = end.result
        if not isinstance(paper, device.PaperReading) or not (paper.path or paper.mouth) or self._order.open:
            self._sweep(False)
            return
        self._commit(journal.PaperFound(bool(paper.path), bool(paper.mouth)))
        retract = device.Retract(request=self._printer.request())
        self._printer.ask(retract, lambda _end, _handed: self._sweep(False))

    def _sweep(self, under_way: bool) -> None:
        self._under_way = under_way
        self._changed()
