"""What central owes to people: its own book and desk of claims (`central/claims/`), on a database in memory."""

from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, delete, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import StaticPool

from central.claims import book, claim_service
from central.problems import ProblemError
from central.store.schema import claim, redemption
from kiosk.protocol.claims import ClaimsAnswer, ClaimsRequest

KIOSK = "YDP-0001"
T = TypeVar("T")


class _Alone:
    """One connection as those coroutines want it; nothing of them ever waits here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, *statement: Any) -> Any:
        return self._connection.execute(*statement)


class Owed:
    """The two tables, empty at the beginning of a life."""

    def __init__(self) -> None:
        with _engine().begin() as connection:
            for table in (claim, redemption):
                connection.execute(delete(table))

    def closed(self, body: dict[str, Any], at_ms: int) -> bool:
        """An order has ended, as its journal says; False where more was paid than was held."""
        disputed = body["outcome"] == "DISPUTED"
        sums = (body["claim"], body["paid"], body.get("holder", ""))
        end = book.Ended(KIOSK, body["order"], *sums, disputed, body["reason"], at_ms)
        if body.get("redeems"):
            return _at_once(lambda connection: book.write_off(connection, end))
        _at_once(lambda connection: book.enter(connection, end))
        return True

    def hold(self, order: str, holder: str, most: int, now_ms: int) -> ClaimsAnswer | None:
        """What this redemption holds from now on; None once it is over."""
        request = ClaimsRequest(KIOSK, order, b"", b"", most)
        try:
            return _at_once(lambda connection: claim_service.hold_for(connection, request, holder, now_ms))
        except ProblemError:
            return None

    def claims(self) -> list[RowMapping]:
        """The whole book."""
        with _engine().begin() as connection:
            return list(connection.execute(select(claim)).mappings())


def _at_once(work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    with _engine().begin() as connection:
        coroutine = work(cast(AsyncConnection, _Alone(connection)))
        try:
            coroutine.send(None)
        except StopIteration as end:
            return cast(T, end.value)
        raise AssertionError("a claim waits for something")


@cache
def _engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    for table in (claim, redemption):
        table.create(engine)
    return engine
