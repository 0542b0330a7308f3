"""An unknown result is asked again with patience, and no longer than the time allows."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kiosk.courier.backoff import pause_s
from kiosk.courier.persistence import Patience
from kiosk.courier.results import Done, Refused, Result, Unknown


class Clock:
    """A clock that goes on when somebody waits, or when an attempt takes its time."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.waits: list[float] = []
        self.broken_off = False

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds
        self.waits.append(seconds)
        return self.broken_off

    def patience(self, seed: int = 1) -> Patience:
        return Patience(lambda: self.now_s, self.wait, random.Random(seed))


def run(
    clock: Clock, results: list[Result], within_s: float, takes_s: float = 0.0
) -> tuple[Result, list[float]]:
    """Persist against these results in turn (the last one repeats); what came of it, and each attempt's time."""
    given_s: list[float] = []

    def attempt(seconds: float) -> Result:
        given_s.append(seconds)
        clock.now_s += min(takes_s, seconds)
        return results[min(len(given_s), len(results)) - 1]

    return clock.patience().persist(attempt, within_s), given_s


def test_an_answer_is_taken_at_once() -> None:
    for answer in (Done(b"{}"), Refused("voided")):
        clock = Clock()
        assert run(clock, [answer], 8) == (answer, [8 / 3])
        assert clock.waits == []


def test_unknown_is_asked_again_until_the_answer() -> None:
    clock = Clock()
    result, given_s = run(clock, [Unknown("reset"), Unknown("reset"), Done(b"{}")], 8)
    assert result == Done(b"{}")
    assert len(given_s) == 3


@given(st.floats(0.1, 30), st.floats(0, 5), st.integers(0, 2**32))
def test_the_time_is_never_overrun(within_s: float, takes_s: float, seed: int) -> None:
    clock = Clock()
    begun = clock.now_s

    def attempt(seconds: float) -> Result:
        clock.now_s += min(takes_s, seconds)
        return Unknown("no-answer-in-time")

    assert isinstance(clock.patience(seed).persist(attempt, within_s), Unknown)
    assert clock.now_s - begun <= within_s + 1e-6


def test_one_lost_reply_leaves_time_to_ask_again() -> None:
    def attempt(seconds: float) -> Result:
        given_s.append(seconds)
        if len(given_s) == 1:
            clock.now_s += seconds  # the reply is lost: the whole of its time passes
            return Unknown("no-answer-in-time")
        return Done(b"{}")

    clock, given_s = Clock(), list[float]()
    assert clock.patience().persist(attempt, 6) == Done(b"{}")


def test_centrals_wish_to_wait_is_honoured() -> None:
    clock = Clock()
    run(clock, [Unknown("status-503", retry_after_s=3.0), Done(b"{}")], 8)
    assert clock.waits == [3.0]


def test_a_wish_past_the_deadline_ends_it_now() -> None:
    clock = Clock()
    result, given_s = run(clock, [Unknown("status-503", retry_after_s=30.0)], 8)
    assert isinstance(result, Unknown)
    assert len(given_s) == 1
    assert clock.waits == []


def test_nobody_wants_the_answer_any_more() -> None:
    clock = Clock()
    clock.broken_off = True
    _, given_s = run(clock, [Unknown("reset")], 8)
    assert len(given_s) == 1


def test_it_counts_as_sent_if_any_attempt_was() -> None:
    once = [Unknown("no-answer-in-time", sent=True), Unknown("unreachable", sent=False)]
    result, _ = run(Clock(), list(once), 2)
    assert result == Unknown("unreachable", sent=True)
    result, _ = run(Clock(), [once[1]], 2)
    assert result == Unknown("unreachable", sent=False)


@given(st.integers(1, 10**9), st.floats(0, 100), st.integers(0, 2**32))
def test_a_pause_is_between_nothing_and_the_cap_and_never_below_the_wish(
    failures: int, wish_s: float, seed: int
) -> None:
    pause = pause_s(random.Random(seed), failures, base_s=0.5, cap_s=60, wish_s=wish_s)
    assert wish_s <= pause <= max(60, wish_s)


def test_pauses_use_the_whole_range_so_that_a_fleet_spreads_out() -> None:
    pauses = sorted(pause_s(random.Random(seed), 20, base_s=0.5, cap_s=60) for seed in range(500))
    assert pauses[0] < 3
    assert pauses[-1] > 57
    assert 25 < pauses[250] < 35
