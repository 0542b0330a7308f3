"""The office of the residents: somebody's record, and the card that shows who they are."""

from typing import Annotated

import typer

from central.clerk.desk import CardNumber, Data, clerk, open_register


@clerk.command()
def resident(
    card: CardNumber,
    state: Annotated[str, typer.Argument(help="live, changing, moving, protected or deceased")],
    data: Data,
) -> None:
    """Change the state of a card holder's resident record.

    Its state, its protection, or its end (for good).
    """
    from central.clock import system_clock
    from central.registers.residents import desk

    with open_register(data, "resident") as connection:
        try:
            desk.mark(connection, card, state, f"{system_clock():%Y-%m-%d}")
        except desk.DeskError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{card}: {state}")


@clerk.command()
def card(
    number: CardNumber,
    state: Annotated[str, typer.Argument(help="valid, lost or replaced")],
    data: Data,
) -> None:
    """Report a card lost, replaced or found."""
    from central.registers.residents import desk

    with open_register(data, "resident") as connection:
        try:
            desk.report(connection, number, state)
        except desk.DeskError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{number}: {state}")
