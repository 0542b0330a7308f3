"""What core makes of central's word on the journal: rows that it holds, rows that it lacks again, a chain that differs.

Decision 0041: a central that lacks what it acknowledged once gets it again from the journal; what does not follow from
central's own last row is refused and stays so.
"""

from collections.abc import Callable

from kiosk.core.ledger_upkeep import LedgerUpkeep
from kiosk.core.pulse import Pulse
from kiosk.protocol import journal
from kiosk.protocol.courier import EventsAcked, EventsRefused


def take_answer(
    answer: EventsAcked | EventsRefused,
    pulse: Pulse,
    keeper: LedgerUpkeep | None,
    enter: Callable[[journal.Row], None],
) -> None:
    """One answer to a batch. `enter` writes a row."""
    match answer:
        case EventsAcked(seq):
            if pulse.acked(seq) and keeper is not None:
                keeper.acked(seq)
        case EventsRefused(acked=int(after)) if pulse.lacking(after):
            if keeper is not None:
                keeper.lacking(after)
        case EventsRefused(code):
            enter(journal.ChainRefused(code))
            if keeper is not None:
                keeper.refused()
