"""The loop under every bus: fair, bounded, and every command ends once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.acts import Act, fulfil
from drivers.contract import Completed, DeviceError, ErrorCode, Event, Outcome, ReadCash
from drivers.scheduler import DeadlinePassed, Scheduler, Task, Urgent, ask, within


class Question:
    """An exchange that takes some time."""

    def __init__(self, wire: object, name: str, takes_s: float, log: list[str]) -> None:
        self.wire = wire
        self.abandoned = False
        self._name, self._takes_s, self._log = name, takes_s, log
        self._until = 0.0

    def begin(self, now: float) -> None:
        self._log.append(f"{self._name} begins")
        self._until = now + self._takes_s

    def step(self, now: float) -> float | None:
        return self._until if now < self._until else None

    def interest(self) -> None:
        return

    def result(self) -> str:
        return self._name

    def abandon(self) -> None:
        self.abandoned = True


class Hurry(Question, Urgent):
    """A question that goes before others."""


def run(turns: Scheduler, seconds: float) -> None:
    end = turns.now + seconds
    while turns.now < end:
        turns.now = min(max(turns.tick(turns.now), turns.now + 1e-4), end)
    turns.tick(end)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_on_one_wire_questions_wait_for_each_other_in_order(durations: list[float]) -> None:
    turns, wire = Scheduler(), object()
    log: list[str] = []

    def job(name: str, takes_s: float) -> Task[None]:
        log.append(f"{(yield from ask(Question(wire, name, takes_s, log)))} ends")

    for name, takes_s in enumerate(durations):
        turns.start(job(str(name), takes_s))
    run(turns, sum(durations) + 1)
    assert log == [f"{name} {what}" for name in range(len(durations)) for what in ("begins", "ends")]


def test_an_urgent_question_goes_before_those_that_wait_but_never_twice_in_a_row() -> None:
    turns, wire = Scheduler(), object()
    log: list[str] = []

    def job(kind: type[Question], name: str, times: int) -> Task[None]:
        for _ in range(times):
            yield from ask(kind(wire, name, 1.0, log))

    turns.start(job(Question, "a", 3))
    turns.start(job(Question, "b", 1))
    turns.start(job(Hurry, "coins", 4))
    run(turns, 9)
    assert " ".join(log) == (
        "coins begins a begins coins begins b begins coins begins a begins coins begins a begins"
    )


def test_two_wires_do_not_wait_for_each_other() -> None:
    turns = Scheduler()
    log: list[str] = []

    def job(wire: object, name: str) -> Task[None]:
        yield from ask(Question(wire, name, 1.0, log))
        log.append(f"{name} ends")

    turns.start(job("a", "one"))
    turns.start(job("b", "two"))
    run(turns, 1.1)
    assert log == ["one begins", "two begins", "one ends", "two ends"]


def test_a_deadline_is_raised_once_inside_the_work_and_its_question_is_abandoned() -> None:
    turns = Scheduler()
    log: list[str] = []
    slow = Question("a", "slow", 5.0, log)

    def work() -> Task[str]:
        try:
            yield from ask(slow)
        except DeadlinePassed:
            yield 1.0  # a clean-up that takes longer than nothing
        return "cleaned up"

    def job() -> Task[None]:
        log.append((yield from within(turns, work(), 2.0)))

    turns.start(job())
    run(turns, 8.0)
    assert log == ["slow begins", "cleaned up"]
    assert slow.abandoned


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("how", ["deadline", "unknown", "refused", "fine"])
def test_a_command_ends_once_with_what_was_proved(begun: bool, how: str) -> None:
    turns = Scheduler()
    told: list[Event] = []
    act = Act()

    def work() -> Task[None]:
        act.begun = begun
        yield 0.5
        if how == "deadline":
            yield 100.0
        if how == "unknown":
            raise DeviceError(ErrorCode.TIMEOUT, outcome=Outcome.UNKNOWN)
        if how == "refused":
            raise DeviceError(ErrorCode.REFUSED)

    turns.start(
        fulfil(turns, ReadCash(request="r", deadline_ms=1000), act, work(), lambda e, _s: told.append(e))
    )
    run(turns, 200.0)
    end = told[0]
    assert isinstance(end, Completed)
    assert len(told) == 1
    unproved = Outcome.UNKNOWN if begun else Outcome.NOT_DONE
    expected = {"deadline": unproved, "unknown": unproved, "refused": Outcome.NOT_DONE, "fine": Outcome.DONE}
    assert end.outcome is expected[how]
