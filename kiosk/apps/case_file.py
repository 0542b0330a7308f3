"""What persons decided about orders of this machine: entered in the journal, which tells central that it is known."""

from collections.abc import Callable, Iterable

from kiosk.order.saga import Record
from kiosk.protocol.claims import Resolution


class CaseFile:
    """Central says it again at each heartbeat until it has read the journal's row; one a boot is enough."""

    def __init__(self, commit: Callable[[Record], None]) -> None:
        self._commit = commit
        self._entered: set[Resolution] = set()

    def heard(self, resolved: Iterable[Resolution]) -> None:
        """Enter what was not entered since the program started."""
        for one in resolved:
            if one not in self._entered:
                self._entered.add(one)
                body = {"case": one.case, "order": one.order, "verdict": one.verdict, "amount": one.amount}
                self._commit(Record("case-resolved", body))
