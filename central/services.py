"""Everything a running server is made of, opened together and closed together."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from central.authority.drafting import Drafting
from central.authority.identity import Identities
from central.authority.issuing import Issuer
from central.authority.keys import Folder, Keys, load_keys
from central.authority.repertoire import Repertoire
from central.authority.types import IssuedType
from central.authority.waivers import Waivers
from central.bundles.repository import Repository
from central.bundles.required import Required
from central.claims.claim_service import ClaimService
from central.clock import Clock, system_clock
from central.fleet.board import Board
from central.fleet.journal import Journals
from central.fleet.status import HeartbeatStore
from central.registers.book import Book
from central.registers.offices import Offices
from central.registers.on_lots import LotRegister
from central.registers.personal import PersonalRegister
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
    personal: PersonalRegister
    on_lots: LotRegister
    identities: Identities
    repertoire: Repertoire
    repository: Repository
    required: Required
    desk: Drafting
    issuer: Issuer
    claims: ClaimService
    journals: Journals
    heartbeats: HeartbeatStore
    board: Board

    @property
    def types(self) -> Mapping[str, IssuedType]:
        """What is issued, by code."""
        return self.repertoire.types

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
    repertoire, required = Repertoire(folder.types), Required(folder.required)
    personal, on_lots = PersonalRegister(residents, records), LotRegister(book, records)
    offices = Offices(book, residents, personal, on_lots)
    desk = Drafting(offices, identities, repertoire, required, Waivers(records), keys.lists)
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
        repertoire=repertoire,
        repository=repository_of(folder),
        required=required,
        desk=desk,
        issuer=Issuer(database, desk, keys, repertoire, clock, secrets.randbelow),
        claims=ClaimService(database, identities, clock),
        journals=Journals(database, clock),
        heartbeats=HeartbeatStore(database, clock, required, keys.lists),
        board=Board(),
    )


def repository_of(folder: Folder, offline: Path | None = None) -> Repository:
    """What is published from this data folder. `offline`: where root and targets keys are, if not in it."""
    return Repository(folder.bundles, offline or folder.offline, folder.key("bundles") / "online")
