"""What core does when the courier comes, goes, or brings something from central."""

import socket

from msgspec import Struct

from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.case_file import CaseFile
from kiosk.core.confirming import take_answer
from kiosk.core.heartbeat_sender import HeartbeatSender
from kiosk.core.ledger_upkeep import LedgerUpkeep
from kiosk.core.outbox_sender import OutboxSender
from kiosk.core.sale_state import SaleState
from kiosk.core.start_watch import StartWatch
from kiosk.core.visit_runner import VisitRunner
from kiosk.ipc.peer import Peer
from kiosk.protocol import courier as courier_messages


class CourierEvents(Struct, frozen=True, kw_only=True):
    """Runs on core's one thread. `upkeep`: None if the ledger has no disk."""

    courier: Peer[courier_messages.FromCourier]
    active: ActiveBundle
    visit: VisitRunner
    outbox: OutboxSender
    heartbeat: HeartbeatSender
    cases: CaseFile
    start: StartWatch
    sale: SaleState
    upkeep: LedgerUpkeep | None

    def up(self) -> None:
        """A courier has connected. It knows nothing yet, so core tells it all that is under way."""
        self.courier.send(self.active.in_use)
        self.visit.ask_courier_again()
        self.outbox.courier_up()
        self.heartbeat.courier_up()

    def down(self) -> None:
        """The courier has gone, so central can't be reached."""
        self.sale.link(online=False)

    def said(self, message: courier_messages.FromCourier, _handed: socket.socket | None) -> None:
        """The courier has brought a message."""
        match message:
            case courier_messages.CentralAnswer():
                self.visit.central_answered(message)
            case courier_messages.EventsAcked() | courier_messages.EventsRefused():
                take_answer(message, self.outbox, self.upkeep, self.outbox.record)
            case courier_messages.BundleReady() | courier_messages.BundleLooked():
                self.active.heard(message)
            case courier_messages.CasesResolved(resolved):
                self.cases.heard(resolved)
            case courier_messages.LinkChanged(online, server_time_ms):
                if self.upkeep is not None:
                    self.upkeep.central_said(server_time_ms)
                self.start.linked = True
                self.sale.link(online=online)
