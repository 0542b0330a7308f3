"""The slot of a reader without a card service: which card is in it, counted as PC/SC counts."""

import asyncio
import contextlib
import socket

from simulators.reader_link import CardLink, CardOut

_PRESENT, _MUTE = 1, 2


class DirectReader:
    """The slot: which card is in it, and how many times one came or went (16 bits)."""

    def __init__(self) -> None:
        self.counter = 0
        self.link: CardLink | None = None
        self.mute = False
        self._changed = asyncio.Condition()

    @property
    def state(self) -> bytes:
        """Counter (2 bytes, big-endian), and a byte: 1 present, 2 does not answer to reset."""
        flags = (_PRESENT if self.link is not None else 0) | (_MUTE if self.mute else 0)
        return self.counter.to_bytes(2, "big") + bytes((flags,))

    async def hold(self, end: socket.socket) -> None:
        """A card is put in: hold it until it is out."""
        link = await CardLink.over(end)
        if self.link is not None:
            self.link.drop()
            await self._turn(None, mute=False)
        with contextlib.suppress(CardOut):
            awake = await link.wake()
            await self._turn(link, mute=not awake)
        await link.out.wait()
        if self.link is link:
            await self._turn(None, mute=False)

    async def differs(self, state: bytes, within_s: float) -> None:
        """Return when the state is another than this, or after that time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._changed:
                await self._changed.wait_for(lambda: self.state != state)

    async def _turn(self, link: CardLink | None, *, mute: bool) -> None:
        async with self._changed:
            self.link, self.mute = link, mute
            self.counter = (self.counter + 1) & 0xFFFF
            self._changed.notify_all()
