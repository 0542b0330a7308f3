"""What the acceptors are opened for: the coins and notes that are safe to take with what is in."""

from kiosk.order.change import Taking, taking
from kiosk.order.effects import StartCollect
from kiosk.order.saga import Saga


def taken_now(saga: Saga) -> Taking:
    """The coins and notes that are safe to take with what is in."""
    if saga.till is None:
        return Taking(saga.policy.denominations)
    return taking(saga.till, saga.order.fee, saga.order.credit)


def start(saga: Saga) -> StartCollect:
    """Open for the coins that are safe to take now. Any note is held: why one goes back is told, not guessed."""
    now = taken_now(saga)
    return StartCollect(now.coins, saga.till.notes if saga.till is not None and now.coins else ())
