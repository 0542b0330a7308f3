"""What a payment terminal owes core: the same sentences for the fake at our interface and the driver with its twin."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest

from drivers.card_terminal.bus import TerminalBus
from drivers.contract import (
    AnyCommand,
    Authorise,
    Capture,
    CardBooking,
    CardReserved,
    Completed,
    DeviceState,
    ErrorCode,
    Event,
    Outcome,
    ReadTerminal,
    Reverse,
    StopCard,
    TerminalReading,
)
from tests.rig.fake_terminal import FakeTerminal
from tests.wire.desk import PATIENCE_S, Desk, Served, desk, served

LONG_MS = 30_000


class Counter(Protocol):
    """A terminal with somebody standing at it."""

    def ask(self, command: Callable[..., AnyCommand], **fields: object) -> Callable[[], Completed]:
        """Give a command; call what comes back to wait for its end."""

    def present(self, *, good: bool = True) -> None:
        """Hold a card to it, as soon as it asks for one."""

    def stop_key(self) -> None:
        """Press its stop key, as soon as it asks for a card."""

    def lose_answer(self, act: str) -> None:
        """The answer to the next reserve, book or reverse gets lost."""

    def money(self) -> list[tuple[int, int, int]]:
        """What the bank knows: authorised, captured, given back, a payment each."""


class Fake:
    """The fake of tests/rig."""

    def __init__(self) -> None:
        self.terminal = FakeTerminal()

    def ask(self, command: Callable[..., AnyCommand], **fields: object) -> Callable[[], Completed]:
        ends: list[Event] = []
        self.terminal.submit(
            command(request="r", deadline_ms=LONG_MS, **fields), lambda end, _handed: ends.append(end)
        )
        return lambda: _ended(ends[0])

    def present(self, *, good: bool = True) -> None:
        self.terminal.present(good=good)

    def stop_key(self) -> None:
        self.terminal.press_stop()

    def lose_answer(self, act: str) -> None:
        self.terminal.lose.add(act)

    def money(self) -> list[tuple[int, int, int]]:
        return [(one.authorised, one.captured, one.reversed) for one in self.terminal.payments.values()]


def _ended(event: Event) -> Completed:
    assert isinstance(event, Completed)
    return event


class Real:
    """The driver on a TCP connection to the twin's process."""

    def __init__(self, far: Desk, bus: Served) -> None:
        self._far, self._bus = far, bus
        bus.wait_state("terminal", DeviceState.READY)
        self._asked = 0

    def ask(self, command: Callable[..., AnyCommand], **fields: object) -> Callable[[], Completed]:
        self._asked += 1
        request = f"c{self._asked}"
        self._bus.give(command(request=request, deadline_ms=LONG_MS, **fields))
        return lambda: self._bus.end_of(request)

    def present(self, *, good: bool = True) -> None:
        self._far.at_the_terminal(how="good" if good else "declined")

    def stop_key(self) -> None:
        self._far.at_the_terminal(stop=True)

    def lose_answer(self, act: str) -> None:
        self._far.do("fault", device="terminal", fault="lose-reply", act=act)

    def money(self) -> list[tuple[int, int, int]]:
        cards = self._far.truth()["cards"]
        return [(one["authorised"], one["captured"], one["reversed"]) for one in cards]


@contextmanager
def _real() -> Iterator[Counter]:
    with desk() as far, served(lambda emit: TerminalBus(far.terminal, emit)) as bus:
        yield Real(far, bus)


@contextmanager
def _fake() -> Iterator[Counter]:
    yield Fake()


@pytest.fixture(params=[_fake, _real], ids=["fake", "driver and twin"])
def counter(request: pytest.FixtureRequest) -> Iterator[Counter]:
    with request.param() as made:
        yield made


def reserved(counter: Counter, key: str = "O-c1", amount: int = 1_500) -> CardReserved:
    end = counter.ask(Authorise, key=key, amount=amount)
    counter.present()
    done = end()
    assert done.outcome is Outcome.DONE, done
    assert isinstance(done.result, CardReserved)
    return done.result


def read_open(counter: Counter) -> tuple[int, ...] | None:
    """What is open, from a terminal at rest; asked until it is there again."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        result = counter.ask(ReadTerminal)().result
        if isinstance(result, TerminalReading) and not result.busy:
            return result.open
    return None


def test_what_is_reserved_is_open_until_it_is_charged(counter: Counter) -> None:
    held = reserved(counter)
    assert (held.key, held.amount) == ("O-c1", 1_500)
    assert read_open(counter) == (held.receipt,)
    end = counter.ask(Capture, key="O-c1", receipt=held.receipt, reserved=1_500, amount=500)()
    assert (end.outcome, end.result) == (Outcome.DONE, CardBooking("O-c1", held.receipt, 500))
    assert read_open(counter) == ()
    assert counter.money() == [(1_500, 500, 1_000)]


def test_all_of_it_can_be_charged_or_given_back(counter: Counter) -> None:
    first, second = reserved(counter, "A-c1", 700), reserved(counter, "B-c1", 900)
    assert read_open(counter) == (first.receipt, second.receipt)
    for kind, fields in (
        (Capture, {"key": "A-c1", "receipt": first.receipt, "reserved": 700, "amount": 700}),
        (Reverse, {"key": "B-c1", "receipt": second.receipt}),
    ):
        assert counter.ask(kind, **fields)().outcome is Outcome.DONE
    assert counter.money() == [(700, 700, 0), (900, 0, 900)]


def test_a_card_that_is_declined_leaves_nothing_reserved(counter: Counter) -> None:
    end = counter.ask(Authorise, key="O-c1", amount=500)
    counter.present(good=False)
    assert (end().outcome, end().code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert counter.money() == []


@pytest.mark.parametrize("who", ["citizen", "kiosk"])
def test_a_payment_that_is_called_off_leaves_nothing_reserved(counter: Counter, who: str) -> None:
    end = counter.ask(Authorise, key="O-c1", amount=500)
    if who == "citizen":
        counter.stop_key()
    else:
        assert counter.ask(StopCard, key="O-c1")().outcome is Outcome.DONE
    assert (end().outcome, end().code) == (Outcome.NOT_DONE, ErrorCode.CANCELLED)
    assert read_open(counter) == ()


def test_a_lost_answer_is_unknown_and_the_memory_tells(counter: Counter) -> None:
    counter.lose_answer("reserve")
    end = counter.ask(Authorise, key="O-c1", amount=500)
    counter.present()
    assert end().outcome is Outcome.UNKNOWN
    (receipt,) = read_open(counter) or ()
    counter.lose_answer("book")
    booked = counter.ask(Capture, key="O-c1", receipt=receipt, reserved=500, amount=500)()
    assert booked.outcome is Outcome.UNKNOWN
    assert read_open(counter) == ()
    assert counter.money() == [(500, 500, 0)]


def test_what_is_closed_is_not_booked_again(counter: Counter) -> None:
    held = reserved(counter)
    counter.ask(Capture, key="O-c1", receipt=held.receipt, reserved=1_500, amount=1_500)()
    for kind in (Reverse, Capture):
        sums = {"reserved": 1_500, "amount": 0} if kind is Capture else {}
        end = counter.ask(kind, key="O-c1", receipt=held.receipt, **sums)()
        assert end.outcome is not Outcome.DONE
    assert counter.money() == [(1_500, 1_500, 0)]
