"""The payment terminal and its host as things, and the terminal process: reservations outlive every power cut."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drivers import contract as device
from tests.crash.lives.bus import Bus, End, Fate
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Of, Timeline

TALK_MS = 400
# A terminal that nobody shows a card to gives up by itself.
PATIENCE_MS = 90_000
DONE, NOT_DONE, UNKNOWN = device.Outcome.DONE, device.Outcome.NOT_DONE, device.Outcome.UNKNOWN


@dataclass
class Reservation:
    """Money on somebody's card: `order` was open when it was reserved; `captured` KRW are charged once it is closed."""

    order: str
    amount: int
    open: bool = True
    captured: int = 0


class Terminal:
    """`presented` after that many ms of asking; None: nobody presents a card. `declines`: the host says no."""

    serial = "T1"

    def __init__(self, timeline: Timeline, power: Power, whose: Callable[[], str]) -> None:
        self._timeline, self._power, self._whose = timeline, power, whose
        self.reservations: dict[int, Reservation] = {}
        self.presented_ms: int | None = None
        self.declines = False
        self.busy = False
        self._asking = 0
        self._over: Callable[[int | None], None] = _nobody

    def authorise(self, amount: int, over: Callable[[int | None], None]) -> None:
        """Wait for a card; `over` hears the receipt's number, None when nothing was reserved."""
        self.busy = True
        self._asking += 1
        asking = self._asking
        if self.presented_ms is not None:
            self._timeline.later(self.presented_ms, Of.MACHINE, lambda: self._host(asking, amount, over))
        self._over = over
        self._timeline.later(PATIENCE_MS, Of.MACHINE, lambda: self.stop() if asking == self._asking else None)

    def _host(self, asking: int, amount: int, over: Callable[[int | None], None]) -> None:
        if asking != self._asking or not self.busy:
            return
        self._power.step("a card is presented", Place.DEVICE)
        if self.declines:
            self._end(None, over)
            return
        receipt = len(self.reservations) + 1
        self.reservations[receipt] = Reservation(self._whose(), amount)
        self._power.step(f"{amount} KRW are reserved", Place.DEVICE)
        self._timeline.later(TALK_MS, Of.MACHINE, lambda: self._end(receipt, over))

    def _end(self, receipt: int | None, over: Callable[[int | None], None]) -> None:
        self.busy = False
        over(receipt)

    def stop(self) -> None:
        """Wait no longer; what the host has reserved by now is told as it is."""
        taken = any(one.open and one.order == self._whose() for one in self.reservations.values())
        if self.busy and not taken:
            self._asking += 1
            self._end(None, self._over)

    def close(self, receipt: int, captured: int) -> bool:
        """Charge so much of it, and give the rest back; False where there is nothing open of that number."""
        self._power.step(f"the terminal closes {receipt}", Place.DEVICE)
        found = self.reservations.get(receipt)
        if found is None or not found.open:
            return False
        found.open, found.captured = False, captured
        self._power.step(f"{captured} KRW are charged", Place.DEVICE)
        return True

    @property
    def open(self) -> tuple[int, ...]:
        """The numbers of open reservations."""
        return tuple(number for number, one in self.reservations.items() if one.open)

    def dies(self) -> None:
        """No current: it waits for nobody any more."""
        self.busy = False
        self._asking += 1


class TerminalBus(Bus):
    """The terminal process."""

    name = "terminal"
    devices = ("terminal",)

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        terminal: Terminal,
    ) -> None:
        super().__init__(timeline, power, fate, start_again)
        self._terminal = terminal

    def status(self, name: str) -> device.Status:
        """The terminal."""
        return device.Status(
            name, device.DeviceState.READY, identity=device.Identity(serial=self._terminal.serial)
        )

    def carry_out(self, command: Any, end: End) -> None:
        """One arm a command."""
        terminal = self._terminal
        match command:
            case device.ReadTerminal():
                reading = device.TerminalReading(terminal.serial, terminal.busy, terminal.open)
                self.soon(lambda: end(DONE, reading))
            case device.Authorise():
                self._authorise(command, end)
            case device.StopCard():
                terminal.stop()
                end(DONE)
            case device.Capture(receipt=receipt, amount=amount):
                self._close(command.key, receipt, amount, end)
            case device.Reverse(receipt=receipt):
                self._close(command.key, receipt, 0, end)
            case _:
                pass

    def _authorise(self, command: device.Authorise, end: End) -> None:
        def over(receipt: int | None) -> None:
            if receipt is None:
                code = device.ErrorCode.REFUSED if self._terminal.declines else device.ErrorCode.CANCELLED
                end(NOT_DONE, code=code)
            else:
                end(DONE, device.CardReserved(command.key, receipt, command.amount))

        if self._terminal.busy:
            end(NOT_DONE, code=device.ErrorCode.BUSY)
        else:
            self._terminal.authorise(command.amount, over)

    def _close(self, key: str, receipt: int, amount: int, end: End) -> None:
        def closed() -> None:
            if self._terminal.close(receipt, amount):
                end(DONE, device.CardBooking(key, receipt, amount))
            else:
                end(UNKNOWN, code=device.ErrorCode.REFUSED)

        self.soon(closed, TALK_MS)


def _nobody(_receipt: int | None) -> None: ...
