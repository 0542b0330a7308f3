"""The power fails during an order: take no more money, finish what the battery allows, give the rest back.

The result is correct without this module: after a power cut core decides from evidence. With it, fewer
citizens leave without their paper.
"""

import msgspec

from kiosk.order import card, collecting, settling
from kiosk.order.events import PowerBack, PowerFailing, Stop
from kiosk.order.handlers import anywhere, table
from kiosk.order.model import FINAL
from kiosk.order.paper import clear, take_ms
from kiosk.order.saga import Hurry, Move, Saga, Stage, change

REASON = "power-failing"
# The time for number, seal and page of one copy, before its first sheet.
ISSUING_MS = 10_000
_BEFORE_PAPER = frozenset(
    {Stage.SEALING, Stage.ASKING, Stage.OPENING, Stage.HOLDING, Stage.READYING, Stage.STARTING}
)
_NOTE_UNDER_WAY = frozenset({Stage.STACKING, Stage.JUDGING})


def needed_ms(saga: Saga) -> int:
    """An upper bound of the time for the copies that have not ended, from the number to the hand of the
    citizen.
    """
    policy = saga.policy
    handing = min(policy.take_ms, policy.hurried_take_ms)
    return sum(
        ISSUING_MS + policy.print_ms_per_sheet * issue.sheets + handing
        for issue in saga.order.issues
        if issue.state not in FINAL
    )


def _failing(saga: Saga, event: PowerFailing, now_ms: int) -> Move:
    """Stop taking money; if the time is too short, give the order up. A given-up order stays given up."""
    short = event.left_ms is not None and event.left_ms < needed_ms(saga)
    hurry = Hurry.STOP if short or saga.hurry is Hurry.STOP else Hurry.FINISH
    hurried = msgspec.structs.replace(saga, hurry=hurry)
    if saga.stage is Stage.COLLECTING:
        return collecting.stop(hurried, Stop(REASON), now_ms)
    if saga.stage in card.UNPAID and not saga.order.reason:
        return card.call_off(hurried, Stop(REASON), now_ms)
    if saga.stage in _NOTE_UNDER_WAY and not saga.order.reason:
        return Move(
            change(hurried, reason=REASON)
        )  # the money is counted as soon as the note is in, out, or in doubt
    if saga.stage is Stage.WAITING:
        return _shorten(hurried, now_ms)
    return _give_up(hurried, now_ms) if hurry is Hurry.STOP else Move(hurried)


def _give_up(saga: Saga, now_ms: int) -> Move:
    if saga.stage is Stage.COUNTING and not saga.order.reason:
        return Move(change(saga, reason=REASON))
    if saga.stage in _BEFORE_PAPER:
        return settling.undeliver(saga, REASON, now_ms)
    if saga.stage is Stage.PRINTING:
        return clear(saga, REASON, now_ms)
    return Move(saga)


def _shorten(saga: Saga, now_ms: int) -> Move:
    """The paper is in the mouth: it waits for a shorter time, counted from the first warning."""
    until = min(saga.deadline_ms, now_ms + take_ms(saga))
    return Move(msgspec.structs.replace(saga, deadline_ms=until))


def _back(saga: Saga, event: PowerBack, now_ms: int) -> Move:
    """An order that was not given up goes on as usual: paper in the mouth gets its full time again."""
    calm = msgspec.structs.replace(saga, hurry=Hurry.NONE)
    if saga.stage is Stage.WAITING and saga.hurry:
        return Move(msgspec.structs.replace(calm, deadline_ms=now_ms + saga.policy.take_ms))
    return Move(calm)


HANDLERS = table(
    anywhere(PowerFailing, _failing),
    anywhere(PowerBack, _back),
)
