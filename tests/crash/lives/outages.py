"""One thing loses its current while all else goes on; later it has it back. Its process may die with it."""

from tests.crash.lives.plan import Plan
from tests.crash.lives.power import Place, Power
from tests.crash.lives.staff import Staff
from tests.crash.lives.things import Things
from tests.crash.lives.timeline import Of, Timeline


class Outages:
    """`to_come`: how many of the plan's have not begun, or not ended."""

    def __init__(self, timeline: Timeline, power: Power, things: Things, staff: Staff, plan: Plan) -> None:
        self._timeline, self._power, self._things, self._staff = timeline, power, things, staff
        self.to_come = len(plan.outages)
        for at_ms, name, dark_ms, process_too in plan.outages:
            self._enter(at_ms, name, dark_ms, process_too=process_too)

    def _enter(self, at_ms: int, name: str, dark_ms: int, *, process_too: bool) -> None:
        def comes() -> None:
            self.to_come -= 1
            if self._things.find(name):
                self._power.step(f"{name} has current again", Place.OUTSIDE)
                self._staff.found(name)

        def goes() -> None:
            self._timeline.later(dark_ms, Of.WORLD, comes)
            if self._power.on:
                self._power.step(f"{name} has no current any more", Place.OUTSIDE)
                self._things.lose(name)
                self._staff.lost(name, process_too=process_too)

        self._timeline.later(at_ms, Of.WORLD, goes)
