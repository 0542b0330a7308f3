"""The only entry of the saga: reduce(saga, event, now) -> Move.

The function is pure and total. It is the same for a live order and for an order that boot continues.
"""

import msgspec

from kiosk.order import (
    balancing,
    card,
    collecting,
    failing,
    issuing,
    noting,
    paper,
    printing,
    redeeming,
    settling,
)
from kiosk.order.counters import Counters, heard
from kiosk.order.events import OrderEvent
from kiosk.order.handlers import merged
from kiosk.order.saga import Move, Saga, Stage, change, stay

HANDLERS = merged(
    collecting.HANDLERS,
    noting.HANDLERS,
    issuing.HANDLERS,
    printing.HANDLERS,
    paper.HANDLERS,
    settling.HANDLERS,
    card.HANDLERS,
    balancing.HANDLERS,
    redeeming.HANDLERS,
    failing.HANDLERS,
)


def reduce(saga: Saga, event: OrderEvent, now_ms: int) -> Move:
    """Return the move for an event.

    An event that does not fit the stage changes nothing but the known counters.

    `now_ms`: monotonic clock in ms, from the caller.
    """
    saga = _counted(saga, event)
    for key in ((saga.stage, type(event)), (None, type(event))):
        handler = HANDLERS.get(key)
        if handler is not None and saga.stage is not Stage.OVER:
            move = handler(saga, event, now_ms)
            if move is not None:
                return move
    return stay(saga)


def _counted(saga: Saga, event: OrderEvent) -> Saga:
    """The saga with the last reading of each counter.

    At its end the order stores where it left the counters.
    """
    known = saga.order.counters or Counters()
    payout = saga.order.payout
    now = heard(known, event, payout.hopper if payout is not None else 0)
    return saga if now == known or saga.stage is Stage.OVER else change(saga, counters=now)


def spoken_in(move: Move, lang: str) -> Move:
    """The move, with the language of the screen for its payer from now on."""
    return msgspec.structs.replace(move, saga=change(move.saga, lang=lang))


def watched_from(move: Move, counters: Counters) -> Move:
    """An order's first move, with the counters before it."""
    return msgspec.structs.replace(move, saga=change(move.saga, counters=counters))
