"""Somebody who tries numbers one after another is slowed down, others are not."""

from central.web.limit import BURST, PER_MINUTE, Bucket


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_then_one_check_every_three_seconds() -> None:
    clock = Stopwatch()
    bucket = Bucket(clock)
    assert [bucket.take("a") for _ in range(BURST + 1)] == [True] * BURST + [False]
    clock.now += 60 / PER_MINUTE
    assert [bucket.take("a"), bucket.take("a")] == [True, False]


def test_each_address_has_its_own_bucket_and_it_never_holds_more_than_a_burst() -> None:
    clock = Stopwatch()
    bucket = Bucket(clock)
    while bucket.take("a"):
        pass
    assert bucket.take("b")
    clock.now += 86_400
    assert sum(bucket.take("a") for _ in range(100)) == BURST
