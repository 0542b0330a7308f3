"""Whose fee is waived: what a type's [[waiver]] rows name, looked up in the register that knows it, this very moment.

A register that does not answer says nothing about anybody. Then the fee is asked with the note WAIVER_UNKNOWN, which
the citizen reads before paying: nobody who may be entitled is charged without having been told. A record that is being
amended still counts; one that was closed does not.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

import msgspec

from central.clock import SEOUL
from central.registers.records.book import RecordBook
from central.registers.records.record import RecordState
from kiosk.protocol.central import WAIVER_UNKNOWN, Quote
from kiosk.protocol.certificates import TypeFile, Waiver, waivers_on


class Waivers:
    """Looks up whether somebody is entitled."""

    def __init__(self, records: RecordBook) -> None:
        self._records = records

    async def apply(
        self, kind: TypeFile, quote: Quote, person: int, now: datetime
    ) -> tuple[Quote, tuple[str, ...]]:
        """The quote for this person, and notes for the citizen. The first waiver of the file that holds is named."""
        if not (quote.base or quote.extra_per_sheet):
            return quote, ()
        rows = waivers_on(kind.waiver, now.astimezone(SEOUL).date())
        found, silent = await self._entitled(rows, person, now)
        if found is not None:
            return msgspec.structs.replace(quote, waiver=found.code), ()
        return quote, (WAIVER_UNKNOWN,) if silent else ()

    async def _entitled(
        self, rows: Iterable[Waiver], person: int, now: datetime
    ) -> tuple[Waiver | None, bool]:
        """The waiver that holds, and whether a register that was asked did not answer."""
        silent = False
        for register, named in groupby(rows, lambda row: row.register):
            waivers = tuple(named)
            kinds = {waiver.record for waiver in waivers}
            reading = await self._records.of_kinds(register, kinds, person, now)
            held = {record.kind for record in reading.records if record.state is not RecordState.CLOSED}
            if found := next((waiver for waiver in waivers if waiver.record in held), None):
                return found, False
            silent = silent or bool(reading.closed)
        return None, silent
