"""How many checks one address may make: a bucket that fills slowly, so that nobody tries numbers one after another."""

from collections import OrderedDict
from collections.abc import Callable

BURST = 10
PER_MINUTE = 20
_ADDRESSES = 10_000


class Bucket:
    """Tokens by address. `now` is seconds of a clock that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether this address may make one more check now."""
        now = self._now()
        level, since = self._levels.pop(address, (float(BURST), now))
        level = min(float(BURST), level + (now - since) * PER_MINUTE / 60)
        allowed = level >= 1
        self._levels[address] = (level - 1 if allowed else level, now)
        if len(self._levels) > _ADDRESSES:
            self._levels.popitem(last=False)
        return allowed
