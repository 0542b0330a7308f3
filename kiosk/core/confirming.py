"""What core makes of central's word on the journal: rows that it holds, rows that it lacks again, a chain that differs.

Decision 0041: a central that lacks what it acknowledged once gets it again from the journal; what does not follow from
central's own last row is refused and stays so.
"""

from collections.abc import Callable

from kiosk.core.ledger_upkeep import LedgerUpkeep
from kiosk.core.outbox_sender import OutboxSender
from kiosk.protocol import journal
from kiosk.protocol.courier import EventsAcked, EventsRefused


def take_answer(
    answer: EventsAcked | EventsRefused,
    outbox: OutboxSender,
    upkeep: LedgerUpkeep | None,
    enter: Callable[[journal.Row], None],
) -> None:
    """One answer to a batch. `enter` writes a row."""
    match answer:
        case EventsAcked(seq):
            if outbox.acked(seq) and upkeep is not None:
                upkeep.acked(seq)
        case EventsRefused(acked=int(after)) if outbox.lacking(after):
            if upkeep is not None:
                upkeep.lacking(after)
        case EventsRefused(code):
            enter(journal.ChainRefused(code))
            if upkeep is not None:
                upkeep.refused()
