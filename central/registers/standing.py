"""Reading an item-form register for a certificate of what stands on a lot, which anybody may ask for by the lot.

Where the lot lies and what kind of land it is comes from the land register. The refusal codes are the kiosk's message
keys: those of land.py, no-record, record-under-change, choice-unknown, no-english-record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from central.clock import SEOUL
from central.registers.book import Book
from central.registers.family import CATEGORIES_IN_ENGLISH
from central.registers.land import parse_lot, standing_parcel
from central.registers.parcel import Parcel, parcel_items
from central.registers.records.book import RecordBook
from central.registers.records.paper import paper_data, the_record
from central.registers.records.source import Source
from central.registers.refusal import RefusedError
from central.registers.roman import location_in_english, lot_in_english
from kiosk.protocol.certificates import ENGLISH, TypeFile


class StandingDesk:
    """The offices whose registers hold what stands on a lot: one record or several."""

    def __init__(self, land: Book, records: RecordBook) -> None:
        self._land = land
        self._records = records

    async def read_certificate(
        self,
        kind: TypeFile,
        source: Source,
        subject: Mapping[str, str],
        options: Mapping[str, str],
        now: datetime,
        which: str = "",
    ) -> dict[str, Any]:
        """The data as the registers stand now. Raises RefusedError; WhichError where several stand on the lot."""
        lot = parse_lot(subject)
        parcel = await standing_parcel(self._land, lot, now)
        found = await self._records.on_lot(kind.register, source.record, lot, now)
        if found.closed:
            raise RefusedError(found.closed)
        record = the_record(found.records, source, which)
        korean, english = parcel_items(parcel), _in_english(parcel)
        items = {**record.items, **{field: korean[what] for field, what in source.parcel.items()}}
        items[ENGLISH] = {
            **record.items.get(ENGLISH, {}),
            **{field: english[what] for field, what in source.parcel.items() if what in english},
        }
        return paper_data(kind, source, items, options, now.astimezone(SEOUL).date())


def _in_english(parcel: Parcel) -> dict[str, str]:
    """What the land register has in English of a parcel, by the names of parcel_items."""
    items = parcel_items(parcel)
    return {
        "location": location_in_english(items["location"]),
        "lot": lot_in_english(items["lot"]),
        "category": CATEGORIES_IN_ENGLISH.get(items["category"], ""),
    }
