"""Faults planted into how core hears of one device that was without current."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from drivers import contract as device
from kiosk.order import evidence, settling
from kiosk.order.saga import Move, Saga

_weigh = settling._weigh


def _half_is_enough(reading: device.PaperReading | None, *, pages: bool = True) -> bool:
    """What a silent device did not say is taken for nothing."""
    return reading is not None


def _silence_is_nothing(saga: Saga, now_ms: int) -> Move:
    """A hopper that does not answer is taken to have paid nothing."""
    payout = saga.order.payout
    return (
        _weigh(saga, now_ms)
        if payout is None
        else settling._paid(saga, payout.dispensed_before, device.SPAN_24, now_ms)
    )


PLANTED: dict[str, Callable[[], list[Any]]] = {
    "half a reading is enough": lambda: [mock.patch.object(evidence, "complete", _half_is_enough)],
    "a silent hopper has paid nothing": lambda: [mock.patch.object(settling, "_weigh", _silence_is_nothing)],
}
