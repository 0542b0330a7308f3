"""After a life: is all that is owed at central, and has each claim been paid at most once, to its own payer?"""

from collections import Counter
from collections.abc import Iterator

from kiosk.order.model import Order, OrderOutcome
from tests.crash.lives.world import World


def redeemed(world: World, order: Order) -> Iterator[str]:
    """A redemption: what came out is what it has booked, and no more than it held."""
    out, name = world.truth.coins_out[order.id], order.id[-6:]
    if out != order.paid:
        yield f"M1: {out} KRW came out for redemption {name}, {order.paid} are booked"
    if out > order.redeem:
        yield f"M1: {out} KRW came out for redemption {name}, which held {order.redeem}"
    if world.truth.coins_in[order.id]:
        yield f"M1: {world.truth.coins_in[order.id]} KRW fell in for redemption {name}"
    if order.outcome is OrderOutcome.DISPUTED:
        yield f"redemption {name} ends DISPUTED without a cause"


def owed(world: World, orders: list[Order]) -> Iterator[str]:
    """Central's book: each claim that an order left, and what of it was paid, to whom."""
    if world.centre.owed is None:
        return
    claims = {row["order_id"]: row for row in world.centre.owed.claims()}
    for order in orders:
        row = claims.pop(order.id, None)
        if (row["amount"] if row else 0) != order.claim:
            yield f"M1: {order.id[-6:]} owes {order.claim} KRW, and central has {row and row['amount']}"
        if row is not None and row["state"] == "reserved":
            yield f"M7: what {order.id[-6:]} owes is held for ever"
        if row is not None and not row["holder"] and row["paid"]:
            yield f"M1: nobody was identified for {order.id[-6:]}, and {row['paid']} KRW were paid at the machine"
        if row is not None and row["holder"] != order.holder:
            yield f"M1: what {order.id[-6:]} owes is somebody else's at central"
    if claims:
        yield f"M1: central owes for {len(claims)} orders that nobody knows"
    yield from _to_whom(world, orders)


def _to_whom(world: World, orders: list[Order]) -> Iterator[str]:
    """Coins that came out in somebody's redemptions are what is written off against the claims of the same person."""
    assert world.centre.owed is not None
    coins: Counter[str] = Counter()
    for order in orders:
        if order.redeems:
            coins[order.holder] += world.truth.coins_out[order.id]
    for row in world.centre.owed.claims():
        coins[row["holder"]] -= row["paid"]
    for holder, difference in coins.items():
        if difference:
            yield f"M1: to {holder or 'nobody'} came {difference} KRW more than is written off"
