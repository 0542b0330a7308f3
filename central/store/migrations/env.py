"""Alembic's entry: runs the migrations on the database that `central.store.database.migrate` names."""

from alembic import context
from sqlalchemy import URL, create_engine

from central.store.engine import DURABLE, settle
from central.store.schema import metadata


def run() -> None:
    """Run what is missing in one durable transaction: a power cut leaves the old schema or the new one."""
    file = context.config.attributes["database"]
    engine = create_engine(URL.create("sqlite", database=str(file)))
    settle(engine, DURABLE, "BEGIN IMMEDIATE")
    with engine.begin() as connection:
        context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
        context.run_migrations()
    engine.dispose()


run()
