"""The program `kiosk core`: the ledger's owner, the one inbox, the one thread that decides.

Owns: every decision, the ledger. Leaves out: any device, any network, the content of a certificate. It never forks.
"""

import queue
import signal
import threading
import time
from collections.abc import Callable

from kiosk.bundles.installed import FOLDER
from kiosk.clocks import system_clocks
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.admin_socket import SOCKET, AdminSocket
from kiosk.core.cash_admin import CashAdmin
from kiosk.core.ledger_admin import LedgerAdmin
from kiosk.core.ledger_upkeep import Disk
from kiosk.core.machine import Machine
from kiosk.core.peers import Peers
from kiosk.core.screen_server import ScreenServer
from kiosk.core.workers import Workers
from kiosk.faults import border
from kiosk.ipc.peer import Bus, Peer
from kiosk.ipc.watchdog import Heart
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.problems import at_the_file
from kiosk.ledger.room import Room
from kiosk.protocol import courier as courier_messages
from kiosk.settings import Settings

TICK_S = 0.25
LEAVE_S = 3.0
LEDGER = "ledger.db"


class Core:
    """Core's inbox and its loop. Everything else runs inside a task of this loop."""

    def __init__(self, settings: Settings) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        clocks = system_clocks()
        self.ledger = Ledger(
            settings.path("ledger", LEDGER),
            lambda: Stamp(clocks.boot, clocks.wall_ms(), clocks.now_ms()),
            machine=settings.kiosk_id,
        )
        with border("the certificate list of this machine"):
            self._active = ActiveBundle(settings.path(FOLDER), self.ledger, card_reader=settings.card.reader)
        sock = settings.path("sock")
        self._peers = Peers(
            cash=Bus("cash", sock / "cash.sock", self._tasks.put),
            printer=Bus("printer", sock / "printer.sock", self._tasks.put),
            receipt=Bus("receipt", sock / "receipt.sock", self._tasks.put),
            card=Bus("card", sock / "card.sock", self._tasks.put) if settings.card.reader else None,
            terminal=Bus("terminal", sock / "terminal.sock", self._tasks.put)
            if settings.terminal.address
            else None,
            ups=Bus("ups", sock / "ups.sock", self._tasks.put) if settings.ups.address else None,
            courier=Peer("courier", sock / "courier.sock", courier_messages.FROM_COURIER, self._tasks.put),
            worker=Workers(sock / "worker.sock", self._tasks.put, lambda: self._active.bundle.name),
        )
        self._screen = ScreenServer(sock / "ui.sock", self._tasks.put)
        self._beside: list[threading.Thread] = []
        disk = self._disk(settings)
        self.machine = Machine(settings, self._active, self.ledger, self._peers, self._screen, clocks, disk)
        asks = LedgerAdmin(self.machine, self.ledger).asks() | CashAdmin(settings, self.machine).asks()
        self._care = AdminSocket(sock / SOCKET, self._tasks.put, self._active, self._peers.courier, asks)

    def _disk(self, settings: Settings) -> Disk:
        terms = settings.ledger
        room = Room(self.ledger.file.parent, room_mb=terms.room_mb, ballast_mb=terms.ballast_mb)
        with border(str(self.ledger.file.parent)):
            room.settle()
        return Disk(room, settings.path(terms.copies), self._run_beside, self._tasks.put)

    def _run_beside(self, job: Callable[[], None]) -> None:
        thread = threading.Thread(target=job, name="copy", daemon=True)
        self._beside = [*(other for other in self._beside if other.is_alive()), thread]
        thread.start()

    def run(self) -> None:
        """Until stopped. A ledger that can't be written stops the machine: nothing may happen that is not stored."""
        self.machine.begin()
        self._screen.start()
        self._care.start()
        for peer in self._peers.all():
            peer.start()
        heart = Heart((self._screen, self._care))
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
        self._leave_copy()
        self.ledger.close()

    def _leave_copy(self) -> None:
        """SQLite must not close under a thread that reads through it; who does not come back ends with the process."""
        if self.machine.upkeep is not None:
            self.machine.upkeep.stop()
        for thread in self._beside:
            thread.join(LEAVE_S)
            if thread.is_alive():
                raise SystemExit(0)

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
    """Run core until SIGTERM. Raises EnvironmentFault: ledger, catalogue or sockets can't be used."""
    folder = settings.path("ledger")
    with border(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    with at_the_file(folder / LEDGER):
        core = Core(settings)
        signal.signal(signal.SIGTERM, lambda _signal, _frame: core.stop())
        signal.signal(signal.SIGINT, lambda _signal, _frame: core.stop())
        core.run()
    return 0
