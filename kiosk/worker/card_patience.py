"""A card may never answer, and nothing can make a call to it return: so each connection has a thread that waits for it.

When the patience is over the connection is given up, not the worker. Its thread comes back when the card is pulled or
the card service ends, gives the connection back then, and is gone.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from kiosk.worker.card import CardMute, Channel, Transport

PATIENCE_S = 5.0

T = TypeVar("T")


class PatientTransport:
    """Any transport, with CardMute when to connect, or a whole step from `begin` on, takes longer than `patience_s`."""

    def __init__(self, transport: Transport, patience_s: float = PATIENCE_S) -> None:
        self._transport = transport
        self.patience_s = patience_s

    def connect(self, reader: str) -> "PatientChannel":
        """Connect to the card that is in the reader. Raises CardMute besides."""
        hand = _Hand(lambda: self.patience_s)
        connecting = hand.take(partial(self._transport.connect, reader))
        try:
            return PatientChannel(hand, hand.result(connecting))
        except BaseException:
            hand.take(partial(_close_late, connecting))
            hand.let_go()
            raise


class PatientChannel:
    """See Channel. After a CardMute every method but `close` raises it at once."""

    def __init__(self, hand: "_Hand", channel: Channel) -> None:
        self._hand, self._channel = hand, channel

    def counter(self) -> int:
        """The reader's counter."""
        return self._hand.do(self._channel.counter)

    def noticed(self) -> int:
        """The reader's counter, after its next look."""
        return self._hand.do(self._channel.noticed)

    def begin(self) -> None:
        """Nobody else talks to the card from here on. The step's time begins."""
        self._hand.renew()
        self._hand.do(self._channel.begin)

    def end(self) -> None:
        """Others may."""
        self._hand.do(self._channel.end)

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One command; data and status word."""
        return self._hand.do(partial(self._channel.transmit, command))

    def close(self) -> None:
        """Give everything back: now, or when the card lets us."""
        closing = self._hand.take(self._channel.close)
        self._hand.let_go()
        self._hand.renew()
        if not self._hand.given_up:
            self._hand.settle(closing)


class _Hand:
    """A thread that does one thing after the other. A daemon: a process that ends does not wait for a mute card."""

    def __init__(self, patience_s: Callable[[], float]) -> None:
        self.given_up = False
        self._patience_s = patience_s
        self._until = 0.0
        self.renew()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="card", daemon=True).start()

    def renew(self) -> None:
        """The patience begins anew."""
        self._until = time.monotonic() + self._patience_s()

    def take(self, what: Callable[[], T]) -> Future[T]:
        """Do this after all that was taken before."""
        done: Future[T] = Future()
        self._work.put(partial(_fulfil, done, what))
        return done

    def do(self, what: Callable[[], T]) -> T:
        """Do this and wait for it. Raises CardMute."""
        if self.given_up:
            raise CardMute
        return self.result(self.take(what))

    def result(self, done: Future[T]) -> T:
        """What it came to. Raises CardMute."""
        self.settle(done)
        if not done.done():
            raise CardMute
        return done.result()

    def settle(self, done: Future[T]) -> None:
        """Wait until it is over, or the patience is."""
        try:
            done.exception(max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            self.given_up = True

    def let_go(self) -> None:
        """Nothing comes after what was taken."""
        self._work.put(None)

    def _run(self) -> None:
        while (what := self._work.get()) is not None:
            what()


def _fulfil(done: Future[T], what: Callable[[], T]) -> None:
    try:
        done.set_result(what())
    except BaseException as error:  # whoever waits for it gets it
        done.set_exception(error)


def _close_late(connecting: Future[Channel]) -> None:
    """A connection that came when nobody waited any more."""
    if connecting.exception() is None:
        connecting.result().close()
