"""The receipt printer's serial line: 115200 baud; bytes are lost, changed or invented here when the cable is bad."""

from collections.abc import Callable

from simulators.line_faults import LineFaults
from simulators.receipt_printer import ReceiptPrinter


class ReceiptLine:
    """Carries bytes both ways."""

    def __init__(self, printer: ReceiptPrinter) -> None:
        self._printer = printer
        self.to_host: Callable[[bytes], None] = lambda data: None
        self.faults = LineFaults()
        printer.to_host = lambda data: self.to_host(self.faults.damage(data))

    def received(self, chunk: bytes) -> None:
        """The host wrote `chunk`."""
        self._printer.received(self.faults.damage(chunk))
