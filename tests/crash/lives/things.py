"""The things on the machine's wires, as it was built: what dies with the current, what still moves."""

from collections.abc import Callable

from tests.crash.lives.bills import Validator
from tests.crash.lives.cards import Terminal
from tests.crash.lives.coins import Acceptor, Hopper
from tests.crash.lives.paper import Presenter, Printer
from tests.crash.lives.plan import Plan
from tests.crash.lives.power import Power
from tests.crash.lives.timeline import Timeline
from tests.crash.lives.truth import Truth


class Things:
    """`whose`: the order that is open now. A validator and a terminal only where the plan has them."""

    def __init__(
        self, plan: Plan, timeline: Timeline, power: Power, truth: Truth, whose: Callable[[], str]
    ) -> None:
        self.acceptor = Acceptor(timeline, power, truth, whose)
        self.hopper = Hopper(timeline, power, truth, whose, plan.hopper)
        self.validator = Validator(timeline, power, truth, whose) if plan.notes else None
        self.terminal = Terminal(timeline, power, whose) if plan.terminal else None
        self.presenter = Presenter(timeline, power, truth)
        self.printer = Printer(timeline, power, truth, self.presenter)
        self.printer.jams, self.presenter.jams = set(plan.sheet_jams), set(plan.motor_jams)

    def die(self) -> None:
        """No current."""
        self.acceptor.dies()
        self.hopper.dies()
        if self.validator is not None:
            self.validator.dies()
        if self.terminal is not None:
            self.terminal.dies()
        self.printer.dies()
        self.presenter.dies()

    def wake(self) -> None:
        """Current again."""
        if self.validator is not None:
            self.validator.wakes()

    @property
    def moving(self) -> bool:
        """Whether coins are still to come, paper moves or sticks, or a note is in the validator."""
        validator = self.validator
        note = validator is not None and not validator.clear
        presenter = self.presenter
        return self.hopper.paying or presenter.moving or self.printer.stuck or presenter.jammed or note
