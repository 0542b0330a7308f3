"""Paper that is nobody's is pulled in as soon as the presenter works again, and never while an order is open."""

from typing import Any

from drivers.contract import (
    CancelJob,
    Completed,
    DeviceState,
    Outcome,
    PaperReading,
    Retract,
    Status,
    StatusChanged,
)
from kiosk.core.paper_sweep import PaperSweep
from kiosk.order.model import Issue, IssueState, Order
from kiosk.protocol.journal import Row, kind_of
from tests.unit.core.ports import nothing


class Paper:
    """The paper bus: something lies in the path."""

    def __init__(self) -> None:
        self.path = True
        self.asked: list[str] = []

    def request(self) -> str:
        return "r"

    def ask(self, command: Any, done: Any) -> None:
        self.asked.append(type(command).__name__)
        if isinstance(command, Retract):
            self.path = False
        done(Completed("r", Outcome.DONE, result=PaperReading("P1", 3, "R1", 0, self.path, False)), None)


class Desk:
    """A sweep, the order that may be open, and what was written down."""

    open = False

    def __init__(self) -> None:
        self.paper, self.records = Paper(), list[Row]()
        parts: Any = (self, self.paper, self)
        self.sweep = PaperSweep(*parts, commit=self.records.append, changed=nothing)

    def last_order(self) -> None:
        """None that left paper of its own."""

    def event(self, _event: object) -> None:
        """Nothing of an order's."""

    def presenter(self, state: DeviceState) -> None:
        """The presenter tells how it is."""
        self.sweep.status(StatusChanged(Status("presenter", state)).status)


def test_what_a_stuck_motor_left_behind_is_pulled_in_once_it_is_mended() -> None:
    desk = Desk()
    desk.presenter(DeviceState.READY)
    desk.presenter(DeviceState.BLOCKED)
    assert desk.paper.asked == []
    desk.presenter(DeviceState.READY)
    assert desk.paper.asked == ["ReadPaper", "Retract"]
    assert [kind_of(record) for record in desk.records] == ["paper-found"]
    assert not desk.paper.path


def test_with_an_order_open_it_is_looked_for_after_its_end() -> None:
    desk = Desk()
    desk.open = True
    desk.sweep.bus_up()
    desk.sweep.tick()
    assert desk.paper.asked == []
    assert not desk.sweep.sweeping
    desk.open = False
    assert desk.sweep.sweeping, "whoever comes before the next tick would be served beside it"
    desk.sweep.tick()
    desk.sweep.tick()
    assert desk.paper.asked == ["ReadPaper", "Retract"]


def test_whoever_is_busy_and_ready_again_was_never_away() -> None:
    desk = Desk()
    for state in (DeviceState.READY, DeviceState.BUSY, DeviceState.READY):
        desk.presenter(state)
    assert desk.paper.asked == []


class GivenUp(Desk):
    """The last order's job was given up; the printer answers `outcomes` to the question for its end, one by one."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__()
        self.outcomes = list(outcomes)
        self.cancelled: list[CancelJob] = []
        ask = self.paper.ask

        def cancel(command: Any, done: Any) -> None:
            if not isinstance(command, CancelJob):
                ask(command, done)
                return
            self.paper.asked.append("CancelJob")
            self.cancelled.append(command)
            done(Completed("r", self.outcomes.pop(0)), None)

        self.paper.ask = cancel  # type: ignore[method-assign]  # a fake's own

    def last_order(self) -> Any:
        issue = Issue(
            1, 1, "O-1-1", "land", 500, 1, "", IssueState.UNDELIVERED, printer_serial="P1", job_id=7
        )
        return Order("O", 0, (issue,))

    def printer(self, state: DeviceState) -> None:
        self.sweep.status(Status("printer", state))


def test_a_job_that_was_given_up_is_cancelled_by_its_id_before_anything_is_looked_at() -> None:
    desk = GivenUp(Outcome.NOT_DONE)
    desk.printer(DeviceState.ABSENT)
    desk.printer(DeviceState.READY)
    told = desk.cancelled[0]
    assert (told.key, told.job_id, told.printer_serial) == ("O-1-1", 7, "P1")
    assert desk.paper.asked == ["CancelJob", "ReadPaper", "Retract"]


def test_while_the_printer_does_not_tell_whether_the_job_is_over_nothing_is_sold() -> None:
    desk = GivenUp(Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.DONE)
    desk.printer(DeviceState.ABSENT)
    desk.printer(DeviceState.READY)
    desk.sweep.tick()
    assert desk.paper.asked == ["CancelJob", "CancelJob"]
    assert desk.sweep.sweeping
    desk.sweep.tick()
    assert desk.paper.asked == ["CancelJob", "CancelJob", "CancelJob", "ReadPaper", "Retract"]
    assert not desk.sweep.sweeping


def test_a_printer_that_is_gone_again_holds_nobody_up() -> None:
    desk = GivenUp(Outcome.UNKNOWN)
    desk.presenter(DeviceState.ABSENT)
    desk.presenter(DeviceState.READY)
    assert desk.paper.asked == ["CancelJob", "ReadPaper", "Retract"]
    assert not desk.sweep.sweeping
