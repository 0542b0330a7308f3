"""What is left when the power fails, or core alone dies: memories are gone, things stay where they are."""

from collections.abc import Iterator
from itertools import product

from msgspec.structs import replace

from kiosk.order import effects as order_effects
from tests.proof.payment import Bill, Spot
from tests.proof.world import Core, Far, Power, Setting, Word, World


def dark(setting: Setting, world: World) -> Iterator[World]:
    """The power fails: memories are gone, motors stand still; a coin past the gate is counted or falls back."""
    cash, bills = world.cash, set(_bills_in_the_dark(setting, world.bill))
    for landed, bill in product({cash.in_flight, 0}, bills):
        sensed = cash.sensed + landed
        counted = cash.counted + landed
        yield World(
            _lost(world.core, Power.DARK),
            replace(
                cash,
                coins_in=cash.coins_in - cash.in_flight + landed,
                in_flight=0,
                sensed=sensed,
                counted=counted if setting.lasting_accepts else 0,
                worthless=sensed,
                accepting=False,
                ready=False,
                counted_out=cash.counted_out if setting.lasting_payouts else 0,
                left=0,
                paying="",
                asked=(),
                said=(),
            ),
            replace(world.paper, held=False, job=None, taken_untold=False, asked=(), said=()),
            _unanswered(world.far),
            bill,
            replace(world.card, linked=False, asked=(), said=()),
        )


def _bills_in_the_dark(setting: Setting, bill: Bill) -> Iterator[Bill]:
    """Where the note is when the validator answers again: it does so once its path is clear, or says that it is not.

    A note that it was not told to stack it gives back.
    """
    if not setting.bills:
        yield bill
        return
    lost = replace(
        bill, events=0, taking=False, known=False, sent=False, key="", back=False, reset=True, new=True
    )
    yield from ends(lost, ordered=bill.sent)
    if bill.spot is Spot.MOVING and not setting.clears_first:
        yield lost


def ends(bill: Bill, *, ordered: bool) -> Iterator[Bill]:
    """How a note may end that was in the validator when its current went; `ordered`: to the stacker."""
    given_back = replace(bill, spot=Spot.NONE)
    stacked = replace(bill, spot=Spot.NONE, stacked=bill.stacked + 1)
    match bill.spot:
        case Spot.NONE:
            yield bill
        case Spot.ESCROW:
            yield given_back
            if ordered:
                yield stacked
        case Spot.MOVING:
            yield from (given_back, stacked, replace(bill, spot=Spot.STUCK))
        case Spot.STUCK:
            yield from (given_back, bill)


def down(world: World) -> World:
    """Core dies alone: what devices were told to do they do, and nobody hears of it; acceptance is off."""
    asked = tuple(e for e in world.cash.asked if isinstance(e, order_effects.PayOut))
    paper = tuple(
        dict.fromkeys(
            e
            for e in world.paper.asked
            if not isinstance(e, order_effects.ReadPaper | order_effects.FollowJob)
        )
    )
    return World(
        _lost(world.core, Power.DOWN),
        replace(world.cash, accepting=False, ready=False, asked=asked, said=()),
        replace(world.paper, asked=paper, said=(), taken_untold=False),
        _unanswered(world.far),
        replace(world.bill, taking=False, known=False, key="", back=False),
        replace(
            world.card,
            linked=False,
            asked=tuple(e for e in world.card.asked if not isinstance(e, order_effects.ReadTerminal)),
            said=(),
        ),
    )


def _unanswered(far: Far) -> Far:
    """Answers on their way find nobody; requests that are out stay out."""
    nothing = tuple(Word.NOTHING for _ in far.words)
    return replace(far, worker=(), replies=nothing, debt=replace(far.debt, reply=False))


def _lost(core: Core, power: Power) -> Core:
    return replace(core, power=power, saga=None, session=False, losses=core.losses + 1)
