"""For which coins and notes the acceptors are opened: those that are safe to take at the present credit."""

from kiosk.order.change import Taking, taking
from kiosk.order.effects import StartCollect
from kiosk.order.saga import Saga


def taken_now(saga: Saga) -> Taking:
    """The coins and notes that are safe to take at the present credit."""
    if saga.till is None:
        return Taking(saga.policy.denominations)
    return taking(saga.till, saga.order.fee, saga.order.credit)


def start(saga: Saga) -> StartCollect:
    """Open for the coins that are safe to take now.

    If any coin is safe, the validator holds every note in escrow, also one that core gives back, so that the
    screen can say why.
    """
    now = taken_now(saga)
    return StartCollect(now.coins, saga.till.notes if saga.till is not None and now.coins else ())
