"""Hypothesis plays citizens, accidents and blows at the same kiosk, in any order that it likes; it ends well.

CHANGGU_LIVES_EXAMPLES=2000 plays for longer than the 20 s or so of `make test`.
"""

import os
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from tests.crash.disk import Image
from tests.crash.lives.bus import Fate
from tests.crash.lives.life import Life, live
from tests.crash.lives.plan import Citizen, Plan, Want
from tests.crash.lives.post import Way
from tests.crash.lives.power import Blow

EXAMPLES = int(os.environ.get("CHANGGU_LIVES_EXAMPLES", "60"))
MOST_CITIZENS = 3


class Kiosk(RuleBasedStateMachine):
    """What is to happen is gathered; then it is lived at once, on the one clock."""

    def __init__(self) -> None:
        super().__init__()
        self.citizens: list[Citizen] = []
        self.cuts: list[int] = []
        self.plan = Plan()
        self.seed = 0

    @initialize(seed=st.integers(0, 1_000), blow=st.sampled_from(Blow), image=st.sampled_from(Image))
    def machine(self, seed: int, blow: Blow, image: Image) -> None:
        self.seed, self.plan = seed, Plan(blow=blow, image=image)

    @precondition(lambda self: len(self.citizens) < MOST_CITIZENS)
    @rule(
        copies=st.integers(1, 2),
        sheets=st.integers(1, 3),
        fee=st.sampled_from((0, 300, 500, 800)),
        coins=st.lists(st.sampled_from((100, 500)), max_size=6),
        cancels_after=st.none() | st.integers(0, 3),
        takes_after_ms=st.sampled_from((400, 3_000, None)),
        in_the_dark=st.booleans(),
        stays=st.booleans(),
    )
    def citizen(
        self,
        copies: int,
        sheets: int,
        fee: int,
        coins: Sequence[int],
        cancels_after: int | None,
        takes_after_ms: int | None,
        in_the_dark: bool,
        stays: bool,
    ) -> None:
        want = Want(copies, sheets, fee)
        self.citizens.append(
            Citizen(
                (want,),
                tuple(coins),
                cancels_after,
                stays=stays,
                takes_after_ms=takes_after_ms,
                in_the_dark=in_the_dark,
            )
        )

    @precondition(lambda self: len(self.cuts) < 3)
    @rule(step=st.integers(1, 300))
    def blow(self, step: int) -> None:
        self.cuts.append(step)

    @rule(coins=st.integers(0, 60))
    def hopper(self, coins: int) -> None:
        self._change(hopper=coins)

    @rule(sheet=st.integers(1, 4))
    def jam(self, sheet: int) -> None:
        self._change(sheet_jams=(sheet,))

    @rule(motion=st.integers(1, 3))
    def stuck_motor(self, motion: int) -> None:
        self._change(motor_jams=(motion,))

    @rule(way=st.sampled_from(Way), share=st.sampled_from((0.1, 0.3)))
    def network(self, way: Way, share: float) -> None:
        self._change(ways=((way, share),))

    @rule(fate=st.sampled_from(Fate), share=st.sampled_from((0.03, 0.1)))
    def process(self, fate: Fate, share: float) -> None:
        self._change(fates=((fate, share),))

    @rule(begins=st.integers(3_000, 20_000), lasts=st.integers(3_000, 40_000))
    def cable(self, begins: int, lasts: int) -> None:
        self._change(down=((begins, begins + lasts),))

    def _change(self, **what: Any) -> None:
        self.plan = replace(self.plan, **what)

    def teardown(self) -> None:
        if self.citizens:
            plan = replace(self.plan, citizens=tuple(self.citizens))
            ended = live(Life(self.seed, tuple(self.cuts)), plan)
            assert not ended.wrongs, f"{ended.wrongs}\n" + "\n".join(ended.story[-30:])


Kiosk.TestCase.settings = settings(
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    stateful_step_count=10,
    suppress_health_check=list(HealthCheck),
)


class TestKiosk(Kiosk.TestCase):  # type: ignore[misc,valid-type]
    """Its own class, so that pytest finds it by this file's name."""

    pytestmark = pytest.mark.timeout(300 + EXAMPLES)
