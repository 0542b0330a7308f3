"""A machine that boots while central can't be reached says so once its start is over, and sells when the line is back.

The ledger's own keeper is there, as in service: what it has to hear from central first must not look like a start.
"""

from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from typing import Any
from unittest import mock

import pytest

from kiosk.core.ledger_upkeep import Disk
from kiosk.core.machine import Machine
from kiosk.health.start import START_MS
from kiosk.protocol.screen import ScreenName, Snapshot
from kiosk.words.words import load
from tests.crash import vfs
from tests.crash.lives import core
from tests.crash.lives.core import NOWHERE
from tests.crash.lives.plan import Plan
from tests.crash.lives.post import LINK_MS, PAUSE_MS
from tests.crash.lives.world import World, provisioned

HOUR_MS = 3_600_000
# What takes its time where all goes well: hellos, first words, counts, the tick that looks at it all.
PROMPT_MS = 1_500
STARTING = load("ko").say("out-of-service.starting.title")
BROKEN = load("ko").say("out-of-service.broken.title")


class Watched(World):
    """A machine that nobody visits: what its screen has said, and when since the start."""

    def _boot(self) -> None:
        self.shown: list[tuple[int, Snapshot]] = []
        self._begun_ms = self.timeline.now_ms
        super()._boot()

    def _seen(self) -> None:
        if self.glass is not None and self.glass.snapshot is not None:
            self.shown.append((self.timeline.now_ms - self._begun_ms, self.glass.snapshot))
        super()._seen()


def booted(down_ms: int) -> list[tuple[int, Snapshot]]:
    """A start with the line to central down for so long: all screens until the machine sells."""
    vfs.seed_randomness(1)
    room: Any = mock.Mock(low=lambda: False, free_mb=lambda: 1_000)
    disk = Disk(room, NOWHERE, beside=lambda _job: None, post=lambda task: task())
    plan = Plan(citizens=(), down=((0, down_ms),), tick_ms=250, longest_ms=2 * down_ms + HOUR_MS)
    with mock.patch.object(core, "Machine", partial(Machine, disk=disk)), redirect_stdout(StringIO()):
        world = Watched(plan, 1, (), provisioned())
        try:
            world.live()
            assert world.truth.wrongs == []
            return world.shown
        finally:
            world.end()


@pytest.mark.parametrize("down_ms", [20_000, HOUR_MS, pytest.param(3 * HOUR_MS, marks=pytest.mark.campaign)])
def test_it_says_offline_for_as_long_as_it_is_and_sells_when_the_line_is_back(down_ms: int) -> None:
    shown = booted(down_ms)
    opens_ms = next(at_ms for at_ms, one in shown if one.screen is ScreenName.ATTRACT)
    assert down_ms <= opens_ms <= down_ms + LINK_MS + PAUSE_MS + PROMPT_MS
    # The first call fails at once and all devices speak, so the start does not last as long as it may.
    stands_ms = max(at_ms for at_ms, _one in shown if at_ms <= PROMPT_MS)
    for one in (one for at_ms, one in shown if stands_ms <= at_ms < down_ms):
        assert one.title == BROKEN
        assert load("ko").say("reason.offline") in {row.value for row in one.rows}
        assert load("ko").say("out-of-service.no-money") in one.notices


def test_with_the_line_up_nothing_but_starting_is_said_until_it_sells() -> None:
    before = [one for _at_ms, one in booted(0) if one.screen is not ScreenName.ATTRACT]
    assert {one.title for one in before} == {STARTING}
    assert booted(0)[-1][0] < START_MS
