"""Sends the outbox to central through the courier, batch by batch, until central acknowledges the rows."""

from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger
from kiosk.log import log_event
from kiosk.protocol.courier import FromCourier, SendEvents
from kiosk.protocol.journal import Row

BATCH_ROWS = 100


class OutboxSender:
    """Sends one batch at a time, the oldest rows first."""

    def __init__(self, ledger: Ledger, courier: Peer[FromCourier]) -> None:
        self._ledger, self._courier = ledger, courier
        self._sent_from = self._sent_up_to = 0

    def courier_up(self) -> None:
        """A new courier knows nothing: send the batch under way again."""
        self._sent_up_to = 0
        self.pump()

    def record(self, fact: Row) -> None:
        """Store a row, and send it on."""
        self._ledger.commit((fact,))
        self.pump()

    def pump(self) -> None:
        """Send the oldest rows that central has not acknowledged, unless a batch is under way."""
        if self._sent_up_to or not self._courier.up:
            return
        rows = self._ledger.outbox(BATCH_ROWS)
        if rows and self._courier.send(SendEvents(rows)):
            self._sent_from, self._sent_up_to = rows[0].seq, rows[-1].seq

    def acked(self, seq: int) -> bool:
        """Central acknowledges all rows up to `seq`.

        False: `seq` is not in the batch under way, so core ignores it.
        """
        if not self._sent_up_to or not self._sent_from <= seq <= self._sent_up_to:
            log_event("acked-unasked", seq=seq, sent=self._sent_up_to)
            return False
        self._ledger.acknowledge(seq)
        if seq == self._sent_up_to:
            self._sent_up_to = 0
        self.pump()
        return True

    def lacking(self, after: int) -> bool:
        """Central lacks the rows behind `after`, which it acknowledged once: send them again, before others.

        False: the machine does not have these rows any more. A second call changes nothing, because the rows
        are already on their way.
        """
        if self._ledger.waits_for_central(after + 1):
            return True
        if not self._ledger.send_again(after):
            return False
        log_event("rows-again", after=after)
        self._sent_up_to = 0
        self.pump()
        return True
