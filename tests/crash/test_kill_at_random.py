"""A slice of `make kill`: kill -9 of the real programs at random moments, and all accounts meet."""

import pytest

from tests.crash.kill_at_random import strike
from tests.rig.desk import desk


@pytest.mark.plain_user
@pytest.mark.timeout(400)
def test_a_few_blows_at_random_moments_cost_nobody_anything() -> None:
    with desk() as scene:
        struck = strike(scene, cycles=6, seed=1, told=lambda _line: None)
    assert struck.differences == []
    assert struck.blows.total() >= 3
