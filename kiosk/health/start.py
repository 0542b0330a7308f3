"""The start of the machine: who is waited for before it says what can be had and how it can be paid. Pure.

A machine that sells before all its devices have spoken leads its first visitor wrong: to the card, because the coins
are not up yet. So until each of them has said how it is nothing is sold and the screen says that the machine is
getting ready (code `starting`); who has said nothing when the time is over is silent, and joins later.
"""

from collections.abc import Iterable, Mapping, Set

from msgspec import Struct

from drivers.contract import USABLE, DeviceState, Status
from kiosk.health.health import STARTING, Ailment

START_MS = 15_000
"""Drivers find out in 2 s what is on their wire, and a hung one is ended and begun anew within 8 s."""
LINK = "link"
_SAYS_NOTHING_YET = frozenset({DeviceState.CONNECTING, DeviceState.INITIALISING})


class Start(Struct, frozen=True):
    """`waits_for`: who has to speak, nobody once the start is over. `until_ms`: the latest end, on the clock of now_ms.

    What dies and comes back after the start is not started for again: then it is known what the machine can do.
    """

    waits_for: frozenset[str] = frozenset()
    until_ms: int = 0

    @property
    def over(self) -> bool:
        """Whether nobody is waited for any more."""
        return not self.waits_for


OVER = Start()


def begun(devices: Iterable[str], now_ms: int) -> Start:
    """Core has just come up: the devices that it was built with, and the link to central. Workers come and go with
    each visit, and are no part of it.
    """
    return Start(frozenset((*devices, LINK)), now_ms + START_MS)


def spoken(statuses: Mapping[str, Status], *, asked: Set[str], linked: bool) -> frozenset[str]:
    """Who has said how it is: usable, or not and why. Being connected to, or set up, is no answer yet.

    `asked`: of whom, if it works, more is being found out: what a hopper holds, whether paper was left inside.
    `linked`: central was called once, whatever came of it; and if it answers it has confirmed the row of this start.
    """
    said = {name for name, status in statuses.items() if has_spoken(status)}
    said -= {name for name in asked & said if statuses[name].state in USABLE}
    return frozenset((*said, LINK) if linked else said)


def has_spoken(status: Status) -> bool:
    """Whether it has said how it is since it was last connected to."""
    return status.state not in _SAYS_NOTHING_YET


def passed(start: Start, said: Set[str], now_ms: int) -> Start:
    """Over for good once all have spoken, or when the time is over."""
    return OVER if start.waits_for <= said or now_ms >= start.until_ms else start


def silent_yet(start: Start, said: Set[str]) -> frozenset[str]:
    """Who is being waited for now."""
    return start.waits_for - said


def ailments(start: Start, said: Set[str]) -> tuple[Ailment, ...]:
    """What keeps the machine from selling while it starts."""
    return tuple(Ailment(name, STARTING) for name in sorted(silent_yet(start, said)))
