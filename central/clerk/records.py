"""The offices whose registers are in item form: a person's records, those on a lot, and another agency's taken in."""

import re
from pathlib import Path
from typing import Annotated

import typer

from central.clerk.desk import FILES, CardNumber, Data, DongName, LotNumber, clerk, open_register, parse_lot

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@clerk.command()
def record(
    kind: Annotated[str, typer.Argument(help="The kind of record: livelihood …")],
    card: CardNumber,
    state: Annotated[str, typer.Argument(help="live, changing or closed")],
    data: Data,
) -> None:
    """Change the state of a person's records of one kind.

    Take them out for amendment, close them, or put them back.
    """
    from central.registers.hours import WELFARE_REGISTER
    from central.registers.records.book import set_state
    from central.registers.records.record import RecordState
    from central.registers.residents.book import find_holder

    if state not in list(RecordState):
        raise typer.BadParameter(f"a record is {', '.join(RecordState)}")
    with open_register(data, "resident") as connection:
        holder = find_holder(connection, card)
    if holder is None:
        raise typer.BadParameter(f"there is no card {card}")
    with open_register(data, WELFARE_REGISTER) as connection:
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
    """Take another agency's records into a register.

    New ones are entered, those that are there replaced.
    """
    from central.registers.records import intake
    from central.registers.residents.book import ids_by_number

    if not _NAME.fullmatch(register) or register in FILES:
        raise typer.BadParameter(f"{register!r} can't be a register of records")
    with open_register(data, "resident") as connection:
        people = ids_by_number(connection)
    try:
        found = intake.read_entries(file.read_bytes().splitlines(), people)
    except intake.IntakeError as error:
        raise typer.BadParameter(f"{file}: {error}") from None
    with open_register(data, register, new=True) as connection:
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
    """Change the state of one record of what stands on a lot.

    Take it out for amendment, close it, or put it back.
    """
    from central.registers.hours import BUILDING_REGISTER
    from central.registers.records.book import set_state_on_lot
    from central.registers.records.record import RecordState

    if state not in list(RecordState):
        raise typer.BadParameter(f"a record is {', '.join(RecordState)}")
    found = parse_lot(dong, lot)
    with open_register(data, BUILDING_REGISTER) as connection:
        if not set_state_on_lot(connection, kind, found.unique_no, which, RecordState(state)):
            raise typer.BadParameter(f"there is no {kind} record {which} on that lot")
    typer.echo(f"{kind} of {dong} {lot} {which}: {state}")
