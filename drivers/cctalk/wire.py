"""ccTalk on one port: all devices share one wire, each at its address."""

from drivers.cash.wire import OpenPort, Wire
from drivers.cctalk.coin import Coin
from drivers.cctalk.hopper import Hopper
from drivers.cctalk.hopper_watch import ADDRESS as FIRST_HOPPER
from drivers.cctalk.master import Master
from drivers.cctalk.note import Note
from drivers.cctalk.validator import ADDRESS as VALIDATOR
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import SerialLine
from drivers.status_reporter import Emit

BAUD = 9600
PLAIN = "plain"


class CctalkWire(Wire):
    """The acceptor at address 2, hoppers at 3 and 4, the validator at 40: with a CRC unless it is set to PLAIN."""

    name = "cctalk"

    def __init__(self, path: str, scheduler: Scheduler, emit: Emit, open_port: OpenPort | None) -> None:
        self._line = SerialLine(path, BAUD, open_port) if open_port else SerialLine(path, BAUD)
        self._scheduler, self._emit = scheduler, emit
        self._master = Master(self._line)

    def keep_open(self) -> Task[None]:
        """Open the port whenever it is closed; never ends."""
        return self._line.keep_open()

    def close(self) -> None:
        """Give the port back. An acceptor that is no longer polled rejects coins by itself."""
        self._line.close()

    def hurry(self, by: int) -> None:
        """An order that a citizen waits for goes before the polls of hoppers and validator."""
        self._master.awaited += by

    def acceptor(self) -> Coin:
        """The coin acceptor."""
        return Coin(self._scheduler, self._master, self._emit)

    def hopper(self, number: int) -> Hopper:
        """The hopper of that number, from 0."""
        return Hopper(self._scheduler, self._master, self._emit, FIRST_HOPPER + number)

    def validator(self, checksum: str) -> Note:
        """The bill validator."""
        if checksum != PLAIN:
            self._master.crc.add(VALIDATOR)
        return Note(self._scheduler, self._master, self._emit)
