"""Enters in the journal how claims of this machine's orders ended.

The row tells central that core knows it.
"""

from collections.abc import Callable, Iterable

from kiosk.ledger.claims import settle
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import journal
from kiosk.protocol.claims import Resolution


class CaseFile:
    """Enters each resolution once a boot: central repeats it at each heartbeat until it has read the row.

    `entered` is called after each row.
    """

    def __init__(self, ledger: Ledger, entered: Callable[[], None]) -> None:
        self._ledger, self._told = ledger, entered
        self._entered: set[Resolution] = set()

    def heard(self, resolved: Iterable[Resolution]) -> None:
        """Enter each resolution that was not entered since the program started, and settle its claim."""
        for one in resolved:
            if one not in self._entered:
                self._entered.add(one)
                self._enter(one)

    def _enter(self, one: Resolution) -> None:
        said = journal.CaseResolved(one.case, one.order, one.verdict, one.amount)

        def claim_too(seq: int, _head: str) -> None:
            settle(self._ledger.db, said, seq)

        self._ledger.commit((said,), also=claim_too)
        self._told()
