"""Everything a running server is made of, opened together and closed together."""

import secrets

from msgspec import Struct

from central.authority.issuing import Issuer
from central.authority.keys import Folder, Keys, load_keys
from central.clock import Clock, system_clock
from central.fleet.board import Board
from central.fleet.journal import Journals
from central.fleet.status import Pulse
from central.registers.book import Book
from central.store.database import Database
from central.store.engine import StoreError


class Services(Struct, frozen=True):
    """The parts, by what they do."""

    folder: Folder
    clock: Clock
    keys: Keys
    database: Database
    book: Book
    issuer: Issuer
    journals: Journals
    pulse: Pulse
    board: Board

    async def close(self) -> None:
        """Let go of the files."""
        await self.book.close()
        await self.database.close()


async def open_services(folder: Folder, clock: Clock = system_clock) -> Services:
    """Open a data folder that `central init` made. Raises PkiError or StoreError."""
    if not folder.register.exists():
        raise StoreError(f"{folder.register} is missing; run `central init` first")
    keys = load_keys(folder, clock())
    database = Database(folder.database)
    await database.start()
    book = Book(folder.register)
    return Services(
        folder=folder,
        clock=clock,
        keys=keys,
        database=database,
        book=book,
        issuer=Issuer(database, book, keys, clock, secrets.randbelow),
        journals=Journals(database, clock),
        pulse=Pulse(database, clock),
        board=Board(),
    )
