"""The registers of this authority, and how a certificate of each kind of subject is read from them."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from central.registers import land, resident
from central.registers.book import Book
from central.registers.on_lots import LotRegister
from central.registers.personal import PersonalRegister
from central.registers.records.source import Source
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate
from central.registers.residents.book import ResidentBook
from kiosk.protocol.certificates import TypeFile

NOBODY = 0


class Offices(Struct, frozen=True):
    """Who keeps what: `book` the land, `residents` the people, the others the registers in item form."""

    book: Book
    residents: ResidentBook
    personal: PersonalRegister
    on_lots: LotRegister

    async def of_lot(
        self,
        kind: TypeFile,
        source: Source | None,
        subject: Mapping[str, str],
        options: Mapping[str, str],
        now: datetime,
        which: str,
    ) -> Certificate:
        """A certificate that anybody may ask for by the lot. Raises RefusedError, WhichError."""
        if source is None:
            raise RefusedError("type-unknown")
        if source.lot is not None:
            data = await self.on_lots.read_certificate(kind, source, subject, options, now, which)
        else:
            data = await land.read_certificate(self.book, kind, source, subject, options, now)
        return Certificate(NOBODY, data)

    async def of_person(
        self,
        kind: TypeFile,
        source: Source | None,
        person: int,
        options: Mapping[str, str],
        now: datetime,
        which: str,
    ) -> Certificate:
        """A certificate of somebody who was identified. Raises RefusedError, WhichError."""
        if source is None:
            return await resident.read_certificate(self.residents, kind.code, person, options, now)
        return await self.personal.read_certificate(kind, source, person, options, now, which)
