"""`kiosk cash`: what the hoppers surely hold for change, and to say what was counted into one by hand."""

from datetime import datetime
from typing import Annotated

import typer

from kiosk.commands.asking import MachineOption, ask_machine, machine_at, wait_until
from kiosk.console.choices import whole
from kiosk.console.leaving import leave
from kiosk.console.panels import Group
from kiosk.core.cash_admin import MOST_COINS
from kiosk.protocol import exits

cash = typer.Typer(
    help="The coins for change: what is there, what was counted.", cls=Group, no_args_is_help=True
)

_COUNT_S = 20.0


@cash.command("state")
def state(run: MachineOption = None) -> None:
    """What is surely in each hopper.

    1 when nothing can be counted on in one of them, or it does not answer now.
    """
    found = ask_machine(machine_at(run), "cash")["hoppers"]
    for number, hopper in enumerate(found, 1):
        print(f"hopper {number}   {hopper['coin']:>5,} KRW   {_told(number, hopper)}")
    if not all(hopper["coins"] and hopper["silent_ms"] is None for hopper in found):
        raise typer.Exit(exits.WRONG)


def _time(at_ms: int) -> str:
    from kiosk.clocks import SEOUL

    return f"{datetime.fromtimestamp(at_ms / 1_000, SEOUL):%Y-%m-%d %H:%M}"


def _told(number: int, hopper: dict[str, int | bool | None]) -> str:
    if hopper["silent_ms"] is not None:
        last = (
            "its count is not known" if hopper["coins"] is None else f"last known: {hopper['coins']:,} coins"
        )
        return f"it does not answer since {_time(hopper['silent_ms'])}, see to its cable; {last}"
    if hopper["coins"] is None:
        return "it has not told its count yet"
    count = f"count it, then: kiosk cash counted COINS --hopper {number}"
    if hopper["uncounted"]:
        return f"another one was put in; {count}"
    if hopper["books"] and not hopper["coins"]:
        return f"it says that it is low, the books say {hopper['books']:,} coins; {count}"
    return f"{hopper['coins']:,} coins"


# A number below 0 is no option, and is told as what it is.
@cash.command("counted", context_settings={"ignore_unknown_options": True})
def counted(
    coins: Annotated[
        int, typer.Argument(parser=whole("coins", 0, MOST_COINS), help="all that are in it now")
    ],
    hopper: Annotated[
        int, typer.Option("--hopper", parser=whole("a hopper", 1, 2), metavar="1|2", help="which one")
    ] = 1,
    run: MachineOption = None,
) -> None:
    """Say how many coins were counted into a hopper by hand.

    After a filling or an exchange.
    """
    place = machine_at(run)
    asked = ask_machine(place, "hopper-counted", hopper=hopper - 1, coins=coins)
    if asked["why"] == "hopper":
        leave(exits.USAGE, f"this machine has no hopper {hopper}.")
    if not asked["begun"]:
        leave(exits.WRONG, "somebody is at the machine, or it is being counted; try again in a moment.")
    found = wait_until(
        place,
        "cash",
        lambda now: now["counting"] != "counting",
        _COUNT_S,
        doing="The hopper is asked",
        later="kiosk cash state",
    )
    if found["counting"] == "silent":
        leave(
            exits.MISSING,
            f"hopper {hopper} does not answer, nothing was changed; see to its cable, then say the count again.",
        )
    if found["counting"] != "counted":
        leave(exits.WRONG, "somebody came to the machine meanwhile, nothing was changed; try again.")
    print(f"hopper {hopper}: {_told(hopper, found['hoppers'][hopper - 1])}")
