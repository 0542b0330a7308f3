"""The life of a device that takes money: polled often, its settings kept, whatever a reset does to them."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Generic, TypeVar

from drivers.cash.life import Life
from drivers.cctalk.master import Master
from drivers.cctalk.payin import PayIn
from drivers.contract import DeviceError, DeviceState, ErrorCode, Outcome, ReasonCode
from drivers.scheduler import Scheduler, Task
from drivers.status_reporter import Emit, StatusReporter

POLL_TAKING_S = 0.1
POLL_IDLE_S = 0.2
CHECK_SETTINGS_S = 5.0

Device = TypeVar("Device", bound=PayIn)


class Polled(Life, Generic[Device]):
    """A coin acceptor or a bill validator: its reporter, what core wants of it, and whether it can be asked at all."""

    def __init__(
        self, scheduler: Scheduler, master: Master, emit: Emit, reporter: StatusReporter, device: Device
    ) -> None:
        super().__init__(scheduler, master.line, reporter)
        self._master = master
        self._device = device
        self._emit = emit
        self._values: dict[int, int] = {}
        self._resumed = False
        self._wanted_mask = 0
        # The mask that it has, as far as it has answered; 0: nobody knows. Its own is 0 only after a reset.
        self._mask = 0
        self._doubtful = False
        self._checked_at = 0.0
        self._checked_troubles = 0

    @abstractmethod
    def _look(self) -> Task[None]:
        """Poll once, and do what has to follow at once."""

    @abstractmethod
    def _check_settings(self) -> Task[None]:
        """After trouble, and every 5 s: a reset that later events have masked shows in the mask, which it clears."""

    def _turn(self) -> Task[None]:
        yield from self._master.stand_aside()
        began = self._scheduler.now
        yield from self._through_noise(self._look)
        yield from self._master.stand_aside()
        yield from self._check_settings()
        pause_s = POLL_TAKING_S if self._wanted_mask else POLL_IDLE_S
        yield max(began + pause_s - self._scheduler.now, 0.0)

    def _other_device(self) -> None:
        """Another one sits on the address: its counters say nothing about our money."""
        self._flag(True, ReasonCode.OTHER_DEVICE, "another serial number")
        self.reporter.epoch += 1
        self._resumed = False
        self._wanted_mask = 0

    def _must_be_the_same(self) -> Task[None]:
        """Who answers after a reset? Only the same device gets its settings back. Raises DeviceError, IDENTITY."""
        if (yield from self._device.serial()) != self.reporter.identity.serial:
            raise DeviceError(ErrorCode.IDENTITY, "another device after a reset", outcome=Outcome.UNKNOWN)

    @property
    def _troubles(self) -> int:
        """How often the device has not answered properly."""
        return self._master.troubles[self._device.address]

    @property
    def _check_is_due(self) -> bool:
        due = self._scheduler.now - self._checked_at >= CHECK_SETTINGS_S
        return due or self._troubles != self._checked_troubles

    def _checked(self, troubles: int) -> None:
        """The settings are as they should be, whatever the troubles up to now."""
        self._checked_at, self._checked_troubles = self._scheduler.now, troubles

    def _mask_of(self, values: Collection[int]) -> int:
        """The mask under which these coins or notes (KRW) are taken and no others."""
        return sum(1 << (kind - 1) for kind, value in self._values.items() if value in values)

    def _show_phase(self) -> None:
        self.reporter.enter(DeviceState.BUSY if self._wanted_mask else DeviceState.READY)
