"""Every certificate that a machine has, one visit each, from the first screen to the paper in the hand.

Which people and lots have a record of what is the synthetic town's (central/registers/residents/known.py and
central/registers/lots.py).
"""

from collections.abc import Iterator
from functools import partial

from kiosk.catalogue.catalogue import Catalogue, CertificateType
from kiosk.desk.autopilot import Autopilot
from kiosk.desk.citizens import Citizen, card, leave, lot, say
from kiosk.desk.desk_machine import DeskMachineError

# Whose identity card; everybody else's certificate is that of citizen-2, who has a large family.
_WHO = {
    "livelihood": "citizen-3",
    "medical-aid": "citizen-3",
    "farmland": "citizen-1",
    "vehicle": "citizen-1",
    "disability": "citizen-1",
    "single-parent": "citizen-10",
}
_LARGE_FAMILY = "citizen-2"
# Of which lot, where it is not that of the 63 Building.
_LOTS = {
    "forest": ("신길동", "12"),
    "forest-map": ("신길동", "12"),
    "site-right": ("여의도동", "23"),
    "building": ("여의도동", "23"),
    "joint-owners": ("신길동", "502"),
}
_BUILDING_63 = ("여의도동", "60")
# A choice leads to another one (a block, a floor, a unit), each with a wait behind it.
_SCREENS_AT_MOST = 16
_COIN = 500


def visits(catalogue: Catalogue) -> Iterator[Citizen]:
    """A visit for each type, in the order of the national list."""
    for kind in catalogue.types:
        yield partial(visit, kind=kind)


def visit(pilot: Autopilot, kind: CertificateType) -> None:
    """One copy of one type, as it is offered. Raises DeskMachineError."""
    say(pilot, f"{kind.no}: {kind.name.ko}, {kind.fee.base} KRW")
    name = f"{kind.no:02d}-{kind.code}"
    with pilot.timeline.step(f"{name}: choose"):
        pilot.see("attract")
        pilot.press("start")
        pilot.see("choose")
        pilot.open_group(kind.category)
        pilot.press_on_any_page(f"type:{kind.code}")
        if not kind.personal:
            place, number = _LOTS.get(kind.code, _BUILDING_63)
            lot(pilot, [place], number)
        pilot.see("options", f"{name}-options", control="next")
        pilot.press("next")
    if kind.personal:
        card(pilot, name, _WHO.get(kind.code, _LARGE_FAMILY))
    with pilot.timeline.step(f"{name}: which, check"):
        _which(pilot, name)
        pilot.see("check", f"{name}-check", control="pay")
        if kind.personal:
            pilot.pull_card()
        pilot.press("pay")
    with pilot.timeline.step(f"{name}: pay and take"):
        _pay(pilot, kind.fee.base)
        pilot.see("take", control="more-time", within_s=30)
        pilot.take()
    leave(pilot, name)


def _which(pilot: Autopilot, name: str) -> None:
    """The first of what is offered, level by level."""
    for _ in range(_SCREENS_AT_MOST):
        match pilot.screen():
            case "which":
                pilot.see("which", f"{name}-which", control="pick:0")
                pilot.press("pick:0")
            case "check":
                return
            case screen:
                pilot.wait_past(screen)
    if pilot.screen() != "check":
        raise DeskMachineError(f"{name}: no end of the questions")


def _pay(pilot: Autopilot, fee: int) -> None:
    """The large coin until it is enough, change comes back; nothing where nothing is asked for."""
    for _ in range(-(-fee // _COIN)):
        pilot.coin(_COIN)
    for screen in ("check", "pay", "issuing"):
        if pilot.screen() == screen:
            pilot.wait_past(screen)
