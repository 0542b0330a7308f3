"""Everything a running server is made of, opened together and closed together."""

import secrets
from collections.abc import Mapping

from msgspec import Struct

from central.authority.drafting import DraftDesk
from central.authority.forms import load_forms
from central.authority.identity import Identities
from central.authority.issuing import Issuer
from central.authority.keys import Folder, Keys, load_keys
from central.authority.types import IssuedType, load_types
from central.clock import Clock, system_clock
from central.fleet.board import Board
from central.fleet.journal import Journals
from central.fleet.status import Pulse
from central.registers.book import Book
from central.registers.on_lots import LotDesk
from central.registers.personal import PersonalDesk
from central.registers.records.book import RecordBook
from central.registers.residents.book import ResidentBook
from central.store.database import Database
from central.store.engine import StoreError


class Services(Struct, frozen=True):
    """The parts, by what they do."""

    folder: Folder
    clock: Clock
    keys: Keys
    database: Database
    book: Book
    residents: ResidentBook
    records: RecordBook
    personal: PersonalDesk
    on_lots: LotDesk
    identities: Identities
    types: Mapping[str, IssuedType]
    desk: DraftDesk
    issuer: Issuer
    journals: Journals
    pulse: Pulse
    board: Board

    async def close(self) -> None:
        """Let go of the files."""
        await self.records.close()
        await self.residents.close()
        await self.book.close()
        await self.database.close()


async def open_services(folder: Folder, clock: Clock = system_clock) -> Services:
    """Open a data folder that `central init` made. Raises PkiError, StoreError or FormsError."""
    for register in (folder.register, folder.residents, folder.records):
        if not register.exists():
            raise StoreError(f"{register} is missing; run `central init` first")
    keys = load_keys(folder, clock())
    database = Database(folder.database)
    await database.start()
    book, residents = Book(folder.register), ResidentBook(folder.residents)
    records = RecordBook(folder.records)
    identities = Identities(database, residents, keys, clock, secrets.token_bytes)
    types = load_types()
    personal = PersonalDesk(residents, records)
    on_lots = LotDesk(book, records)
    desk = DraftDesk(book, residents, personal, on_lots, identities, load_forms(), types)
    return Services(
        folder=folder,
        clock=clock,
        keys=keys,
        database=database,
        book=book,
        residents=residents,
        records=records,
        personal=personal,
        on_lots=on_lots,
        identities=identities,
        types=types,
        desk=desk,
        issuer=Issuer(database, desk, keys, clock, secrets.randbelow),
        journals=Journals(database, clock),
        pulse=Pulse(database, clock),
        board=Board(),
    )
