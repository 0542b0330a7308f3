"""`kiosk demo --power-cut`: the plug is pulled in the middle of four orders, then the battery of the UPS runs low.

Each time the machine is switched on again, says what was cut short, and what is owed is on a claim.
"""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from kiosk.desk import citizens
from kiosk.desk.autopilot import Autopilot
from kiosk.desk.desk_machine import DeskMachine
from kiosk.order.model import Order, OrderOutcome

_WITHIN_S = 60.0
_MOMENT_S = 20.0


class Cut(Struct, frozen=True):
    """When the plug is pulled: the coins put in, and what the simulators show at that moment."""

    name: str
    coins: tuple[int, ...]
    reached: Callable[[DeskMachine], object]
    # Whether the citizen takes the paper first.
    taken: bool = False


CUTS = (
    Cut("while somebody pays", (100, 100), lambda rig: True),
    Cut("while it prints", (500,), lambda rig: rig.sim(do="state")["presenter"]["path"]),
    Cut("with paper in the mouth", (500,), lambda rig: rig.sim(do="state")["presenter"]["mouth"]),
    Cut(
        "while coins come out",
        (100, 100, 100, 100, 500),
        lambda rig: rig.sim(do="truth")["truth"]["coins_out"],
        taken=True,
    ),
)


def cuts(rig: DeskMachine) -> Iterator[citizens.Citizen]:
    """A citizen for each cut, and one thing more that nobody comes for."""
    for number, cut in enumerate(CUTS, 1):
        yield partial(_cut, rig, number, cut)


def _cut(rig: DeskMachine, number: int, cut: Cut, pilot: Autopilot) -> None:
    name = f"cut-{number}"
    citizens.say(pilot, f"{number}: the plug is pulled {cut.name} (ko)")
    with pilot.timeline.step(f"{cut.name}: choose and pay"):
        pilot.see("attract")
        pilot.press("start")
        citizens.parcel(pilot, "land", ["문래동", "문래동3가"], "55")
        pilot.press("option:history:all")
        pilot.press("next")
        citizens.to_the_fee(pilot, name)
        for value in cut.coins:
            pilot.coin(value)
        if cut.taken:
            citizens.paper(pilot, name, 2)
        rig.until(lambda: cut.reached(rig), _MOMENT_S, cut.name)
    with pilot.timeline.step(f"{cut.name}: the plug"):
        rig.power_cut()
        pilot.timeline.say("world", f"no power: every program is gone ({cut.name})", "red")
        rig.power_on()
        pilot.timeline.say("world", "the power is back", "red")
        rig.until(lambda: rig.shows("trouble"), _WITHIN_S, "the machine to say what was cut short")
        pilot.see("trouble", f"trouble-{name}", control="done")
    rig.sim(do="unjam")  # a hand pulls out what the power left between the rollers
    citizens.leave(pilot, name)
    rig.until(lambda: rig.shows("attract"), _WITHIN_S, "the first screen")


def battery(pilot: Autopilot, rig: DeskMachine) -> None:
    """The mains go at rest: nothing is sold; the battery runs low: the machine turns itself off, and comes back."""
    citizens.say(pilot, "the mains go, and the battery of the UPS runs low (ko)")
    with pilot.timeline.step("battery: nothing is sold"):
        pilot.mischief("the mains go", do="ups", mains="battery")
        pilot.see("out-of-service", "out-of-service-power")
    with pilot.timeline.step("battery: off by itself"):
        pilot.mischief("the battery runs low", do="ups", mains="low")
        rig.until(lambda: not rig.powered and not rig.pids(), _WITHIN_S, "the machine to turn itself off")
        pilot.timeline.say("machine", "has turned itself off", "bold")
    with pilot.timeline.step("battery: on again"):
        rig.power_on()
        rig.until(lambda: rig.shows("attract"), _WITHIN_S, "the first screen")


def claimed(order: Order) -> bool:
    """Whether all that came in is accounted for, and what could not be given back is owed."""
    return (
        order.outcome is OrderOutcome.CLAIM
        and order.claim > 0
        and order.credit == order.earned + order.paid + order.claim
    )
