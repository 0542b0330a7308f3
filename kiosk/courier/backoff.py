"""How long to wait before asking again: exponential back-off with full jitter.

Source: 100,000 machines coming back after one outage; without jitter they all ask in the same second.
"""

import random


def pause_s(
    rng: random.Random, failures: int, *, base_s: float, cap_s: float, wish_s: float | None = None
) -> float:
    """Seconds to wait after `failures` (>= 1) failures in a row; never less than the server's own `wish_s`."""
    # The exponent is bounded: a machine that is offline for a year must not compute 2 ** 500,000.
    ceiling = min(cap_s, base_s * 2.0 ** min(failures, 32))
    return max(rng.uniform(0.0, ceiling), wish_s or 0.0)
