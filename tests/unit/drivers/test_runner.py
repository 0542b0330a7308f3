"""The thread of a bus: woken by calls and descriptors, stopped at any moment without a trace."""

import os
import select
import threading
from functools import partial

from drivers.acts import Reply
from drivers.contract import AnyCommand, Status
from drivers.runner import Runner


class Bus:
    """A bus that is due in an hour."""

    def __init__(self) -> None:
        self.closed = 0
        self.ticked = threading.Event()
        self.watched: int | None = None

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        raise AssertionError("nobody submits here")

    def tick(self, now: float) -> float:
        self.ticked.set()
        return now + 3600

    def interests(self) -> list[tuple[int, int]]:
        return [] if self.watched is None else [(self.watched, select.POLLIN)]

    def statuses(self) -> tuple[Status, ...]:
        return ()

    def core_gone(self) -> None:
        """Nobody listens here."""

    def close(self) -> None:
        self.closed += 1


def test_calls_run_in_order_on_the_thread_of_the_bus() -> None:
    runner = Runner(Bus())
    seen: list[tuple[int, str]] = []

    def note(number: int) -> None:
        seen.append((number, threading.current_thread().name))

    thread = threading.Thread(target=runner.run)
    thread.start()
    for number in range(50):
        runner.call(partial(note, number))
    runner.stop()
    thread.join(10)
    assert seen == [(number, thread.name) for number in range(50)]


def test_stopping_at_any_moment_from_any_thread_ends_it_once_and_later_calls_do_nothing() -> None:
    for _round in range(200):
        bus = Bus()
        runner = Runner(bus)
        threads = [
            threading.Thread(target=runner.run),
            *(threading.Thread(target=runner.stop) for _ in range(2)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        runner.call(lambda: None)
        assert bus.closed == 1


def test_a_descriptor_of_the_bus_wakes_it_before_it_is_due() -> None:
    bus = Bus()
    bus.watched, writing = os.pipe()
    runner = Runner(bus)
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert bus.ticked.wait(10)
    bus.ticked.clear()
    os.write(writing, b"x")
    assert bus.ticked.wait(0.5), "its longest sleep is a second"
    runner.stop()
    thread.join(10)
    os.close(writing)
    os.close(bus.watched)


def test_while_calls_come_without_end_the_bus_has_its_turn_between_them() -> None:
    bus = Bus()
    runner = Runner(bus)
    ran: list[bool] = []

    def again() -> None:
        ran.append(bus.ticked.is_set())
        runner.call(runner.stop if len(ran) > 100 else again)

    runner.call(again)
    runner.run()
    assert ran == [False] + [True] * 100
