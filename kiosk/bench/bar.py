"""One measured figure and the bar that it has to meet."""

from msgspec import Struct


class Bar(Struct, frozen=True):
    """`value` must not exceed `limit`, both in `unit`. `detail` says how many samples, or what else was seen."""

    what: str
    value: float
    limit: float
    unit: str
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the promise holds here."""
        return self.value <= self.limit


def percentile(samples: list[float], share: float) -> float:
    """The smallest sample that at least `share` (0..1) of the samples do not exceed. Raises ValueError on none."""
    if not samples:
        raise ValueError("no samples were measured")
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
