"""`central cases`: what waits for a person's decision, the evidence for it, and the decision."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from central.commands.data_option import Data
from central.commands.failures import failures

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from central.claims.cases import Case

cases = typer.Typer(help="Money that a person has to decide about.", no_args_is_help=True)

T = TypeVar("T")
Number = Annotated[int, typer.Argument(help="The case's number.", min=1, max=2**63 - 1)]
MAX_LINE = 4_000  # a journal row's body is far shorter; a terminal is not flooded


@cases.command("list")
def list_cases(
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    number: Annotated[
        str, typer.Option("--number", help="Only those of the transaction that somebody names: K7M-2WX.")
    ] = "",
) -> None:
    """What waits for a person to decide.

    Number, machine, transaction, order, what is owed, why.
    """
    from central.claims.cases import all_cases, open_cases
    from kiosk.protocol.spoken import same

    found = _read(data, all_cases if every or number else open_cases)
    if number:
        found = [case for case in found if same(case.order, number)]
    for case in found:
        typer.echo(_line(case))
    typer.echo(f"{len(found)} case{'' if len(found) == 1 else 's'}")


@cases.command()
def show(number: Number, data: Data) -> None:
    """One case with the machine's own evidence, row by row.

    Nobody's name is in it.
    """
    from central.claims.cases import Case, Evidence, case_of, evidence_of
    from central.clock import written
    from central.vocabulary.legible import legible

    async def look(connection: "AsyncConnection", _now_ms: int) -> tuple[Case, Evidence]:
        case = await case_of(connection, number)
        return case, await evidence_of(connection, case)

    case, evidence = _read(data, look)
    typer.echo(_line(case))
    if case.verdict:
        typer.echo(f"  decided: {legible(case.verdict)} ({legible(case.why, MAX_LINE)})")
    typer.echo("  money:  " + ", ".join(f"{name} {sum_:,}" for name, sum_ in evidence.money.items()))
    for key, document, final in evidence.documents:
        of = f"{legible(document) or '(no number)'} of {legible(key)}"
        typer.echo(f"  document {of}: {legible(final) or 'not ended'}")
    for seq, at_ms, kind, body in evidence.rows:
        at = written(at_ms, "%Y-%m-%d %H:%M:%S")
        typer.echo(f"  {seq:>6} {at} {legible(kind)} {legible(body, MAX_LINE)}")


@cases.command()
def resolve(
    number: Number,
    data: Data,
    verdict: Annotated[
        str,
        typer.Option(
            "--as",
            help="claim: owed, its holder gets it at any machine; paid: the office has paid it by hand; "
            "kept: the paper was handed over; void: nothing is owed.",
        ),
    ],
    why: Annotated[str, typer.Option("--why", help="The reason, for the record. Name no person.")],
) -> None:
    """Decide a case, once.

    The machine hears of it with its next heartbeat.
    """
    from central.claims import cases as book

    if verdict not in set(book.Verdict):
        raise typer.BadParameter(f"--as is one of {', '.join(book.Verdict)}")

    async def decide(connection: "AsyncConnection", now_ms: int) -> None:
        await book.resolve(connection, number, book.Verdict(verdict), why, now_ms)

    _read(data, decide, writing=True)
    typer.echo(f"case {number}: {verdict}")


def _line(case: "Case") -> str:
    from central.clock import written
    from central.vocabulary.legible import legible
    from kiosk.protocol.spoken import spoken

    held = f", held by {legible(case.by_kiosk)}" if case.by_kiosk else ""
    who = "holder known" if case.known else "nobody identified"
    at = written(case.opened_ms, "%Y-%m-%d %H:%M")
    return (
        f"{case.number:>5}  {at:<16}  {legible(case.kiosk)}  {spoken(case.order)}  order {legible(case.order)}  "
        f"{case.owed:,} KRW  {legible(case.state)}{held}  {legible(case.reason) or '-'}  ({who})"
    )


def _read(data: Path, act: "Callable[[AsyncConnection, int], Awaitable[T]]", *, writing: bool = False) -> T:
    """Run `act` with the database and the time; a running server is not disturbed."""
    import asyncio

    from central.authority.keys import Folder
    from central.clock import system_clock, to_ms
    from central.store.database import Database

    async def run() -> T:
        database = Database(Folder(data.resolve()).database)
        await database.start()
        try:
            async with database.writing() if writing else database.reading() as connection:
                return await act(connection, to_ms(system_clock()))
        finally:
            await database.close()

    with failures():
        return asyncio.run(run())
