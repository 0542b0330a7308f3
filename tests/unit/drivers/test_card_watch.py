"""The thread that waits for the card service: it starts over for ever, tells what it sees, and ends when told."""

import queue
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.card_reader.service import ServiceLost
from drivers.card_reader.slots import Away, Look, Slot, Slots
from drivers.card_reader.watch import ThreadedWatch

PATIENCE_S = 10.0
ONE = (Slot("Reader", 1, True),)
NONE = (Slot("Reader", 0, False),)


class Script:
    """A service that shows what the test puts: slots, or its own end. `wait` waits for the next."""

    def __init__(self) -> None:
        self.shows: queue.Queue[tuple[Slot, ...] | ServiceLost | None] = queue.Queue()
        self.connects = 0
        self.closed = 0
        self.hangs = False
        self._next: tuple[Slot, ...] | ServiceLost | None = None

    def connect(self) -> "Script":
        self.connects += 1
        self._next = self.shows.get(timeout=PATIENCE_S)
        if isinstance(self._next, ServiceLost):
            raise self._next
        return self

    def look(self) -> tuple[Slot, ...]:
        if isinstance(self._next, ServiceLost):
            raise self._next
        return self._next or ()

    def wait(self, seen: tuple[Slot, ...], timeout_s: float) -> None:
        self._next = self.shows.get(timeout=PATIENCE_S)

    def cancel(self) -> None:
        if not self.hangs:
            self.shows.put(None)

    def close(self) -> None:
        self.closed += 1


@contextmanager
def watching(script: Script) -> Iterator[ThreadedWatch]:
    watch = ThreadedWatch(script.connect, retry_s=0.001)
    try:
        yield watch
    finally:
        script.hangs = False
        watch.close()
        script.shows.put(None)


def seen(watch: ThreadedWatch, count: int) -> list[Look]:
    """The next looks, waited for as the runner waits."""
    looks: list[Look] = []
    while len(looks) < count:
        assert select.select([watch.fileno()], [], [], PATIENCE_S)[0], looks
        looks += watch.looks()
    return looks


def test_each_look_is_told_and_wakes_the_bus() -> None:
    script = Script()
    with watching(script) as watch:
        for slots in (NONE, ONE):
            script.shows.put(slots)
        assert seen(watch, 2) == [Slots(NONE), Slots(ONE)]
        assert not select.select([watch.fileno()], [], [], 0)[0]


def test_a_service_that_is_lost_is_told_and_looked_for_until_it_is_back() -> None:
    script = Script()
    with watching(script) as watch:
        for show in (ONE, ServiceLost("stopped"), ServiceLost("not there"), NONE):
            script.shows.put(show)
        assert seen(watch, 4) == [Slots(ONE), Away("stopped"), Away("not there"), Slots(NONE)]
        assert (script.connects, script.closed) == (3, 1), (
            "a dead conversation is given back, a new one begun"
        )


def test_the_end_wakes_a_waiting_thread_and_can_come_twice() -> None:
    script = Script()
    with watching(script) as watch:
        script.shows.put(NONE)
        seen(watch, 1)
        watch.close()
        watch.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "card-watch"]
        assert script.closed == 1
        assert watch.looks() == []
