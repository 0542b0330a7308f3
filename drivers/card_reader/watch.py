"""The thread that waits for the PC/SC service (there is no descriptor to wait for), and starts over when it is lost.

The bus itself never calls the service: a service that hangs would hang the program with it.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from drivers.card_reader.service import PcscService, Service, ServiceLost
from drivers.card_reader.slots import Away, Look, Slots

RETRY_S = 0.25
# So often the service is asked in any case: its answer is the sign that it does not hang.
ROUND_S = 2.0
# So long apart are two looks at least, whatever a service makes of waiting.
LEAST_S = 0.02
_GRACE_S = 1.0
_CANCEL_EVERY_S = 0.05


class Watch(Protocol):
    """Where the bus gets its looks from."""

    def looks(self) -> list[Look]:
        """What was seen since the last call, oldest first; each round gives one, changed or not."""

    def fileno(self) -> int:
        """Readable when there are looks; -1 when nothing tells of them."""

    def close(self) -> None:
        """Look no more."""


class ThreadedWatch:
    """Watches on a thread of its own from the start to `close`. `connect` begins a conversation; it may raise."""

    def __init__(
        self,
        connect: Callable[[], Service] = PcscService,
        retry_s: float = RETRY_S,
        least_s: float = LEAST_S,
    ) -> None:
        self._connect = connect
        self._retry_s, self._least_s = retry_s, least_s
        self._seen: deque[Look] = deque()
        self._news = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._service: Service | None = None
        self._thread = threading.Thread(target=self._run, name="card-watch", daemon=True)
        self._thread.start()

    def looks(self) -> list[Look]:
        """What was seen since the last call, oldest first."""
        with self._lock:
            if not self._ended.is_set() and self._seen:
                os.eventfd_read(self._news)
            seen, self._seen = list(self._seen), deque()
            return seen

    def fileno(self) -> int:
        """Readable when there are looks."""
        return self._news

    def close(self) -> None:
        """Look no more. A service that hangs keeps the thread; it tells nobody any more and ends with the process."""
        with self._lock:
            if self._ended.is_set():
                return
            self._ended.set()
            os.close(self._news)
        # To cancel is to ask the service too, and may hang like all the rest.
        threading.Thread(target=self._hurry, name="card-watch-end", daemon=True).start()
        self._thread.join(_GRACE_S)

    def _hurry(self) -> None:
        """Cancel until it has helped: one that comes before the wait is lost."""
        while self._thread.is_alive():
            with self._lock:
                service = self._service
            if service is not None:
                service.cancel()
            self._thread.join(_CANCEL_EVERY_S)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._converse()
            except ServiceLost as error:
                self._tell(Away(str(error)))
                self._ended.wait(self._retry_s)

    def _converse(self) -> None:
        """One conversation, from its beginning to the loss of the service or our end."""
        service = self._connect()
        try:
            with self._lock:
                self._service = service
            while not self._ended.is_set():
                again = time.monotonic() + self._least_s
                slots = service.look()
                self._tell(Slots(slots))
                service.wait(slots, ROUND_S)
                self._ended.wait(max(0.0, again - time.monotonic()))
        finally:
            with self._lock:
                self._service = None
            service.close()

    def _tell(self, look: Look) -> None:
        with self._lock:
            if not self._ended.is_set():
                self._seen.append(look)
                os.eventfd_write(self._news, 1)
