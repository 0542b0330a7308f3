"""What must never happen, looked at in every state and on physical truth: M1 to M5 and M8 of docs/orders.md.

What policy leaves to doubt (one coin of an acceptor that forgets, on an order that is DISPUTED) is no loss.
A rule that holds "at CLOSED" is looked at in every later state, too: a coin, a sheet, a message may be under way.
"""

from collections.abc import Iterator

from kiosk.order.card_payment import CardState
from kiosk.order.effects import PayOut
from kiosk.order.model import IssueState, Order, OrderOutcome, OrderState
from tests.proof.payment import Spot
from tests.proof.world import COIN, Setting, Word, World


def broken(setting: Setting, world: World) -> str:
    """The first rule that is broken in this state; "" when all hold."""
    return next(_broken(setting, world), "")


def _broken(setting: Setting, world: World) -> Iterator[str]:
    if world.core.wrong:
        yield world.core.wrong
    if world.far.alarm:
        yield f"M4: {world.far.alarm}"
    order = world.core.stored
    if order is None:
        if world.cash.coins_in or world.bill.stacked:
            yield "M1: money was taken for an order that was never stored"
        return
    yield from _paper(setting, world, order)
    yield from _card(world, order)
    if order.state in (OrderState.CLOSED, OrderState.CARD_DUE):
        yield from _next_sale(world)
    elif setting.bills and _in(setting, world) > setting.reach * COIN:
        yield f"M8: {_in(setting, world)} KRW are in, and the hopper can surely pay {setting.reach * COIN}"
    if order.state is OrderState.CLOSED:
        yield from _redemption(world, order) if order.redeems else _money(setting, world, order)
        yield from _last_words(world, order)


def _next_sale(world: World) -> Iterator[str]:
    """M8: an order that is closed, or waits for its card alone, lets the next one begin: nothing of it may still move
    towards a hand, or out of one.
    """
    cash, paying = world.cash, any(isinstance(effect, PayOut) for effect in world.cash.asked)
    if any(world.paper.mouth):
        yield "M8: the order is closed, and paper lies in the mouth for anybody"
    if cash.left or paying:
        yield "M8: the order is closed, and the hopper is still to pay"
    if cash.accepting or cash.in_flight:
        yield "M8: the order is closed, and coins still fall"
    if world.bill.taking:
        yield "M8: the order is closed, and notes are still taken"


def _in(setting: Setting, world: World) -> int:
    """What the citizen has put in for good, a note that sticks in the machine included (KRW)."""
    notes = world.bill.stacked + (world.bill.spot is Spot.STUCK)
    return (world.cash.coins_in + notes * setting.note) * COIN


def _card(world: World, order: Order) -> Iterator[str]:
    """M1 and M2 on the card: what was delivered is charged, never before; nothing is reserved twice, or for ever."""
    card, charged = world.card, world.card.charged * COIN
    delivered = sum(issue.fee for issue in order.issues if issue.state is IssueState.DELIVERED)
    held = len(card.open) + len(card.away)
    if charged > delivered:
        yield f"M2: {charged} KRW are charged, and paper for {delivered} is delivered"
    if held > 1 or (held and charged):
        yield "M1: the fee is reserved twice"
    if card.touched:
        yield "M1: another's reservation is touched"
    if order.state is not OrderState.CLOSED or _card_disputed(order):
        return
    if held:
        yield "M1: the order is closed, and money stays reserved on the card"
    if charged != order.captured or (order.by_card and charged != order.earned):
        yield f"M1: {charged} KRW are charged, {order.captured} are booked, {order.earned} are earned"


def _card_disputed(order: Order) -> bool:
    return order.card is not None and order.card.state is CardState.DISPUTED


def _paper(setting: Setting, world: World, order: Order) -> Iterator[str]:
    paper = world.paper
    for copy, issue in enumerate(order.issues):
        in_hand, printed = paper.hand[copy], paper.printed[copy]
        if printed > setting.sheets:
            yield f"M3: {printed} sheets of a document of {setting.sheets}"
        if order.state is OrderState.CLOSED and printed and not issue.printer_serial:
            yield f"M3: {printed} sheets were printed that the ledger knows nothing of"
        if issue.state is IssueState.DELIVERED and in_hand != setting.sheets:
            yield f"M2: the fee is kept, and {in_hand} of {setting.sheets} sheets are in the citizen's hand"
        if issue.state is IssueState.UNDELIVERED and in_hand:
            yield f"M2: the fee goes back, and {in_hand} sheets are in the citizen's hand"


def _money(setting: Setting, world: World, order: Order) -> Iterator[str]:
    cash, surplus = world.cash, world.core.surplus
    if order.outcome is None:
        yield "M1: closed without an outcome"
    if surplus:
        yield "M1: a coin of this order ends as nobody's"
    if world.core.surplus_notes and not order.in_doubt:
        yield "M1: a note of this order ends as nobody's"
    if cash.told < cash.sensed or cash.in_flight or not world.bill.settled:
        return  # what fell is still to be reported
    kept, out = 0 if order.by_card else order.earned, cash.out * COIN
    if not order.disputed and out != order.paid:
        yield f"M1: {out} KRW came out, {order.paid} are booked"
    over = _in(setting, world) - kept - out - order.claim - surplus * COIN
    if over > COIN * (order.disputed and not setting.lasting_accepts and not setting.believes_all):
        yield f"M1: the citizen has lost {over} KRW"
    if over < 0 and order.outcome is not OrderOutcome.DISPUTED:
        yield f"M1: {-over} KRW are given back that were never put in"


def _redemption(world: World, order: Order) -> Iterator[str]:
    """What came out is no longer owed, and nothing stays held for a redemption that is over."""
    debt, out = world.far.debt, world.cash.out
    if order.disputed:
        return
    if out * COIN != order.paid:
        yield f"M1: {out * COIN} KRW came out, {order.paid} are booked"
    if not world.far.outbox and debt.held:
        yield f"M1: {debt.held * COIN} KRW are held for a redemption that is over"


def _last_words(world: World, order: Order) -> Iterator[str]:
    if world.far.outbox:
        return
    for copy, issue in enumerate(order.issues):
        word = world.far.words[copy]
        if issue.state is IssueState.UNDELIVERED and word is Word.ISSUED:
            yield "M4: a living number that nobody has"
        if issue.state is IssueState.DELIVERED and word is not Word.DELIVERED:
            yield "M4: delivered, and central does not know it"


def at_rest(world: World) -> bool:
    """Whether the order has come to its end, and central knows it (M7)."""
    order = world.core.stored
    return order is None or (order.state is OrderState.CLOSED and not world.far.outbox)
