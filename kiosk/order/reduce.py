"""The one entry of the saga: reduce(saga, event, now) -> Move. Total, pure, the same for a live order and at boot."""

from kiosk.order import balancing, card, collecting, issuing, paper, settling
from kiosk.order.events import OrderEvent
from kiosk.order.saga import Handler, Move, Saga, Stage, stay

_HANDLERS: dict[tuple[Stage | None, type[OrderEvent]], Handler] = {
    **collecting.HANDLERS,
    **issuing.HANDLERS,
    **paper.HANDLERS,
    **settling.HANDLERS,
    **card.HANDLERS,
    **balancing.HANDLERS,
}


def reduce(saga: Saga, event: OrderEvent, now_ms: int) -> Move:
    """Decide. `now_ms` is the shell's monotonic clock in ms. An event that does not fit the stage changes nothing."""
    for key in ((saga.stage, type(event)), (None, type(event))):
        handler = _HANDLERS.get(key)
        if handler is not None and saga.stage is not Stage.OVER:
            move = handler(saga, event, now_ms)
            if move is not None:
                return move
    return stay(saga)
