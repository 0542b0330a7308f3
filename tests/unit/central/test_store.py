"""The database is what the schema says, durable, and one server's alone."""

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

import central.store
from central.authority.keys import Folder
from central.clock import SEOUL
from central.services import open_services
from central.store.database import HEAD, Database, OnlyServer, migrate
from central.store.engine import StoreError, check_durable, open_engine
from central.store.schema import metadata
from tests.unit.central.office import NOON, Office

MIGRATIONS = Path(central.store.__path__[0]) / "migrations"


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    migrate(tmp_path / "central.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'central.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


def test_migrating_again_changes_nothing_and_the_file_is_private(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    migrate(file)
    before = file.read_bytes()
    migrate(file)
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_database_of_the_first_schema_keeps_its_issues(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = file
    command.upgrade(config, "0001")
    with sqlite3.connect(file) as connection:
        connection.execute(
            "INSERT INTO issue (kiosk, key, status, issued_ms) VALUES ('K', 'one', 'refused', 1)"
        )
    connection.close()
    migrate(file)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT kiosk, key, subject FROM issue").fetchall() == [("K", "one", "")]
    connection.close()


def test_an_issue_of_the_second_schema_gets_an_end_and_a_bare_tombstone_none(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = file
    command.upgrade(config, "0002")
    with sqlite3.connect(file) as connection:
        row = "INSERT INTO issue (kiosk, key, type_code, status, issued_ms) VALUES ('K', ?, ?, ?, ?)"
        last = int(datetime(2025, 12, 31, 23, 59, tzinfo=SEOUL).timestamp() * 1000)
        for values in (("one", "land", "refused", last), ("two", "", "voided", last)):
            connection.execute(row, values)
    connection.close()
    migrate(file)
    end = int(datetime(2031, 1, 1, tzinfo=SEOUL).timestamp() * 1000)
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT key, retain_until_ms, waiver FROM issue ORDER BY key").fetchall()
        assert rows == [("one", end, ""), ("two", 0, "")]
    connection.close()
    command.downgrade(config, "0002")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT key FROM issue ORDER BY key").fetchall() == [("one",), ("two",)]
    connection.close()


def test_a_connection_that_is_not_durable_is_refused(tmp_path: Path) -> None:
    async def tell() -> None:
        engine = open_engine(tmp_path / "x.db", ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"))
        async with engine.connect() as connection:
            with pytest.raises(StoreError, match="synchronous=1"):
                await check_durable(connection)
        await engine.dispose()

    asyncio.run(tell())


def test_a_write_that_fails_half_way_leaves_nothing(office: Office) -> None:
    async def tell() -> None:
        database = Database(office.folder.database)
        await database.start()
        insert = "INSERT INTO orders (kiosk, order_id) VALUES ('K', 'one')"

        async def twice() -> None:
            async with database.writing() as connection:
                await connection.exec_driver_sql(insert)
                await connection.exec_driver_sql(insert)

        with pytest.raises(IntegrityError):
            await twice()
        async with database.reading() as connection:
            assert (await connection.exec_driver_sql("SELECT count(*) FROM orders")).scalar_one() == 0
        await database.close()

    asyncio.run(tell())


def test_a_reader_cannot_write(office: Office) -> None:
    async def tell() -> None:
        database = Database(office.folder.database)
        async with database.reading() as connection:
            with pytest.raises(Exception, match="readonly"):
                await connection.exec_driver_sql("DELETE FROM issue")
        await database.close()

    asyncio.run(tell())


def signing_key(folder: Folder) -> Path:
    [file] = folder.key("signing").iterdir()
    return file


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: folder.database.unlink(), "run `central init`"),
        (lambda folder: folder.register.unlink(), "run `central init`"),
        (lambda folder: folder.residents.unlink(), "run `central init`"),
        (lambda folder: folder.key("subject.key").unlink(), "run `central init`"),
        (lambda folder: folder.key("subject.key").write_bytes(b"short"), "restore it from its backup"),
        (lambda folder: folder.key("cards.pem").unlink(), "run `central init`"),
        (lambda folder: folder.trust_list.unlink(), "run `central init`"),
        (lambda folder: folder.trust_list.write_text("junk"), "restore it from its backup"),
        (lambda folder: signing_key(folder).unlink(), "run `central init`"),
        (lambda folder: signing_key(folder).write_text("junk"), "not a private key"),
        (lambda folder: folder.key("sealing.key").write_bytes(b"junk"), "restore it from its backup"),
        (lambda folder: folder.trust_root.unlink(), "restore it from its backup"),
        (lambda folder: shutil.copy(folder.register, folder.database), "run `central init`"),
    ],
    ids=[
        "database",
        "register",
        "residents",
        "subject",
        "subject-short",
        "cards",
        "list",
        "list-junk",
        "key",
        "key-junk",
        "sealing-junk",
        "root",
        "other-database",
    ],
)
def test_a_damaged_data_folder_is_named_before_serving(
    office: Office, spoil: Callable[[Folder], object], said: str
) -> None:
    spoil(office.folder)
    with pytest.raises(Exception, match=said) as error:
        asyncio.run(open_services(office.folder, lambda: NOON))
    assert type(error.value).__name__ in ("StoreError", "PkiError")


def test_a_database_of_another_version_asks_for_migration(office: Office) -> None:
    with sqlite3.connect(office.folder.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="schema 9999"):
        asyncio.run(open_services(office.folder))


def test_one_server_at_a_time_runs_on_a_folder(tmp_path: Path) -> None:
    first = OnlyServer(tmp_path)
    with pytest.raises(StoreError, match="another central server"):
        OnlyServer(tmp_path)
    first.release()
    OnlyServer(tmp_path).release()


def test_only_the_owner_can_read_the_data_folder(office: Office) -> None:
    folder = Folder(office.folder.data)
    files = [file for file in folder.data.rglob("*") if file.is_file()]
    assert len(files) > 8
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
