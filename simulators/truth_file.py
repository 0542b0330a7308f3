"""truth.json and world.json: the world on disk, written soon after each change and never half."""

from pathlib import Path

import msgspec

from simulators.clock import Clock, Timer
from simulators.memory import replace_file
from simulators.world import World

WRITE_AFTER_SECONDS = 0.03


class TruthFile:
    """Writes the world to its folder, at most once every 30 ms, and at once on `flush`."""

    def __init__(self, world: World, folder: Path, clock: Clock) -> None:
        self._world = world
        self._folder = folder
        self._clock = clock
        self._timer: Timer | None = None
        world.observers.append(self._changed)
        self._write()

    def _changed(self, event: str, details: dict[str, object]) -> None:
        if self._timer is None:
            self._timer = self._clock.later(WRITE_AFTER_SECONDS, self._write)

    def flush(self) -> None:
        """Write now if anything is waiting to be written."""
        if self._timer is not None:
            self._timer.cancel()
            self._write()

    def _write(self) -> None:
        self._timer = None
        truth = msgspec.json.format(msgspec.json.encode(self._world.truth()), indent=1)
        replace_file(self._folder / "truth.json", truth)
        replace_file(self._folder / "world.json", msgspec.json.encode(self._world.levels))
