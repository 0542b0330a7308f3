"""Whichever bus comes up late after a start, the first visitor is led right: all delays, on the virtual clock.

Each bus comes 0, 1 or 5 s after core, or when the start has been over for 5 s; one or two of them late at a time;
after the machine was switched on, and after a start of core alone.
`tests/e2e/test_start.py` does some of them with real processes on real wires.
"""

from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from itertools import combinations, product

import pytest
from msgspec import Struct

from drivers.contract import Supply
from kiosk.health.start import START_MS
from kiosk.programs.names import BUSES
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.crash import vfs
from tests.crash.lives.plan import Citizen, Plan
from tests.crash.lives.power import Blow, PowerCut
from tests.crash.lives.timeline import Of
from tests.crash.lives.verdict import judge
from tests.crash.lives.world import World, provisioned
from tests.slices import those

TOO_LATE_MS = START_MS + 5_000
DELAYS_MS = (0, 1_000, 5_000, TOO_LATE_MS)
Late = dict[str, int]
SINGLY: list[Late] = [{bus: ms} for bus, ms in product(BUSES, DELAYS_MS)]
IN_PAIRS: list[Late] = [
    {one: first, other: second}
    for one, other in combinations(BUSES, 2)
    for first, second in product(DELAYS_MS[1:], repeat=2)
]
# Of each pair, one of three: each delay of the one and of the other once. All of them in `make campaign`.
SOME_PAIRS = [
    late for number, late in enumerate(IN_PAIRS) if (number % 9 // 3 + number % 9 + number // 9) % 3 == 0
]
# What takes its time where nobody is late: hellos, first words, what the hoppers hold, the tick that looks at it all.
PROMPT_MS = 1_500
STARTING = "기계를 준비하고 있습니다"
CORE_DIES_MS = 40_000
CASH = Citizen(comes_after_ms=100)
CARD = Citizen(by_card=True, card_ms=500, comes_after_ms=100)


class Shown(Struct, frozen=True):
    """A screen: when since core's start, what, and how 500 KRW could be paid then."""

    at_ms: int
    snapshot: Snapshot
    means: tuple[str, ...]


class Watched(World):
    """A machine that has everything, and its first visitor. `again`: core alone dies first, and that start is meant."""

    def __init__(self, late: Late, visitor: Citizen, *, again: bool) -> None:
        plan = Plan(
            citizens=(visitor,),
            notes=True,
            terminal=True,
            reader=True,
            second=20,
            mains=((90_000, Supply.LINE, 600),),
            tick_ms=250,
            idle_tick_ms=250,
            blow=Blow.CORE,
        )
        self.shown: list[Shown] = []
        self._late, self._again, self._begun_ms = late, again, 0
        super().__init__(plan, 1, (), _files())

    def _boot(self) -> None:
        self._begun_ms = self.timeline.now_ms
        self.shown.clear()
        if self._again and self.boots == 0:
            self.people, waiting = [], self.people
            self.timeline.later(CORE_DIES_MS, Of.CORE, lambda: self._strike(waiting))
        else:
            self.staff.late = self._late
        super()._boot()

    def _strike(self, waiting: list[Citizen]) -> None:
        """Kill -9 of core; all else lives on."""
        self.people = waiting
        self.power.on = False
        raise PowerCut

    def _seen(self) -> None:
        if self.core is not None and self.glass is not None and self.glass.snapshot is not None:
            means = self.core.machine.visit.state.health.means(500)
            self.shown.append(Shown(self.timeline.now_ms - self._begun_ms, self.glass.snapshot, means))
        super()._seen()


@cache
def _files() -> dict[str, bytes]:
    return provisioned()


def visited(late: Late, visitor: Citizen, *, again: bool = False) -> tuple[list[Shown], str]:
    """From the start to the end of the visit: the screens, and how the visitor has paid.

    Whatever joins when, all that happens to money and paper is right (the lives' own verdict).
    """
    vfs.seed_randomness(1)
    world = Watched(late, visitor, again=again)
    try:
        with redirect_stdout(StringIO()):
            world.live()
            assert judge(world) == []
        assert world.core is not None
        (order,) = world.core.ledger.orders()
        assert (str(order.outcome), order.earned) == ("DELIVERED", 500)
        return world.shown, "card" if order.captured else "cash"
    finally:
        world.end()


def led(late: Late, visitor: Citizen, *, again: bool = False) -> str:
    """How the first visitor was led, as far as the screens go; it has to be right for these delays."""
    shown, paid = visited(late, visitor, again=again)
    up_ms = {bus: late.get(bus, 0) for bus in BUSES}
    waits_ms = min(max(up_ms.values()), START_MS)
    opens = next(one for one in shown if one.snapshot.screen is ScreenName.ATTRACT)
    before = [one for one in shown if one.at_ms < opens.at_ms]
    # Nothing but "getting ready" until everybody has spoken or the time is over; after it, nothing is sold without
    # paper or without any way to pay.
    assert {one.snapshot.title for one in before if one.at_ms < waits_ms} <= {STARTING}
    sells_ms = max(waits_ms, up_ms["printer"], min(up_ms["cash"], up_ms["terminal"]))
    assert sells_ms <= opens.at_ms <= sells_ms + PROMPT_MS
    if sells_ms == waits_ms:
        assert {one.snapshot.title for one in before} == {STARTING}
    for way, bus in (("cash", "cash"), ("card", "terminal")):
        if up_ms[bus] + PROMPT_MS <= opens.at_ms or up_ms[bus] <= waits_ms:
            assert way in opens.means
        elif up_ms[bus] > opens.at_ms:
            assert way not in opens.means
    assert set(shown[-1].means) == {"cash", "card"}, "who came late is not there in the end"
    return paid


def wants(late: Late) -> Citizen:
    """A visitor who would rather pay in cash, and pays by card where the screen says that only cards are taken."""
    only_cards = late.get("cash", 0) > START_MS and late.get("terminal", 0) <= START_MS
    return CARD if only_cards and late.get("printer", 0) <= START_MS else CASH


def _named(late: Late) -> str:
    return "-".join(f"{bus}-{ms // 1_000}s" for bus, ms in late.items())


@pytest.mark.parametrize(
    "late",
    those(lambda late: late in SINGLY or late in SOME_PAIRS, [*SINGLY, *IN_PAIRS], pytest.mark.campaign),
    ids=_named,
)
def test_the_first_visitor_after_a_start_is_led_right(late: Late) -> None:
    visitor = wants(late)
    assert led(late, visitor) == ("card" if visitor.by_card else "cash")


@pytest.mark.parametrize("late", SINGLY, ids=_named)
def test_a_start_of_core_alone_is_a_start_too(late: Late) -> None:
    visitor = wants(late)
    assert led(late, visitor, again=True) == ("card" if visitor.by_card else "cash")
