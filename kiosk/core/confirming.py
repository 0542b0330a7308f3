"""Handles central's answer to a batch of journal rows: rows held, rows lacking, or a refused chain.

Decision 0041: if central lacks rows that it acknowledged once, core sends them again from the journal. If the
rows do not follow from central's own last row, central refuses them and goes on refusing them.
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
    """Handle one answer to a batch. `enter` writes a row."""
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
