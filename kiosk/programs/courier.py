"""The courier program: serves core on courier.sock and keeps the lines to central."""

import logging
import random
import threading
from functools import partial
from typing import assert_never

from kiosk.bundles.installed import FOLDER
from kiosk.courier.dispatcher import Dispatcher, Errand
from kiosk.courier.librarian import Librarian
from kiosk.courier.line import Credentials, Line
from kiosk.courier.link_state import LinkState
from kiosk.courier.list_updater import ListUpdater
from kiosk.courier.pump import Pump
from kiosk.courier.store import Store
from kiosk.courier.trial_process import try_out
from kiosk.ipc.link import Door, Link
from kiosk.ipc.watchdog import Heart
from kiosk.protocol.bundle import MAX_PACKED_BYTES, ROOT_FILE
from kiosk.protocol.central import HeartbeatReply
from kiosk.protocol.courier import (
    TO_COURIER,
    BundlesInUse,
    CasesResolved,
    FromCourier,
    LinkChanged,
    LookForBundle,
    SendChallenge,
    SendClaims,
    SendDraft,
    SendEvents,
    SendHeartbeat,
    SendIdentity,
    SendIssue,
    ToCourier,
)
from kiosk.protocol.trust_files import TAKEN
from kiosk.settings import Settings
from kiosk.whole_file import read_whole_file

ROUND_S = 0.5

log = logging.getLogger(__name__)


class Courier:
    """All of the program but its listening socket. One core at a time: a newer connection takes the older's place."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._core: Link[ToCourier] | None = None
        self._dropped = threading.Event()
        self._link = LinkState(self._link_changed)
        self._desk = Dispatcher(settings.kiosk_id, self._new_line, self._link)
        self._pump = Pump(
            settings.kiosk_id,
            self._new_line("outbox"),
            self._link,
            self._tell,
            random.SystemRandom(),
            self._newest,
        )
        bundles = settings.path(FOLDER)
        self._bundles = self._new_line("bundles")
        self._lists = self._new_line("lists")
        self._list_keeper = ListUpdater(settings.path(), self._look_for_list)
        self._librarian = Librarian(
            Store(bundles),
            self._look,
            partial(try_out, settings),
            self._tell,
            by_itself=settings.updates == "by-itself",
        )

    def start(self) -> None:
        """Begin to call central."""
        self._desk.start()
        self._pump.start()
        self._librarian.start()
        self._list_keeper.start()

    def serve(self, core: Link[ToCourier]) -> None:
        """Core is here: tell it the link's state, then do what it asks until it goes."""
        dropped = threading.Event()
        with self._lock:
            old, self._core = self._core, core
            # A dead core's drafts and issues are nobody's: at its boot it will void them.
            self._dropped.set()
            self._dropped = dropped
        if old is not None:
            old.close()
        self._link.announce(core.send)
        core.start(lambda message, _socket: self._hear(core, dropped, message), dropped.set)

    def _hear(self, core: Link[ToCourier], dropped: threading.Event, asked: ToCourier) -> None:
        match asked:
            case SendDraft() | SendIssue() | SendChallenge() | SendIdentity() | SendClaims():
                self._desk.take(Errand(asked, lambda answer: self._answer(core, answer), dropped))
            case SendEvents():
                self._pump.rows(asked.rows)
            case BundlesInUse():
                self._librarian.in_use(asked)
            case LookForBundle():
                self._librarian.look_now(asked.request)
            case SendHeartbeat():
                self._pump.heartbeat(bytes(asked.body))
            case _:
                assert_never(asked)

    def _answer(self, core: Link[ToCourier], answer: FromCourier) -> None:
        core.send(answer)

    def _tell(self, message: FromCourier) -> None:
        with self._lock:
            core = self._core
        if core is not None:
            core.send(message)

    def _link_changed(self, now: LinkChanged) -> None:
        log.info("link %s%s", "up" if now.online else "down", f" ({now.detail})" if now.detail else "")
        self._tell(now)
        self._pump.link_changed(now.online)

    def _newest(self, reply: HeartbeatReply) -> None:
        self._librarian.newest(reply.catalogue)
        self._list_keeper.newest(reply.trust)
        if reply.resolved:
            self._tell(CasesResolved(reply.resolved))

    def _look_for_list(self) -> bytes:
        """The newest trust list's document."""
        from kiosk.courier.repository import newest_list

        root = read_whole_file(self._settings.path("pki", ROOT_FILE), MAX_PACKED_BYTES)
        return newest_list(root, self._settings.path(TAKEN, "tuf"), self._lists)

    def _look(self) -> bytes:
        """The newest bundle. Its libraries are loaded by who needs them first; that is no hurry at all."""
        from kiosk.courier.repository import newest_bundle

        root = read_whole_file(self._settings.path("pki", ROOT_FILE), MAX_PACKED_BYTES)
        return newest_bundle(root, self._settings.path(FOLDER, "tuf"), self._bundles)

    def _new_line(self, name: str) -> Line:
        pki = self._settings.path("pki")
        credentials = Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem")
        return Line(self._settings.central_url, credentials, name)


def run(settings: Settings) -> int:
    """Serve until killed."""
    courier = Courier(settings)
    door = Door(settings.path("sock", "courier.sock"), "courier", TO_COURIER, courier.serve)
    door.start()
    courier.start()
    heart, never = Heart((door,)), threading.Event()
    while not never.wait(ROUND_S):
        heart.beat()
    return 0
