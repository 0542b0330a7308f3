"""The land office: a new owner, a record under amendment."""

from typing import TYPE_CHECKING, Annotated

import typer

from central.clerk.desk import Data, DongName, LotNumber, clerk, open_register, parse_lot

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from central.registers.parcel import Lot, Parcel

MAX_NAME = 100  # a company's with all of its partners, and still one that a form has room for


@clerk.command()
def transfer(dong: DongName, lot: LotNumber, owner: Annotated[str, typer.Argument()], data: Data) -> None:
    """Enter a new owner of a lot, as of today."""
    import msgspec

    from central.clock import system_clock
    from central.registers.book import rewrite
    from central.registers.parcel import OwnerEntry

    if not (owner.strip() and owner.isprintable() and len(owner) <= MAX_NAME):
        raise typer.BadParameter(f"an owner has a name of at most {MAX_NAME} letters, on one line")
    with open_register(data) as connection:
        parcel = _find(connection, parse_lot(dong, lot))
        last = parcel.owners[-1]
        entry = OwnerEntry(f"{system_clock():%Y-%m-%d}", "03", "소유권이전", last.address, owner, "")
        rewrite(connection, msgspec.structs.replace(parcel, owners=(*parcel.owners, entry), sharers=()))
    typer.echo(f"{dong} {lot}: {owner}")


@clerk.command()
def mark(
    dong: DongName, lot: LotNumber, state: Annotated[str, typer.Argument(help="live or changing")], data: Data
) -> None:
    """Take a lot's record out for amendment, or put it back."""
    import msgspec

    from central.registers.book import rewrite
    from central.registers.parcel import ParcelState

    if state not in (ParcelState.LIVE, ParcelState.CHANGING):
        raise typer.BadParameter("a record is live or changing")
    with open_register(data) as connection:
        parcel = _find(connection, parse_lot(dong, lot))
        rewrite(connection, msgspec.structs.replace(parcel, state=ParcelState(state)))
    typer.echo(f"{dong} {lot}: {state}")


def _find(connection: "Connection", lot: "Lot") -> "Parcel":
    from central.registers.book import read_parcel

    parcel = read_parcel(connection, lot)
    if parcel is None:
        raise typer.BadParameter(f"the register has no lot {lot.number} there")
    return parcel
