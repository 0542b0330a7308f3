"""Tells everybody who watches the fleet page that something changed: one signal, however many watch."""

import asyncio


class Board:
    """A change counter that can be waited for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self.version = 0

    def changed(self) -> None:
        """Something that the page shows is different now."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, seen: int, at_most_s: float) -> None:
        """Return at the first change after version `seen`, or when the time is up (ages grow without a change)."""
        if self.version != seen:
            return
        signal = self._changed
        try:
            async with asyncio.timeout(at_most_s):
                await signal.wait()
        except TimeoutError:
            return
