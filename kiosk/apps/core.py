"""The program `kiosk core`: the ledger's owner, the one inbox, the one thread that decides.

Owns: every decision, the ledger. Leaves out: any device, any network, the content of a certificate. It never forks.
"""

import queue
import signal
import sqlite3
import threading
import time
from collections.abc import Callable

from drivers import contract as device
from kiosk.apps.care import SOCKET, CareDesk
from kiosk.apps.clocks import system_clocks
from kiosk.apps.kits import FOLDER
from kiosk.apps.library import Library
from kiosk.apps.machine import Machine, Peers
from kiosk.apps.peer import Bus, Peer
from kiosk.apps.screen_server import ScreenServer
from kiosk.apps.watchdog import Heart
from kiosk.apps.workers import Workers
from kiosk.catalogue.problems import CatalogueError
from kiosk.ledger.ledger import Ledger, LedgerError, Stamp
from kiosk.protocol import courier as post
from kiosk.settings import Settings

TICK_S = 0.25


class Core:
    """Core's inbox and its loop. Everything else runs inside a task of this loop."""

    def __init__(self, settings: Settings) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        clocks = system_clocks()
        self.ledger = Ledger(
            settings.path("ledger", "ledger.db"),
            lambda: Stamp(clocks.boot, clocks.wall_ms(), clocks.now_ms()),
        )
        self._library = Library(settings.path(FOLDER), self.ledger, card_reader=settings.card_reader)
        sock = settings.path("sock")
        self._peers = Peers(
            cash=Bus("cash", sock / "cash.sock", device.Event, self._tasks.put),
            printer=Bus("printer", sock / "printer.sock", device.Event, self._tasks.put),
            receipt=Bus("receipt", sock / "receipt.sock", device.Event, self._tasks.put),
            card=Bus("card", sock / "card.sock", device.Event, self._tasks.put)
            if settings.card_reader
            else None,
            terminal=Bus("terminal", sock / "terminal.sock", device.Event, self._tasks.put)
            if settings.terminal
            else None,
            courier=Peer("courier", sock / "courier.sock", post.FromCourier, self._tasks.put),
            worker=Workers(sock / "worker.sock", self._tasks.put, lambda: self._library.kit.name),
        )
        self._screen = ScreenServer(sock / "ui.sock", self._tasks.put)
        self._care = CareDesk(sock / SOCKET, self._tasks.put, self._library, self._peers.courier)
        self.machine = Machine(settings, self._library, self.ledger, self._peers, self._screen, clocks)

    def run(self) -> None:
        """Until stopped. A ledger that can't be written stops the machine: nothing may happen that is not stored."""
        self.machine.begin()
        self._screen.start()
        self._care.start()
        for peer in self._peers.all():
            peer.start()
        heart = Heart()
        next_tick = time.monotonic()
        while not self._stopping.is_set():
            if time.monotonic() >= next_tick:  # also when the inbox never empties
                next_tick = time.monotonic() + TICK_S
                task = self.machine.tick
                heart.beat()
            else:
                task = self._next_task(next_tick)
            task()
            self.machine.settle_screen()
        self._care.stop()
        self._screen.stop()
        for peer in self._peers.all():
            peer.stop()
        self.ledger.close()

    def _next_task(self, until: float) -> Callable[[], None]:
        try:
            return self._tasks.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return _nothing

    def stop(self) -> None:
        """End the loop after the present task."""
        self._stopping.set()
        self._tasks.put(lambda: None)


def _nothing() -> None: ...


def run(settings: Settings) -> int:
    """Run core until SIGTERM. Exit codes: 0 asked to stop, 3 ledger or catalogue can't be used."""
    settings.path("ledger").mkdir(parents=True, exist_ok=True)
    try:
        core = Core(settings)
        signal.signal(signal.SIGTERM, lambda _signal, _frame: core.stop())
        signal.signal(signal.SIGINT, lambda _signal, _frame: core.stop())
        core.run()
    except (LedgerError, CatalogueError, OSError, sqlite3.Error) as error:
        print(f"kiosk core: {error}", flush=True)
        return 3
    return 0
