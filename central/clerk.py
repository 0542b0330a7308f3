"""`central clerk`: what an office does to a register meanwhile, so that the kiosk's answers to it can be seen; and the
authority's own clerk, who empties what it need not keep any longer.

Each register is a database of its own; a running server reads it anew for each request.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from central.registers.parcel import Lot, Parcel

clerk = typer.Typer(help="Change a register, as its office would.", no_args_is_help=True)

# The other registers share one file.
_FILES = {"land": "register.db", "resident": "residents.db"}
_RECORDS = "records.db"
_LOT = re.compile(r"(산 ?)?([0-9]{1,4})(?:-([0-9]{1,4}))?")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")

Data = Annotated[Path, typer.Option("--data", help="The server's data folder.", file_okay=False)]
DongName = Annotated[str, typer.Argument(help="The dong's name, e.g. 여의도동.")]
CardNumber = Annotated[str, typer.Argument(help="The card's twelve digits: whose record it is.")]
Which = Annotated[str, typer.Option("--register", help="land, resident, welfare …")]
LotNumber = Annotated[str, typer.Argument(help="The lot: 60, 60-1, '산 12'.")]


@clerk.command()
def transfer(dong: DongName, lot: LotNumber, owner: Annotated[str, typer.Argument()], data: Data) -> None:
    """Enter a new owner, as of today."""
    import msgspec

    from central.clock import system_clock
    from central.registers.book import rewrite
    from central.registers.parcel import OwnerEntry

    with _register(data) as connection:
        parcel = _find(connection, _parse(dong, lot))
        last = parcel.owners[-1]
        entry = OwnerEntry(f"{system_clock():%Y-%m-%d}", "03", "소유권이전", last.address, owner, "")
        rewrite(connection, msgspec.structs.replace(parcel, owners=(*parcel.owners, entry), sharers=()))
    typer.echo(f"{dong} {lot}: {owner}")


@clerk.command()
def mark(
    dong: DongName, lot: LotNumber, state: Annotated[str, typer.Argument(help="live or changing")], data: Data
) -> None:
    """Take a record out for amendment (changing), or put it back (live)."""
    import msgspec

    from central.registers.book import rewrite
    from central.registers.parcel import ParcelState

    if state not in (ParcelState.LIVE, ParcelState.CHANGING):
        raise typer.BadParameter("a record is live or changing")
    with _register(data) as connection:
        parcel = _find(connection, _parse(dong, lot))
        rewrite(connection, msgspec.structs.replace(parcel, state=ParcelState(state)))
    typer.echo(f"{dong} {lot}: {state}")


@clerk.command()
def resident(
    card: CardNumber,
    state: Annotated[str, typer.Argument(help="live, changing, moving, protected or deceased")],
    data: Data,
) -> None:
    """Change the resident record of a card's holder: its state, its protection, or its end (for good)."""
    from central.clock import system_clock
    from central.registers.residents import desk

    with _register(data, "resident") as connection:
        try:
            desk.mark(connection, card, state, f"{system_clock():%Y-%m-%d}")
        except desk.DeskError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{card}: {state}")


@clerk.command()
def record(
    kind: Annotated[str, typer.Argument(help="The kind of record: livelihood …")],
    card: CardNumber,
    state: Annotated[str, typer.Argument(help="live, changing or closed")],
    data: Data,
) -> None:
    """Take the records of a kind of a card's holder out for amendment, close them, or put them back."""
    from central.registers.hours import WELFARE_REGISTER
    from central.registers.records.book import set_state
    from central.registers.records.record import RecordState
    from central.registers.residents.book import find_holder

    if state not in list(RecordState):
        raise typer.BadParameter(f"a record is {', '.join(RecordState)}")
    with _register(data, "resident") as connection:
        holder = find_holder(connection, card)
    if holder is None:
        raise typer.BadParameter(f"there is no card {card}")
    with _register(data, WELFARE_REGISTER) as connection:
        if not set_state(connection, kind, holder.person.id, RecordState(state)):
            raise typer.BadParameter(f"there is no {kind} record of that person")
    typer.echo(f"{kind} of {card}: {state}")


@clerk.command("import")
def take_in_records(
    register: Annotated[
        str, typer.Argument(help="The register's name; a new one is opened around the clock.")
    ],
    file: Annotated[Path, typer.Argument(help="JSON lines, a record each.", dir_okay=False, exists=True)],
    data: Data,
) -> None:
    """Take another agency's records into a register: new ones are entered, those that are there replaced."""
    from central.registers.records import intake
    from central.registers.residents.book import ids_by_number

    if not _NAME.fullmatch(register) or register in _FILES:
        raise typer.BadParameter(f"{register!r} can't be a register of records")
    with _register(data, "resident") as connection:
        people = ids_by_number(connection)
    try:
        found = intake.read_entries(file.read_bytes().splitlines(), people)
    except intake.IntakeError as error:
        raise typer.BadParameter(f"{file}: {error}") from None
    with _register(data, register, new=True) as connection:
        intake.take_in(connection, register, found)
    typer.echo(f"{register}: {len(found)} records")


@clerk.command()
def sheet(
    kind: Annotated[str, typer.Argument(help="building, site-right, real-estate-registry or factory.")],
    dong: DongName,
    lot: LotNumber,
    which: Annotated[
        str, typer.Argument(help="The path on the lot: b1, b1/101/12/1203, land, a factory's number.")
    ],
    state: Annotated[str, typer.Argument(help="live, changing or closed")],
    data: Data,
) -> None:
    """Take one record of what stands on a lot out for amendment, close it, or put it back."""
    from central.registers.hours import BUILDING_REGISTER
    from central.registers.records.book import set_state_on_lot
    from central.registers.records.record import RecordState

    if state not in list(RecordState):
        raise typer.BadParameter(f"a record is {', '.join(RecordState)}")
    found = _parse(dong, lot)
    with _register(data, BUILDING_REGISTER) as connection:
        if not set_state_on_lot(connection, kind, found.unique_no, which, RecordState(state)):
            raise typer.BadParameter(f"there is no {kind} record {which} on that lot")
    typer.echo(f"{kind} of {dong} {lot} {which}: {state}")


@clerk.command()
def card(
    number: CardNumber,
    state: Annotated[str, typer.Argument(help="valid, lost or replaced")],
    data: Data,
) -> None:
    """Report a card lost, replaced or found."""
    from central.registers.residents import desk

    with _register(data, "resident") as connection:
        try:
            desk.report(connection, number, state)
        except desk.DeskError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{number}: {state}")


@clerk.command()
def hours(
    opens: Annotated[str, typer.Argument()],
    closes: Annotated[str, typer.Argument()],
    data: Data,
    register: Which = "land",
) -> None:
    """A register answers from OPENS until before CLOSES each day, Seoul time (00:00 24:00 for always)."""
    from central.registers.hours import set_hours

    with _register(data, register) as connection:
        set_hours(connection, register, _minute(opens), _minute(closes))
    typer.echo(f"{opens} - {closes}")


@clerk.command()
def outage(
    minutes: Annotated[int, typer.Argument(help="0 ends it.", min=0)], data: Data, register: Which = "land"
) -> None:
    """A register does not answer for so many minutes from now."""
    from central.clock import system_clock
    from central.registers.hours import add_outage, end_outages

    now = system_clock()
    with _register(data, register) as connection:
        end_outages(connection, register)
        if minutes:
            add_outage(connection, register, now, now + timedelta(minutes=minutes))
    typer.echo(f"down for {minutes} minutes" if minutes else "up")


@clerk.command()
def purge(data: Data) -> None:
    """Empty what the authority kept of issues whose time is over (`retention` of their type)."""
    import asyncio

    from central.authority.keys import Folder
    from central.authority.retention import purge as empty
    from central.clock import system_clock
    from central.problems import SetupError
    from central.store.database import Database

    async def run() -> int:
        database = Database(Folder(data.resolve()).database)
        await database.start()
        try:
            return await empty(database, system_clock())
        finally:
            await database.close()

    try:
        emptied = asyncio.run(run())
    except SetupError as error:
        typer.echo(f"central: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{emptied} emptied")


@contextmanager
def _register(data: Path, register: str = "land", *, new: bool = False) -> "Iterator[Connection]":
    """A register, open for one transaction; with `new` it may be one that is not there yet."""
    from sqlalchemy import create_engine

    from central.registers.hours import REGISTERS
    from central.registers.records.intake import is_register

    file = data.resolve() / _FILES.get(register, _RECORDS)
    if not file.exists():
        typer.echo(f"central: {file} is missing; run `central init` first", err=True)
        raise typer.Exit(2)
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as connection:
            if not (new or register in REGISTERS or is_register(connection, register)):
                raise typer.BadParameter(f"the registers are {', '.join(REGISTERS)}, and those imported")
            yield connection
    finally:
        engine.dispose()


def _find(connection: "Connection", lot: "Lot") -> "Parcel":
    from central.registers.book import read_parcel

    parcel = read_parcel(connection, lot)
    if parcel is None:
        raise typer.BadParameter(f"the register has no lot {lot.number} there")
    return parcel


def _parse(dong: str, number: str) -> "Lot":
    from central.registers.district import dong_named
    from central.registers.parcel import Lot

    found = _LOT.fullmatch(number)
    if found is None:
        raise typer.BadParameter(f"{number!r} is not a lot number like 60, 60-1 or '산 12'")
    try:
        code = dong_named(dong).code
    except KeyError:
        raise typer.BadParameter(f"there is no {dong} in Yeongdeungpo-gu") from None
    return Lot(code, found[1] is not None, int(found[2]), int(found[3] or 0))


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a time like 09:00")
    return int(found[1]) * 60 + int(found[2])
