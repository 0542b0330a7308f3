"""What a note, the validator and its driver can do next, and what core hears of it.

The driver and core talk on the line of the coins: what was said before is heard before.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from drivers.contract import CashReading, NotePosition, Outcome
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from tests.proof.heart import hear
from tests.proof.losses import ends
from tests.proof.payment import STACK_SPAN, STACKS_START, Bill, Spot
from tests.proof.world import COIN, Next, Power, Setting, Step, Who, World


def steps(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen to notes in this state; the machine has current."""
    yield from _moves(world)
    if world.core.power is not Power.UP:
        if world.bill.spot is Spot.ESCROW and not world.bill.sent:
            yield _now(world, Who.DEVICE, "core is gone: the note goes back", _back(world))
        return
    if not world.cash.said:
        yield from _told(setting, world)
    if world.core.faults < setting.faults and not world.bill.reset:
        yield from _reset(setting, world)


def _now(world: World, who: Who, what: str, bill: Bill) -> Next:
    return Step(who, what), replace(world, bill=bill)


def _moves(world: World) -> Iterator[Next]:
    """A note takes longer to be drawn in than a poll: the next one comes after the last has been told of."""
    bill = world.bill
    if bill.taking and bill.purse and bill.spot is Spot.NONE and bill.settled:
        held = replace(bill, purse=bill.purse - 1, spot=Spot.ESCROW, events=bill.events + 1)
        yield _now(world, Who.CITIZEN, "the citizen puts a note in; it is held", held)
    if bill.spot is Spot.ESCROW and (bill.known or bill.sent):
        yield _now(world, Who.DEVICE, "the note is given back", _back(world))
    if bill.spot is Spot.MOVING:
        stacked = replace(bill, spot=Spot.NONE, stacked=bill.stacked + 1)
        yield _now(world, Who.DEVICE, "the note is in the stacker", stacked)
        yield _now(world, Who.DEVICE, "the note comes back instead", _back(world))
        yield _now(world, Who.DEVICE, "the note sticks", replace(bill, spot=Spot.STUCK))


def _back(world: World) -> Bill:
    """The note is with the citizen. Of that nobody is told who comes later."""
    if world.core.power is Power.UP:
        return replace(world.bill, spot=Spot.NONE, back=True)
    return replace(world.bill, spot=Spot.NONE, known=False, sent=False)


def _told(setting: Setting, world: World) -> Iterator[Next]:
    """What the driver tells, and the end of the order to stack with it."""
    bill = world.bill
    free = replace(bill, known=False, sent=False, key="", back=False)
    if bill.reset:
        yield from _settled(setting, world)
    elif bill.told < bill.stacked:
        booked = replace(free, told=bill.told + 1)
        event = order_events.NoteIn(setting.note * COIN, at(setting, booked))
        yield from _tell(setting, world, booked, "the note is reported as stacked", event, Outcome.DONE)
    elif bill.back:
        gone = order_events.NoteOut(bill.events)
        yield from _tell(setting, world, free, "the note is reported as given back", gone, Outcome.NOT_DONE)
    elif bill.spot is Spot.ESCROW and not (bill.known or bill.sent):
        if bill.taking:
            offered = order_events.NoteOffered(setting.note * COIN, at(setting, bill))
            yield from _tell(
                setting, world, replace(bill, known=True), "the note in escrow is reported", offered
            )
        else:
            yield _now(world, Who.DEVICE, "nobody waits for the note: it goes back", _back(world))
    if bill.key:
        late = replace(world, bill=replace(bill, key=""))
        silent = order_events.StackOver(bill.key, Outcome.UNKNOWN)
        yield Step(Who.DEVICE, "nobody can say in time whether the note is stacked"), _answer(late, silent)


def _settled(setting: Setting, world: World) -> Iterator[Next]:
    """After a reset the count has the last word; without one there is a doubt, of a note that was sent on its way."""
    bill = world.bill
    calm = replace(forgotten(bill), told=bill.stacked, events=0, reset=False, new=False, taking=bill.taking)
    missing = bill.stacked - bill.told
    position = at(setting, calm)
    held = bill.known or bill.sent or bill.back
    if bill.sent and bill.spot is Spot.STUCK and not missing:
        stuck = replace(bill, reset=False, new=False)
        yield _now(world, Who.DEVICE, "the validator says that its path is not clear", stuck)
    elif not setting.lasting_stacks and (bill.new or bill.sent) and not setting.believes_all:
        unsure = order_events.NotesUnknown(0, position)
        yield from _tell(
            setting, world, calm, "the validator can't tell what it stacked", unsure, Outcome.UNKNOWN
        )
    elif missing and setting.lasting_stacks:
        known = bill.sent and missing == 1
        event = (
            order_events.NoteIn(setting.note * COIN, position)
            if known
            else order_events.NotesUnknown(missing, position)
        )
        yield from _tell(
            setting, world, calm, "the count has a note that nobody told of", event, Outcome.DONE
        )
    elif held:
        gone = order_events.NoteOut(bill.events)
        yield from _tell(setting, world, calm, "by the count nothing was stacked", gone, Outcome.NOT_DONE)
    else:
        silent = replace(calm, uncounted=bill.uncounted + missing)
        yield _now(world, Who.DEVICE, "the validator has nothing to tell", silent)


def _tell(
    setting: Setting, world: World, bill: Bill, what: str, event: OrderEvent, over: Outcome | None = None
) -> Iterator[Next]:
    """Core hears it, books it; `over`: how the order to stack has ended with it. Nobody's order: nobody's note."""
    key, after = world.bill.key, replace(world, bill=bill)
    if over is not None and key:
        after = _answer(after, order_events.StackOver(key, over))
    core = world.core
    if core.saga is None:
        notes = bill.told - world.bill.told
        nobodys = replace(core, surplus_notes=core.surplus_notes + notes) if notes else core
        yield Step(Who.DEVICE, what), replace(after, core=nobodys)
        return
    for fate, heard in hear(setting, after, event):
        yield Step(Who.DEVICE, what + fate), heard


def _answer(world: World, event: OrderEvent) -> World:
    return replace(world, cash=replace(world.cash, said=(*world.cash.said, event)))


def at(setting: Setting, bill: Bill) -> NotePosition:
    """The validator's position as its driver tells it."""
    stacked = (STACKS_START + bill.told - bill.uncounted) % STACK_SPAN if _counts(setting) else None
    return NotePosition("V1", bill.events, stacked)


def _counts(setting: Setting) -> bool:
    return setting.lasting_stacks or setting.believes_all


def read(setting: Setting, bill: Bill, coins: CashReading) -> CashReading:
    """The reading of the cash bus with the validator's part: clear is what the driver knows of no note in it."""
    position = at(setting, bill)
    empty = bill.spot is Spot.NONE or (not setting.clears_first and not (bill.known or bill.sent))
    return replace(
        coins, note_serial="V1", note_events=position.events, stacked=position.stacked, note_clear=empty
    )


def wanted(bill: Bill, notes: tuple[int, ...]) -> Bill:
    """Notes are drawn in from now on, or not."""
    return replace(bill, taking=bool(notes))


def forgotten(bill: Bill) -> Bill:
    """The driver is another one: it finds a note that is held, and knows nothing of an order to stack it."""
    return replace(bill, taking=False, known=False, sent=False, key="", back=False)


def commands(setting: Setting, world: World, effect: Effect, rest: tuple[Effect, ...]) -> Iterator[Next]:
    """What the driver makes of the commands for one note."""
    bill, cash = world.bill, replace(world.cash, asked=rest)
    after = replace(world, cash=cash)
    match effect:
        case order_effects.StackNote(key, held):
            mine = bill.spot is Spot.ESCROW and bill.known and bill.events == held
            if mine and bill.taking and not bill.reset:
                sent = replace(bill, spot=Spot.MOVING, sent=True, key=key, known=False)
                yield from _ordered(setting, replace(after, bill=sent))
            elif bill.settled:
                none = _answer(after, order_events.StackOver(key, Outcome.NOT_DONE))
                yield Step(Who.DEVICE, "the note is held no longer, or is not wanted"), none
            unheard = _answer(after, order_events.StackOver(key, Outcome.UNKNOWN))
            if mine:
                unheard = replace(unheard, bill=replace(bill, sent=True))
            yield Step(Who.DEVICE, "nobody knows whether the order to stack was heard"), unheard
        case order_effects.ReturnNote(held):
            if bill.spot is Spot.ESCROW and bill.known and bill.events == held:
                yield Step(Who.DEVICE, "the note is given back"), replace(after, bill=_back(world))
            yield Step(Who.DEVICE, "the validator does not hear that it is to give back"), after
        case _:
            pass


def _ordered(setting: Setting, world: World) -> Iterator[Next]:
    """On its way. What became of it is told by an event; a driver that takes the answer for one tells at once."""
    if setting.credits_on_event:
        yield Step(Who.DEVICE, "the note is on its way into the stacker"), world
        return
    booked = replace(world.bill, key="", told=world.bill.told + 1)
    event = order_events.NoteIn(setting.note * COIN, at(setting, booked))
    yield from _tell(setting, world, booked, "the validator has heard to stack the note", event, Outcome.DONE)


def _reset(setting: Setting, world: World) -> Iterator[Next]:
    """The validator alone loses its current: its events are gone, and no note is taken until core says so again."""
    core = replace(world.core, faults=world.core.faults + 1)
    for bill in set(ends(world.bill, ordered=world.bill.sent)):
        again = replace(world, core=core, bill=replace(bill, reset=True))
        yield Step(Who.TROUBLE, "the validator is reset"), again
