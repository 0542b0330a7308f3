"""The things on the machine's wires, as it was built: what dies with the current, what still moves."""

from collections.abc import Callable

from tests.crash.lives.bills import Validator
from tests.crash.lives.cards import Terminal
from tests.crash.lives.coins import HOPPER_COIN, SECOND_COIN, Acceptor, Hopper
from tests.crash.lives.mains import Ups
from tests.crash.lives.paper import Presenter, Printer
from tests.crash.lives.plan import Plan
from tests.crash.lives.power import Power
from tests.crash.lives.reader import Reader
from tests.crash.lives.timeline import Timeline
from tests.crash.lives.truth import Truth

Alone = Acceptor | Hopper | Validator | Printer | Presenter


class Things:
    """`whose`: the order that is open now. `off`: all current goes. What a machine may lack is there where the plan has
    it.
    """

    def __init__(
        self,
        plan: Plan,
        timeline: Timeline,
        power: Power,
        truth: Truth,
        whose: Callable[[], str],
        off: Callable[[str], None],
    ) -> None:
        self.acceptor = Acceptor(timeline, power, truth, whose)
        self.hopper = Hopper(timeline, power, truth, whose, plan.hopper)
        self.second = (
            Hopper(timeline, power, truth, whose, plan.second, SECOND_COIN, "J")
            if plan.second is not None
            else None
        )
        self.validator = Validator(timeline, power, truth, whose) if plan.notes else None
        self.terminal = Terminal(timeline, power, whose) if plan.terminal else None
        self.reader = Reader(power) if plan.reader else None
        self.ups = Ups(timeline, power, plan.mains, off) if plan.mains else None
        self.presenter = Presenter(timeline, power, truth)
        self.printer = Printer(timeline, power, truth, self.presenter)
        self.printer.jams, self.presenter.jams = set(plan.sheet_jams), set(plan.motor_jams)

    @property
    def hoppers(self) -> tuple[Hopper, ...]:
        """One, or two."""
        return (self.hopper,) if self.second is None else (self.hopper, self.second)

    def surely_payable(self, plan: Plan) -> int:
        """KRW up to which every sum can be paid back, by what the machine was told and has counted itself."""
        small = plan.filled - self.hopper.dispensed
        if self.second is None or small * HOPPER_COIN < SECOND_COIN - HOPPER_COIN:
            return small * HOPPER_COIN
        return small * HOPPER_COIN + (plan.second_filled - self.second.dispensed) * SECOND_COIN

    def refilled(self, plan: Plan) -> None:
        """A technician has put full hoppers in their places."""
        self.hopper.exchanged(plan.filled)
        if self.second is not None:
            self.second.exchanged(plan.second_filled)

    @property
    def alone(self) -> dict[str, Alone]:
        """What may lose its current alone, by its name."""
        named: dict[str, Alone | None] = {
            "coin": self.acceptor,
            "hopper": self.hopper,
            "hopper-2": self.second,
            "note": self.validator,
            "printer": self.printer,
            "presenter": self.presenter,
        }
        return {name: thing for name, thing in named.items() if thing is not None}

    def lose(self, name: str) -> None:
        """This one has no current any more."""
        self.alone[name].current.goes()
        self.alone[name].dies()

    def find(self, name: str) -> bool:
        """It has current again; False where all had none meanwhile."""
        thing = self.alone[name]
        if thing.current.lit:
            return False
        thing.current.comes()
        if thing is self.validator:
            thing.wakes()
        return True

    def die(self) -> None:
        """No current."""
        for thing in self.alone.values():
            thing.current.comes()
        self.acceptor.dies()
        for hopper in self.hoppers:
            hopper.dies()
        if self.validator is not None:
            self.validator.dies()
        if self.terminal is not None:
            self.terminal.dies()
        if self.reader is not None:
            self.reader.dies()
        self.printer.dies()
        self.presenter.dies()

    def wake(self) -> None:
        """Current again."""
        if self.validator is not None:
            self.validator.wakes()
        if self.ups is not None:
            self.ups.wakes()

    @property
    def moving(self) -> bool:
        """Whether coins are still to come, paper moves or sticks, a note is in, or the UPS has more to say."""
        validator = self.validator
        note = validator is not None and not validator.clear
        presenter = self.presenter
        paying = any(hopper.paying for hopper in self.hoppers)
        restless = self.ups is not None and self.ups.to_come > 0
        return paying or restless or presenter.moving or self.printer.stuck or presenter.jammed or note
