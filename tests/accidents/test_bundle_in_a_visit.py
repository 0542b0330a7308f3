"""Rules that change while somebody is served. Osaka, 7 May 2019: machines printed by the old rules after the day of the
new ones; the other way round is a citizen who presses what is not there any more.

Planted: a bundle that arrives in each step of a visit, and one that no worker can serve from.
"""

from pathlib import Path

import msgspec
import pytest

from kiosk.clocks import Clocks
from kiosk.core.active_bundle import PROBATION_MS, ActiveBundle
from kiosk.core.visit_runner import VisitRunner
from kiosk.protocol.courier import BundleReady, BundlesInUse
from tests.accidents.conftest import MakeBooth
from tests.accidents.dialogue import ASK_FOR_LAND
from tests.accidents.whole_core import WholeCore
from tests.unit.bundles.bundle_maker import lay_down, small
from tests.unit.visit.walk import TODAY


class Core(WholeCore):
    """The whole core, with bundles on its disk and a clock that the test sets."""

    def __init__(self, booth: MakeBooth, place: Path) -> None:
        self.bundles = place / "bundles"
        self.now_ms = 0
        numbers = iter(range(1_000))
        super().__init__(lambda: booth(order=f"O{next(numbers)}", begin=False), place, "O-1")

    def make(self, clocks: Clocks) -> VisitRunner:
        return super().make(msgspec.structs.replace(clocks, now_ms=lambda: self.now_ms))

    def _active(self) -> ActiveBundle:
        self.active = ActiveBundle(self.bundles, self.ledger, card_reader=False, day=lambda: TODAY)
        return self.active

    def brought(self, version: int) -> str:
        """The courier has brought one."""
        name = lay_down(self.bundles, small(version, types=("land",)))
        self.courier.listener.said(BundleReady(name), None)
        return name

    def in_use(self) -> list[BundlesInUse]:
        """What the courier was told."""
        return [message for message in self.courier.told if isinstance(message, BundlesInUse)]

    def beat(self, later_ms: int = 250) -> None:
        self.now_ms += later_ms
        self.machine.tick()


@pytest.fixture
def core(booth: MakeBooth, tmp_path: Path) -> Core:
    return Core(booth, tmp_path)


@pytest.mark.parametrize("steps", range(1, len(ASK_FOR_LAND) + 1))
def test_in_each_step_of_a_visit_a_bundle_waits_for_its_end(core: Core, steps: int) -> None:
    core.press(*ASK_FOR_LAND[:steps])
    before = core.core.state.catalogue
    name = core.brought(1)
    for _ in range(3):
        core.beat()
    assert core.core.state.serving
    assert core.core.state.catalogue is before
    assert (core.active.bundle.name, core.active.staged, core.in_use()) == ("", name, [])


def test_when_the_visit_is_over_it_serves_at_the_next_beat(core: Core) -> None:
    core.press("start")
    name = core.brought(1)
    core.press("cancel")
    while core.core.state.serving:
        core.press("done")
    core.beat()
    assert (core.active.bundle.name, core.in_use()) == (name, [BundlesInUse(name, "")])
    assert [kind.code for kind in core.core.state.catalogue.types] == ["land"]


def test_one_that_no_worker_serves_from_is_given_back_after_a_minute(core: Core) -> None:
    """The workers here know only what the machine was shipped with."""
    before = core.core.state.catalogue
    name = core.brought(1)
    core.beat()
    core.beat(PROBATION_MS - 1)
    assert core.active.bundle.name == name
    core.beat()
    assert core.active.bundle.name == ""
    assert core.core.state.catalogue == before
    assert core.in_use() == [BundlesInUse(name, ""), BundlesInUse("", "", refused=name)]
    core.courier.listener.said(BundleReady(name), None)
    core.beat()
    assert core.active.bundle.name == ""
