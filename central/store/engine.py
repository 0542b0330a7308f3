"""Opening SQLite through SQLAlchemy: the settings that make a commit durable, and a BEGIN that means it.

WAL + synchronous FULL loses no acknowledged commit in a power cut. Writers take the lock at BEGIN (IMMEDIATE), so a
read-then-write never fails half way with BUSY_SNAPSHOT; statements' parameters never appear in an error's text.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from central.problems import SetupError

DURABLE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=5000",
)
READ_ONLY = (
    "PRAGMA query_only=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=5000",
)


class StoreError(SetupError):
    """The database cannot be used as it is; the message says why and what to do."""


def open_engine(
    file: Path,
    pragmas: Sequence[str],
    *,
    connections: int = 1,
    begin: str = "BEGIN",
    any_text: bool = False,
) -> AsyncEngine:
    """An engine on `file` whose every connection runs `pragmas` first and starts its transactions with `begin`.

    `any_text`: for showing what is stored. Bytes that are no UTF-8 (a bad disk) are read as marks, and do not fail the
    page on which everything else stands; what is acted on is bytes, or is compared with a digest.
    """
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
    )

    settle(engine.sync_engine, pragmas, begin)
    if any_text:
        event.listen(engine.sync_engine, "connect", _read_any_text)
    return engine


def _read_any_text(connection: Any, _record: object) -> None:
    connection.driver_connection.text_factory = _text


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def settle(engine: Engine, pragmas: Sequence[str], begin: str) -> None:
    """Have each connection run `pragmas` at once, and each transaction, also one of DDL, start with `begin`."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver issues no BEGIN of its own
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


async def check_durable(connection: AsyncConnection) -> None:
    """Read the settings back. Raises StoreError: a database on such a disk must not take money's records."""
    mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
    synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
    if (mode, synchronous) != ("wal", 2):
        raise StoreError(
            f"the database runs with journal_mode={mode}, synchronous={synchronous} instead of wal and 2; "
            "put the data folder on a local disk"
        )
