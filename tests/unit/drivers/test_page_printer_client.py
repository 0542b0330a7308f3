"""Several questions to one printer at a time: each takes its own answer."""

import socket

from drivers.page_printer import ipp
from drivers.page_printer.client import Client
from drivers.page_printer.ipp import Message
from drivers.scheduler import Exchange, Scheduler, Task

GET_PRINTER = 0x000B


class Post:
    """One question under way; the printer answers it a moment later."""

    def __init__(self, wire: object, body: bytes) -> None:
        self.wire = wire
        self._question = ipp.parse(body)
        self._answered_at = float("inf")

    def begin(self, now: float) -> None:
        self._answered_at = now + 0.01

    def step(self, now: float) -> float | None:
        return None if now >= self._answered_at else self._answered_at

    def interest(self) -> tuple[int, int] | None:
        return None

    def result(self) -> bytes:
        return ipp.build(Message(0, self._question.request_id, ()))

    def abandon(self) -> None: ...


class Wire:
    """A printer that answers everything."""

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> Post:
        return Post(self, body)

    def connect(self, timeout_s: float) -> Exchange[socket.socket]:
        raise NotImplementedError

    def close(self) -> None: ...


def test_a_question_that_waits_for_the_wire_is_not_taken_for_the_one_before_it() -> None:
    turns, client, answered = Scheduler(), Client(Wire()), list[str]()

    def asks(name: str) -> Task[None]:
        yield from client.ask(Message(GET_PRINTER, 0, ()), 1.0)
        answered.append(name)

    for name in ("its life", "a command", "a job that is followed"):
        turns.start(asks(name))
    for tick in range(10):
        turns.tick(tick / 100)
    assert answered == ["its life", "a command", "a job that is followed"]
