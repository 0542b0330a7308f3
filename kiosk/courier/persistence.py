"""Asking again until there is an answer or the time is over; always with the same key and the same bytes."""

import random
from collections.abc import Callable

from kiosk.courier.backoff import pause_s
from kiosk.courier.results import Result, Unknown

_PAUSE_BASE_S = 0.2
_PAUSE_CAP_S = 2.0
# One lost reply must not use up the whole time: a good answer takes a tenth of a second.
_SHARE_OF_ONE_ATTEMPT = 1 / 3
_SHORTEST_ATTEMPT_S = 0.05


class Patience:
    """How to persist: `now` in monotonic seconds, `wait(seconds)` True when nobody wants the answer any more."""

    def __init__(self, now: Callable[[], float], wait: Callable[[float], bool], rng: random.Random) -> None:
        self.now = now
        self.wait = wait
        self.rng = rng

    def persist(self, attempt: Callable[[float], Result], within_s: float) -> Result:
        """Call `attempt(seconds)` until it isn't Unknown, or `within_s` is over, or the wait is broken off.

        An Unknown counts as sent if any attempt was.
        """
        end = self.now() + within_s
        failures = 0
        sent = False
        while True:
            left = end - self.now()
            share = max(within_s * _SHARE_OF_ONE_ATTEMPT, _SHORTEST_ATTEMPT_S)
            result = attempt(max(_SHORTEST_ATTEMPT_S, min(left, share)))
            if not isinstance(result, Unknown):
                return result
            sent = sent or result.sent
            failures += 1
            pause = pause_s(
                self.rng, failures, base_s=_PAUSE_BASE_S, cap_s=_PAUSE_CAP_S, wish_s=result.retry_after_s
            )
            if self.now() + pause + _SHORTEST_ATTEMPT_S > end or self.wait(pause):
                return Unknown(result.cause, sent=sent, answered=result.answered)
