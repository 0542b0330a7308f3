"""The UPS as a thing, and its process: what the machine runs on, as a script says; and the machine turned off by it."""

from collections.abc import Callable
from typing import Any

from drivers import contract as device
from drivers.contract import PowerReading, Supply
from tests.crash.lives.bus import Bus, End, Fate
from tests.crash.lives.power import Power
from tests.crash.lives.timeline import Of, Timeline

TURNED_OFF = "the machine is turned off"
POLL_MS = 1_000
OFF_MS = 1_500
# What the machine may take to know, and to have coins in flight counted.
MARGIN_MS = 5_000
GRACE_MS = 10_000


class Ups:
    """`script`: at so many ms it says this, with so many seconds left; None: the battery is empty. `off`: the machine's
    current goes, and why. `to_come`: what of the script has not been said yet.
    """

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        script: tuple[tuple[int, Supply | None, int | None], ...],
        off: Callable[[str], None],
    ) -> None:
        self._timeline, self._power, self._off = timeline, power, off
        self.reading = PowerReading(Supply.LINE, 100, 600)
        self._said_ms = 0
        self._away_ms: int | None = None
        self._low_ms: int | None = None
        self.heard: Callable[[], None] = _nothing
        self.to_come = len(script)
        for at_ms, supply, runtime_s in script:
            self._enter(at_ms, supply, runtime_s)

    def _enter(self, at_ms: int, supply: Supply | None, runtime_s: int | None) -> None:
        def so() -> None:
            self.to_come -= 1
            if supply is not None:
                self._says(PowerReading(supply, None, runtime_s))
            elif self.reading.supply is not Supply.LINE and self._power.on:
                self._off("the battery is empty")

        self._timeline.later(at_ms, Of.WORLD, so)

    def _says(self, reading: PowerReading) -> None:
        now_ms = self._timeline.now_ms
        if self._low_ms == self._said_ms and now_ms - self._said_ms <= POLL_MS:
            self._low_ms = None  # low for no longer than from one question to the next: nobody has heard it
        self._said_ms = now_ms if reading.supply is not self.reading.supply else self._said_ms
        self.reading = reading
        if reading.supply is Supply.LINE:
            self._away_ms = self._low_ms = None
        elif reading.supply is not Supply.UNKNOWN:
            self._away_ms = now_ms if self._away_ms is None else self._away_ms
            low = reading.supply is Supply.LOW and self._low_ms is None
            self._low_ms = now_ms if low else self._low_ms
        self.heard()

    @property
    def plainly_failing(self) -> bool:
        """Whether it has said long enough that the mains are away for the machine to have known and stopped."""
        if self._away_ms is None or self.reading.supply in (Supply.LINE, Supply.UNKNOWN):
            return False
        since_ms = self._away_ms + GRACE_MS if self._low_ms is None else self._low_ms
        return self._timeline.now_ms >= since_ms + MARGIN_MS

    @property
    def long_said_otherwise(self) -> bool:
        """Whether it has long not said that the mains are away: nothing to turn off for."""
        away = self.reading.supply in (Supply.BATTERY, Supply.LOW)
        return not away and self._timeline.now_ms >= self._said_ms + MARGIN_MS

    def turn_off(self) -> None:
        """The machine's own halt command was carried out."""
        off = lambda: self._off(TURNED_OFF) if self._power.on else None  # noqa: E731
        self._timeline.later(OFF_MS, Of.MACHINE, off)

    def wakes(self) -> None:
        """The machine has current again: the mains are there."""
        self._says(PowerReading(Supply.LINE, 10, 60))


class UpsBus(Bus):
    """Asks once a second, tells what has changed."""

    name = "ups"
    devices = ("ups",)

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        ups: Ups,
    ) -> None:
        super().__init__(timeline, power, fate, start_again)
        self._ups = ups
        ups.heard = lambda: self.soon(self._look, POLL_MS)

    def status(self, name: str) -> device.Status:
        """The UPS; absent as long as it says nothing."""
        silent = self._ups.reading.supply is Supply.UNKNOWN
        state = device.DeviceState.ABSENT if silent else device.DeviceState.READY
        return device.Status(name, state, identity=device.Identity(serial="U1"))

    def _look(self) -> None:
        self.say(device.PowerChanged(self._ups.reading))
        self.say(device.StatusChanged(self.status("ups")))

    def carry_out(self, command: Any, end: End) -> None:
        """One arm a command."""
        match command:
            case device.ReadPower():
                known = self._ups.reading.supply is not Supply.UNKNOWN
                code = None if known else device.ErrorCode.NOT_PRESENT
                outcome = device.Outcome.DONE if known else device.Outcome.NOT_DONE
                self.soon(lambda: end(outcome, self._ups.reading, code))
            case device.Halt():
                self._ups.turn_off()
                end(device.Outcome.DONE)
            case _:
                pass


def _nothing() -> None: ...
