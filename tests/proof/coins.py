"""What coins, acceptor and hopper can do next, and what core hears of it."""

from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from drivers.contract import CashReading, Outcome, PaidOut
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from tests.proof import bills
from tests.proof.heart import hear, position
from tests.proof.world import (
    ACCEPTS_START,
    COIN,
    COIN_SPAN,
    Cash,
    Next,
    Power,
    Setting,
    Step,
    Who,
    World,
)

IN_ORDER = (
    order_effects.StartCollect,
    order_effects.StopCollect,
    order_effects.StackNote,
    order_effects.ReturnNote,
)


def steps(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen to coins in this state."""
    if world.core.power is Power.DARK:
        return
    yield from _coin_moves(setting, world)
    yield from _hopper_moves(world)
    if setting.bills:
        yield from bills.steps(setting, world)
    for index, effect in enumerate(world.cash.asked):
        if isinstance(effect, IN_ORDER) and any(isinstance(e, IN_ORDER) for e in world.cash.asked[:index]):
            continue  # whatever else runs side by side: what opens, closes and moves a note keeps its order
        rest = _without(world.cash.asked, index)
        for step, after in chain(
            _commands(setting, world, effect, rest), bills.commands(setting, world, effect, rest)
        ):
            yield step, after if world.core.power is Power.UP else _unheard(after)
    if world.core.power is Power.UP:
        yield from _told(setting, world)
        if world.core.faults < setting.faults:
            yield from _restarts(setting, world)


def _unheard(world: World) -> World:
    return replace(world, cash=replace(world.cash, said=()))


def _without(asked: tuple[Effect, ...], index: int) -> tuple[Effect, ...]:
    return (*asked[:index], *asked[index + 1 :])


def _coin_moves(setting: Setting, world: World) -> Iterator[Next]:
    """Where one coin may be in doubt, or no more is planned for, it is one: the next falls after it has been told."""
    cash = world.cash
    slow = (setting.lasting_accepts and not setting.bills) or cash.told == cash.coins_in
    if cash.accepting and cash.purse and slow:
        after = replace(cash, purse=cash.purse - 1, coins_in=cash.coins_in + 1, in_flight=cash.in_flight + 1)
        yield Step(Who.CITIZEN, "the citizen puts a coin in; it is past the gate"), replace(world, cash=after)
    if cash.in_flight:
        after = replace(cash, in_flight=cash.in_flight - 1, sensed=cash.sensed + 1, counted=cash.counted + 1)
        yield Step(Who.DEVICE, "the coin reaches the sensor and is counted"), replace(world, cash=after)


def _hopper_moves(world: World) -> Iterator[Next]:
    cash = world.cash
    if not cash.left:
        return
    paid = replace(cash, out=cash.out + 1, counted_out=cash.counted_out + 1, left=cash.left - 1)
    yield Step(Who.DEVICE, "the hopper throws a coin out"), replace(world, cash=paid)
    yield (
        Step(Who.DEVICE, "the hopper is empty or jams: it stops"),
        replace(world, cash=replace(cash, left=0)),
    )


def _commands(setting: Setting, world: World, effect: Effect, rest: tuple[Effect, ...]) -> Iterator[Next]:
    cash = world.cash
    match effect:
        case order_effects.StartCollect(denominations, notes) if cash.ready:
            wanted = replace(world, bill=bills.wanted(world.bill, notes))
            what = (
                "the acceptor opens" if denominations else "the acceptor closes; notes of one kind are held"
            )
            yield _done(wanted, what, replace(cash, accepting=bool(denominations), asked=rest))
        case order_effects.StopCollect():
            yield from _stop(setting, world, rest)
        case order_effects.ReadCash(about):
            if cash.told == cash.sensed and cash.ready and world.bill.settled:
                heard = order_events.CashRead(reading(setting, world), about)
                yield _done(world, "the cash counters are read", _said(cash, rest, heard))
            silent = order_events.CashRead(None, about)
            yield _done(world, "the cash counters do not answer", _said(cash, rest, silent))
        case order_effects.PayOut(key, coins):
            if not cash.left and not cash.paying:
                begun = replace(cash, left=coins, paying=key, asked=rest)
                yield _done(world, f"the hopper begins to pay {coins}", begun)
            refused = order_events.PayoutOver(key, Outcome.NOT_DONE, None)
            yield _done(world, "the payout command does not reach the hopper", _said(cash, rest, refused))
        case order_effects.StartCollect():
            yield _done(world, "the cash bus is not ready for it", replace(cash, asked=rest))
        case _:
            pass


def _stop(setting: Setting, world: World, rest: tuple[Effect, ...]) -> Iterator[Next]:
    """Inhibit first; then wait for the coin that is past the gate; then all that fell has been told."""
    cash = world.cash
    if cash.accepting or world.bill.taking:
        closed = replace(world, bill=bills.wanted(world.bill, ()))
        yield _done(closed, "the acceptor closes", replace(cash, accepting=False))
        yield _done(world, "the acceptor does not answer", _said(cash, rest, order_events.Counted(None)))
        return
    drained = not cash.in_flight or not setting.drains
    if drained and cash.told == cash.sensed and cash.ready and world.bill.settled:
        yield _done(
            world, "what fell is counted", _said(cash, rest, order_events.Counted(reading(setting, world)))
        )
    yield _done(world, "the acceptor does not say what fell", _said(cash, rest, order_events.Counted(None)))


def _done(world: World, what: str, cash: Cash) -> Next:
    return Step(Who.DEVICE, what), replace(world, cash=cash)


def _said(cash: Cash, rest: tuple[Effect, ...], event: OrderEvent) -> Cash:
    return replace(cash, asked=rest, said=(*cash.said, event))


def reading(setting: Setting, world: World) -> CashReading:
    """What the cash bus reads now."""
    cash = world.cash
    to_come = setting.tells_payout_to_come and any(isinstance(e, order_effects.PayOut) for e in cash.asked)
    coins = CashReading(
        coin_serial="A1",
        events=cash.counted,
        accepted=(ACCEPTS_START + cash.counted) % COIN_SPAN if setting.lasting_accepts else cash.counted,
        hopper_serial="H1",
        dispensed=(ACCEPTS_START + cash.counted_out) % COIN_SPAN
        if setting.lasting_payouts
        else cash.counted_out,
        paying=cash.left > 0 or to_come,
        low=False,
    )
    return bills.read(setting, world.bill, coins) if setting.bills else coins


def _told(setting: Setting, world: World) -> Iterator[Next]:
    """What core hears: replies in their order, coins, the end of a payout, a bus that is ready again."""
    cash = world.cash
    if cash.said:
        event, after = cash.said[0], replace(world, cash=replace(cash, said=cash.said[1:]))
        yield from _heard(setting, after, "core hears it", event)
    if cash.paying and (not cash.left or world.core.saga is not None):
        yield from _payout_over(setting, world)
    if cash.told < cash.sensed:
        yield from _coin_told(setting, world)
    elif not cash.ready and not cash.in_flight and world.bill.settled:
        ready = replace(world, cash=replace(cash, ready=True, accepting=False))
        yield from _heard(
            setting, ready, "the cash bus is ready again", order_events.CashReady(reading(setting, world))
        )


def _payout_over(setting: Setting, world: World) -> Iterator[Next]:
    cash = world.cash
    over = replace(world, cash=replace(cash, paying=""))
    if not cash.left:
        dispensed = reading(setting, world).dispensed or 0
        end = order_events.PayoutOver(cash.paying, Outcome.DONE, PaidOut(cash.paying, 0, 0, dispensed))
        yield from _heard(setting, over, "the hopper tells what it paid", end)
    unknown = order_events.PayoutOver(cash.paying, Outcome.UNKNOWN, None)
    yield from _heard(setting, over, "nobody knows how the payout ended", unknown)


def _coin_told(setting: Setting, world: World) -> Iterator[Next]:
    """One coin, or all those whose values are lost. Nobody's order: money that nobody can be named for."""
    cash, core = world.cash, world.core
    lost = min(cash.worthless, cash.sensed) - cash.told
    if lost > 0 and not setting.lasting_accepts:
        # The counter that went back says nothing; the driver takes it as it stands.
        gone = replace(world, cash=replace(cash, told=cash.told + lost))
        yield Step(Who.DEVICE, "the acceptor does not know that a coin fell"), gone
        return
    count = max(lost, 1)
    told = cash.told + count
    after = replace(world, cash=replace(cash, told=told))
    if core.saga is None:
        surplus = replace(core, surplus=core.surplus + count, booked=told)
        yield Step(Who.DEVICE, "a coin is booked as nobody's"), replace(after, core=surplus)
        return
    if lost > 0:
        event: OrderEvent = order_events.CoinsUnknown(lost, position(told))
        yield from _heard(setting, after, f"{lost} coins of lost value are reported", event)
    else:
        yield from _heard(
            setting, after, "the coin is reported to core", order_events.CoinIn(COIN, position(told))
        )


def _heard(setting: Setting, world: World, what: str, event: OrderEvent) -> Iterator[Next]:
    if world.core.saga is None:
        yield Step(Who.DEVICE, what), world
        return
    for fate, after in hear(setting, world, event):
        yield Step(Who.DEVICE, what + fate), after


def _restarts(setting: Setting, world: World) -> Iterator[Next]:
    """The cash process dies and comes back: acceptance is off, what it was asked ends unknown, the hopper pays on."""
    cash = world.cash
    ends: list[OrderEvent] = []
    for effect in cash.asked:
        match effect:
            case order_effects.StopCollect():
                ends.append(order_events.Counted(None))
            case order_effects.ReadCash():
                ends.append(order_events.CashRead(None))
            case order_effects.StackNote(key):
                ends.append(order_events.StackOver(key, Outcome.UNKNOWN))
            case order_effects.PayOut(key):
                ends.append(order_events.PayoutOver(key, Outcome.UNKNOWN, None))
            case _:
                pass
    if world.bill.key:
        ends.append(order_events.StackOver(world.bill.key, Outcome.UNKNOWN))
    if cash.paying:
        ends.append(order_events.PayoutOver(cash.paying, Outcome.UNKNOWN, None))
    core = replace(world.core, faults=world.core.faults + 1)
    dead = replace(
        cash,
        accepting=False,
        ready=False,
        paying="",
        asked=(),
        said=(*cash.said, *ends),
        told=min(cash.told, core.booked),
    )
    yield (
        Step(Who.TROUBLE, "the cash process dies and is started again"),
        replace(world, core=core, cash=dead, bill=bills.forgotten(world.bill)),
    )
