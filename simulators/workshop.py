"""Work that takes long (rasterising a page, drawing a receipt), done beside the event loop: no byte comes late."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Workshop(Protocol):
    """Somebody who does a piece of work and says when it is done."""

    def run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do `work`, then call `done` with its result on the caller's thread. `work` must not raise."""


class InlineWorkshop:
    """Does it at once: for tests."""

    def run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        done(work())


class ThreadWorkshop:
    """One thread, one piece after the other (the PDF library may be used from one thread only)."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workshop")

    def run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        def do() -> None:
            result = work()
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(done, result)

        self._thread.submit(do)

    def close(self) -> None:
        """Finish the piece in hand and stop."""
        self._thread.shutdown(cancel_futures=True)
