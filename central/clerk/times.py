"""When a register answers: its hours, and its outages."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from central.clerk.desk import Data, clerk, open_register

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
MAX_OUTAGE = 366 * 24 * 60

Which = Annotated[str, typer.Option("--register", help="land, resident, welfare …")]


@clerk.command()
def hours(
    opens: Annotated[str, typer.Argument()],
    closes: Annotated[str, typer.Argument()],
    data: Data,
    register: Which = "land",
) -> None:
    """Set the hours in which a register answers.

    From OPENS until before CLOSES each day, Seoul time (00:00 24:00 for always).
    """
    from central.registers.hours import set_hours

    with open_register(data, register) as connection:
        set_hours(connection, register, _minute(opens), _minute(closes))
    typer.echo(f"{opens} - {closes}")


@clerk.command()
def outage(
    minutes: Annotated[int, typer.Argument(help="0 ends it.", min=0, max=MAX_OUTAGE)],
    data: Data,
    register: Which = "land",
) -> None:
    """Keep a register from answering for so many minutes."""
    from central.clock import system_clock
    from central.registers.hours import add_outage, end_outages

    now = system_clock()
    with open_register(data, register) as connection:
        end_outages(connection, register)
        if minutes:
            add_outage(connection, register, now, now + timedelta(minutes=minutes))
    typer.echo(f"down for {minutes} minutes" if minutes else "up")


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a time like 09:00")
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
