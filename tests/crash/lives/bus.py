"""What every simulated devices process does: hears commands, ends each once, and now and then fails as real ones do."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from drivers import contract as device
from tests.crash.lives.channel import Channel
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Of, Timeline

RESTART_MS = 700
ANSWER_MS = 20
SILENT_MS = 1_500
MET_MS = 400


class Fate(StrEnum):
    """What becomes of a command."""

    WELL = "well"
    DEAF = "deaf"
    LOST = "lost"
    DIES_BEFORE = "dies-before"
    DIES_AFTER = "dies-after"


# Whether an act may have happened that nobody could answer for.
_ACTS = (device.Dispense, device.OpenJob, device.CancelJob, device.Present, device.Retract, device.Hold)


class Bus:
    """One process. `fate` decides what becomes of each command; `start_again` is told when the process has died."""

    name = ""
    devices: tuple[str, ...] = ()

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
    ) -> None:
        self.timeline, self.power = timeline, power
        self._fate, self._start_again = fate, start_again
        self._channel: Channel | None = None
        self._alive = True

    # --- as a program -----------------------------------------------------------------------------------------------

    def connected(self, channel: Channel) -> None:
        """Core is there: it hears how everything is."""
        self._channel = channel
        for name in self.devices:
            self.say(device.StatusChanged(self.status(name)))

    def core_gone(self) -> None:
        """Core hung up, or died."""
        self._channel = None

    def heard(self, command: Any, _handed: Any) -> None:
        """One command of core's."""
        if not self._alive:
            return
        fate = self._fate(command)
        if fate is Fate.WELL:
            self.carry_out(command, self._ending(command))
            return
        self.power.step(f"{type(command).__name__} ends {fate}", Place.DEVICE)
        if fate is Fate.DIES_BEFORE:
            self.die()
        elif fate is Fate.DEAF:
            self._unanswered(command, begun=False)
        else:
            self.carry_out(command, _unheard)
            if fate is Fate.LOST:
                self._unanswered(command, begun=True)
            else:
                self.timeline.later(ANSWER_MS, Of.MACHINE, self.die)

    def _ending(self, command: Any) -> "End":
        def end(
            outcome: device.Outcome,
            result: device.Result | None = None,
            code: device.ErrorCode | None = None,
            handing: Any = None,
        ) -> None:
            self.say(device.Completed(command.request, outcome, code, "", result), handing)

        return end

    def _unanswered(self, command: Any, *, begun: bool) -> None:
        unknown = begun or isinstance(command, _ACTS)
        outcome = device.Outcome.UNKNOWN if unknown else device.Outcome.NOT_DONE
        end = device.Completed(command.request, outcome, device.ErrorCode.TIMEOUT)
        self.timeline.later(command.deadline_ms, Of.MACHINE, lambda: self.say(end) if self._alive else None)

    def die(self) -> None:
        """The process ends; its supervisor starts another. What its devices are doing goes on."""
        if not self._alive:
            return
        self._alive = False
        if self._channel is not None:
            self._channel.gone()
        self.gone()
        self.timeline.later(RESTART_MS, Of.MACHINE, lambda: self._start_again(self.name))

    def dies(self) -> None:
        """No current: nothing is told, nobody starts again."""
        self._alive, self._channel = False, None

    # --- for each bus -------------------------------------------------------------------------------------------------

    def say(self, event: Any, handing: Any = None) -> None:
        """Tell core."""
        if self._alive and self._channel is not None:
            self._channel.say(event, handing)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._alive

    def soon(self, act: Callable[[], None], ms: int = ANSWER_MS) -> None:
        """In a moment, if the process still lives."""
        self.timeline.later(ms, Of.MACHINE, lambda: act() if self._alive else None)

    def carry_out(self, command: Any, end: "End") -> None:
        """Do it, and call `end` once."""
        raise NotImplementedError

    def status(self, name: str) -> device.Status:
        """One device as it is now."""
        raise NotImplementedError

    def gone(self) -> None:
        """The process has just died."""

    def lost(self, name: str) -> None:
        """A device does not answer any more; after a while that is told."""
        self.soon(lambda: self.say(device.StatusChanged(self.status(name))), SILENT_MS)

    def found(self, name: str) -> None:
        """It answers again."""
        self.soon(lambda: self.met_again(name), MET_MS)

    def met_again(self, name: str) -> None:
        """It was found out who it is; now it is told."""
        self.say(device.StatusChanged(self.status(name)))


End = Callable[..., None]


def absent(name: str) -> device.Status:
    """A device that does not answer."""
    silent = device.Reason(device.ReasonCode.SILENT, device.Severity.ERROR)
    return device.Status(name, device.DeviceState.ABSENT, (silent,))


def _unheard(*_end: Any, **_more: Any) -> None: ...
