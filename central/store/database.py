"""Central's database: readers as many as they like, one writer at a time, and the schema's version checked at start."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from central.store.engine import DURABLE, READ_ONLY, StoreError, check_durable, open_engine
from kiosk.protocol import exits

HEAD = "0005"  # the newest file in store/migrations/versions
_READERS = 3


class Database:
    """One open data base. `writing` is serialised: its transaction sees all before it and commits before it returns."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writer = open_engine(file, DURABLE, begin="BEGIN IMMEDIATE")
        self._readers = open_engine(file, READ_ONLY, connections=_READERS)
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Check the settings and the schema's version. Raises StoreError, OSError, with the file let go of."""
        try:
            self._see()
            await self._check()
        except BaseException:
            await self.close()
            raise

    def _see(self) -> None:
        """SQLite says the same of a file that is not there as of one that is somebody else's."""
        try:
            with self._file.open("rb"):
                pass
        except FileNotFoundError as error:
            raise StoreError(f"{self._file} is missing; run `central init` first") from error

    async def _check(self) -> None:
        try:
            async with self._writer.connect() as connection:
                await check_durable(connection)
                version = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
                found = version.scalar_one()
        except DBAPIError as error:
            fault = exits.fault_of(error.orig) if error.orig is not None else None
            if fault is not None and fault.code == exits.MISSING:
                raise StoreError(exits.sentence(fault, str(self._file)), fault.code) from error
            raise StoreError(f"{self._file} is not central's database; run `central init` first") from error
        if found != HEAD:
            mend = f"this program needs {HEAD}; run `central init` to migrate"
            raise StoreError(f"{self._file} has schema {found}, {mend}")

    async def close(self) -> None:
        """Let go of the file."""
        await self._readers.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """The one write transaction of this moment; durable when the block has ended, nothing happened if it raises."""
        async with self._turn, self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view of what is committed."""
        async with self._readers.connect() as connection:
            yield connection


class OnlyServer:
    """The promise that one server runs on a data folder: a lock that dies with the process."""

    def __init__(self, data: Path) -> None:
        self._handle = os.open(data / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            sentence = f"another central server is running on {data}; stop it first"
            raise StoreError(sentence, exits.MISSING) from None

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._handle)


def migrate(file: Path) -> None:
    """Bring the database to the newest schema, making it if it isn't there."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["database"] = file
    command.upgrade(config, "head")
    file.chmod(0o600)
