"""The receipt bus: one printer on a serial line, core's command in, events out."""

from collections.abc import Callable

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.contract import AnyCommand, PrintReceipt, Status
from drivers.receipt_printer.printer import BAUD, ReceiptPrinter
from drivers.scheduler import Scheduler
from drivers.serial_line import Port, SerialLine
from drivers.status_reporter import Emit


class ReceiptBus:
    """The receipt printer on the port at `path`."""

    def __init__(self, path: str, emit: Emit, open_port: Callable[[str, int], Port] | None = None) -> None:
        self._line = SerialLine(path, BAUD, open_port) if open_port else SerialLine(path, BAUD)
        self._scheduler = Scheduler()
        self._printer = ReceiptPrinter(self._scheduler, self._line, emit)
        for life in (self._line.keep_open(), self._printer.run()):
            self._scheduler.start(life)

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        if not isinstance(command, PrintReceipt):
            refuse(command, reply, "not a command of the receipt bus")
            return
        act = Act()
        work = self._printer.print_receipt(command, act)
        self._scheduler.start(fulfil(self._scheduler, command, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._scheduler.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """Nothing: the line is read at the pace of its bytes."""
        return self._scheduler.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The device as it is now."""
        return (self._printer.reporter.status,)

    def core_gone(self) -> None:
        """Nothing: a receipt that was begun is printed."""

    def close(self) -> None:
        """Give the port back."""
        self._line.close()
