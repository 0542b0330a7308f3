"""The authority's own clerk, who empties what it need not keep any longer."""

import typer

from central.clerk.desk import Data, clerk


@clerk.command()
def purge(data: Data) -> None:
    """Empty what was kept of issues whose time is over.

    The time is `retention` of their type.
    """
    import asyncio

    from central.authority.keys import Folder
    from central.authority.retention import purge as empty
    from central.clock import system_clock
    from central.store.database import Database

    async def run() -> int:
        database = Database(Folder(data.resolve()).database)
        await database.start()
        try:
            return await empty(database, system_clock())
        finally:
            await database.close()

    emptied = asyncio.run(run())
    typer.echo(f"{emptied} emptied")
