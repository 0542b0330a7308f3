"""ICT104 on one port: one validator, and nothing else."""

from drivers.cash.wire import OpenPort, Wire
from drivers.ict104.validator import Validator
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import SerialLine, even_parity
from drivers.status_reporter import Emit

BAUD = 9600


class Ict104Wire(Wire):
    """A port of its own."""

    name = "ict104"

    def __init__(self, path: str, scheduler: Scheduler, emit: Emit, open_port: OpenPort | None) -> None:
        self._line = SerialLine(path, BAUD, open_port or even_parity)
        self._scheduler, self._emit = scheduler, emit

    def keep_open(self) -> Task[None]:
        """Open the port whenever it is closed; never ends."""
        return self._line.keep_open()

    def close(self) -> None:
        """Give the port back. A note that it holds goes back by itself."""
        self._line.close()

    def validator(self, checksum: str) -> Validator:
        """The bill validator. Its bytes have a parity and no checksum, whatever `checksum` says."""
        return Validator(self._scheduler, self._line, self._emit)
