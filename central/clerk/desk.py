"""What every clerk's command needs: the command group, a register open for one transaction, a lot by its name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.commands.data_option import Data
from central.problems import SetupError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from central.registers.parcel import Lot

__all__ = ["CardNumber", "Data", "DongName", "LotNumber", "clerk", "open_register", "parse_lot"]

clerk = typer.Typer(help="Change a register, as its office would.", no_args_is_help=True)

# The other registers share one file.
FILES = {"land": "register.db", "resident": "residents.db"}
_RECORDS = "records.db"
_LOT = re.compile(r"(산 ?)?([0-9]{1,4})(?:-([0-9]{1,4}))?")

DongName = Annotated[str, typer.Argument(help="The dong's name, e.g. 여의도동.")]
CardNumber = Annotated[str, typer.Argument(help="The card's twelve digits: whose record it is.")]
LotNumber = Annotated[str, typer.Argument(help="The lot: 60, 60-1, '산 12'.")]


@contextmanager
def open_register(data: Path, register: str = "land", *, new: bool = False) -> "Iterator[Connection]":
    """A register, open for one transaction; with `new` it may be one that is not there yet."""
    from sqlalchemy import create_engine

    from central.registers.hours import REGISTERS
    from central.registers.records.intake import is_register

    file = data.resolve() / FILES.get(register, _RECORDS)
    if not file.exists():
        raise SetupError(f"{file} is missing; run `central init` first")
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as connection:
            if not (new or register in REGISTERS or is_register(connection, register)):
                raise typer.BadParameter(f"the registers are {', '.join(REGISTERS)}, and those imported")
            yield connection
    finally:
        engine.dispose()


def parse_lot(dong: str, number: str) -> "Lot":
    """The lot. Raises typer.BadParameter for what is no lot of the district."""
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
