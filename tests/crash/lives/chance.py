"""What befalls commands, requests and workers in one life, in the shares of its plan."""

import random
from typing import Any

from tests.crash.lives.bus import Fate
from tests.crash.lives.plan import Plan
from tests.crash.lives.post import Way


class Chance:
    """Drawn as it is asked for; the same seed and the same life ask for the same."""

    def __init__(self, plan: Plan, rng: random.Random) -> None:
        self._plan, self.rng = plan, rng

    def fate(self, _command: Any) -> Fate:
        """What becomes of a command."""
        return self._drawn(self._plan.fates, Fate.WELL) if self._plan.fates else Fate.WELL

    def way(self) -> Way:
        """What the network does to a request."""
        return self._drawn(self._plan.ways, Way.WELL) if self._plan.ways else Way.WELL

    def late_ms(self) -> int:
        """How late what is late arrives."""
        return self.rng.choice((2_500, 9_500, 40_000, 120_000))

    def worker_dies(self, _request: Any) -> bool:
        """Whether the worker dies over this request."""
        return self._plan.worker_dies > 0 and self.rng.random() < self._plan.worker_dies

    def down(self, now_ms: int) -> bool:
        """Whether there is no network now."""
        return any(begins <= now_ms < ends for begins, ends in self._plan.down)

    def _drawn(self, shares: tuple[tuple[Any, float], ...], usual: Any) -> Any:
        chance = self.rng.random()
        for kind, share in shares:
            chance -= share
            if chance < 0:
                return kind
        return usual
