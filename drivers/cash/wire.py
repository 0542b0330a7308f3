"""A protocol on one port: what devices it can make there. Its class is all that the cash bus knows of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from drivers.cash.devices import Acceptor, CoinDispenser, Validator
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import Port
from drivers.status_reporter import Emit

OpenPort = Callable[[str, int], Port]


class NoSuchDeviceError(ValueError):
    """The settings ask for a device that this protocol does not have."""


class Wire(ABC):
    """One port and the devices on it. `open_port` is the real one's unless a test brings its own."""

    name: str

    @abstractmethod
    def __init__(self, path: str, scheduler: Scheduler, emit: Emit, open_port: OpenPort | None) -> None: ...

    @abstractmethod
    def keep_open(self) -> Task[None]:
        """Open the port whenever it is closed; never ends."""

    @abstractmethod
    def close(self) -> None:
        """Give the port back."""

    def hurry(self, by: int) -> None:  # noqa: B027  (most have nothing to put off)
        """A citizen waits for an order (+1), or no longer (-1): what is asked ever again stands aside meanwhile."""

    def acceptor(self) -> Acceptor:
        """The coin acceptor."""
        raise NoSuchDeviceError(f"{self.name} has no coin acceptor")

    def hopper(self, number: int) -> CoinDispenser:
        """The hopper of that number, from 0."""
        raise NoSuchDeviceError(f"{self.name} has no hopper")

    def validator(self, checksum: str) -> Validator:
        """The bill validator. `checksum`: how its frames are checked where there is a choice; "" as usual."""
        raise NoSuchDeviceError(f"{self.name} has no bill validator")
