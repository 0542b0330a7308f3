"""What happens in one life, drawn from one seed: who comes, what sticks, what gets lost, how the power fails."""

import random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drivers.contract import Supply
from tests.crash.disk import Image
from tests.crash.lives.bus import Fate
from tests.crash.lives.post import Way
from tests.crash.lives.power import Blow


class Want(Struct, frozen=True):
    """One line of an order: copies, sheets of one copy, fee of one copy in KRW."""

    copies: int = 1
    sheets: int = 1
    fee: int = 500


class Citizen(Struct, frozen=True):
    """Who comes. `coins` in the order in which they are put in; after them, or after `cancels_after` of them, the
    order is cancelled, if it is not paid; whose `stays` is false walks off instead. `takes_after_ms`: None leaves the
    paper where it is. `in_the_dark`: pulls out what sticks out when the power has gone. `between_ms`: from one
    coin to the next, or to the cancelling: who is hasty cancels with a coin past the gate. `by_card` where
    there is a terminal: the card is presented after `card_ms` (None: never), and may be `declined`.
    `owner`: whose identity card they bring, where there is a reader; their first line is their own household's.
    `redeems`: they come for money that is owed to them alone, and would have it paid out, unless `another_time`.
    """

    wants: tuple[Want, ...] = (Want(),)
    coins: tuple[int, ...] = (500,)
    cancels_after: int | None = None
    stays: bool = True
    takes_after_ms: int | None = 800
    asks_for_more_time: bool = False
    in_the_dark: bool = False
    between_ms: int = 300
    card_ms: int | None = None
    by_card: bool = False
    declined: bool = False
    owner: str = ""
    redeems: bool = False
    another_time: bool = False
    comes_after_ms: int = 500


class Plan(Struct, frozen=True):
    """A whole life without its blows. Shares are of all commands, requests or messages.

    `notes`: it was built with a bill validator; `terminal`: with one for payment cards; `reader`: with
    one for identity cards. `mains`: with a UPS, which at so many ms says what the machine runs on, with so many seconds
    left; None: its battery is empty. `filled`: what the machine was
    told that its `hopper` holds. `second`, `second_filled`: likewise of a hopper of 500 KRW coins; None: there is none.
    `outages`: after so many ms that device alone is without current for so many; its process dies with it, or not.
    `tick_ms`: core's tick; with nobody there up to `idle_tick_ms`. A life that goes on past `longest_ms` never ends.
    """

    citizens: tuple[Citizen, ...] = (Citizen(),)
    hopper: int = 60
    filled: int = 60
    second: int | None = None
    second_filled: int = 10
    notes: bool = False
    terminal: bool = False
    reader: bool = False
    mains: tuple[tuple[int, Supply | None, int | None], ...] = ()
    outages: tuple[tuple[int, str, int, bool], ...] = ()
    sheet_jams: tuple[int, ...] = ()
    motor_jams: tuple[int, ...] = ()
    refusals: tuple[tuple[int, int, str], ...] = ()
    fates: tuple[tuple[Fate, float], ...] = ()
    ways: tuple[tuple[Way, float], ...] = ()
    down: tuple[tuple[int, int], ...] = ()
    worker_dies: float = 0.0
    image: Image = Image.NONE
    blow: Blow = Blow.POWER
    dark_ms: int = 4_000
    tick_ms: int = 500
    idle_tick_ms: int = 4_000
    longest_ms: int = 45 * 60_000


def draw(rng: random.Random) -> Plan:
    """A life as it may happen. Half of them have no fault but the power's."""
    troubled = rng.random() < 0.5
    citizens = tuple(_citizen(rng) for _ in range(rng.choice((1, 1, 2))))
    plan = Plan(
        citizens=citizens,
        hopper=rng.choice((60, 60, 40, rng.randint(0, 12))),
        image=rng.choice(list(Image)),
        blow=rng.choice((Blow.POWER, Blow.POWER, Blow.POWER, Blow.CORE)),
        dark_ms=rng.choice((1_500, 4_000, 30_000)),
        tick_ms=rng.choice((250, 1_000, 2_000)),
    )
    plan = _troubled(plan, rng) if troubled else plan
    plan = with_notes(plan, rng) if rng.random() < 0.4 else plan
    return _with_terminal(plan, rng) if rng.random() < 0.25 else plan


def _with_terminal(plan: Plan, rng: random.Random) -> Plan:
    """A machine that takes cards; most people would rather pay so."""
    citizens = tuple(
        replace(
            one,
            by_card=rng.random() < 0.7,
            card_ms=rng.choice((300, 1_500, None)),
            declined=rng.random() < 0.15,
        )
        for one in plan.citizens
    )
    return replace(plan, terminal=True, citizens=citizens)


def with_notes(plan: Plan, rng: random.Random) -> Plan:
    """A machine with a validator; most people begin with a note."""
    citizens = tuple(
        replace(one, coins=(rng.choice((1_000, 1_000, 5_000)), *one.coins)) if rng.random() < 0.7 else one
        for one in plan.citizens
    )
    return replace(plan, notes=True, citizens=citizens)


def _citizen(rng: random.Random) -> Citizen:
    wants = tuple(
        Want(rng.choice((1, 1, 2)), rng.choice((1, 1, 2, 3)), rng.choice((500, 500, 300, 800, 0)))
        for _ in range(rng.choice((1, 1, 1, 2)))
    )
    fee = sum(want.copies * want.fee for want in wants)
    coins = _coins(rng, fee)
    return Citizen(
        wants,
        coins,
        cancels_after=rng.randint(0, len(coins)) if rng.random() < 0.2 else None,
        stays=rng.random() < 0.85,
        takes_after_ms=rng.choice((400, 800, 3_000, 20_000, None)) if rng.random() < 0.6 else 800,
        asks_for_more_time=rng.random() < 0.1,
        in_the_dark=rng.random() < 0.6,
        between_ms=rng.choice((300, 300, 40)),
        comes_after_ms=rng.choice((500, 5_000)),
    )


def _coins(rng: random.Random, fee: int) -> tuple[int, ...]:
    """Enough, in one way or another; now and then too little."""
    coins: list[int] = []
    while sum(coins) < fee:
        coins.append(rng.choice((500, 500, 100)))
    if coins and rng.random() < 0.1:
        coins.pop()
    if coins and rng.random() < 0.15:
        coins.append(500)
    return tuple(coins)


def _ways(rng: random.Random) -> tuple[tuple[Way, float], ...]:
    """A little of everything, or much of one thing."""
    troubles = [way for way in Way if way is not Way.WELL]
    if rng.random() < 0.4:
        return ((rng.choice(troubles), rng.choice((0.5, 0.95))),)
    share = rng.choice((0.05, 0.2))
    return tuple((way, share) for way in troubles)


def _troubled(plan: Plan, rng: random.Random) -> Plan:
    changes: dict[str, Any] = {}
    if rng.random() < 0.35:
        changes["sheet_jams"] = (rng.randint(1, 4),)
    if rng.random() < 0.15:
        changes["motor_jams"] = (rng.randint(1, 3),)
    if rng.random() < 0.2:
        code = rng.choice(("changed", "record-under-change"))
        changes["refusals"] = ((rng.randint(1, 2), rng.randint(1, 2), code),)
    if rng.random() < 0.5:
        share = rng.choice((0.02, 0.06))
        changes["fates"] = tuple((fate, share) for fate in Fate if fate is not Fate.WELL)
    if rng.random() < 0.6:
        changes["ways"] = _ways(rng)
    if rng.random() < 0.2:
        begins = rng.randint(3_000, 30_000)
        changes["down"] = ((begins, begins + rng.randint(3_000, 60_000)),)
    if rng.random() < 0.2:
        changes["worker_dies"] = 0.05
    return replace(plan, **changes)
