"""Events that core ignores in a stage: each pair on purpose, and why. Pure.

The counters that an event carries are taken up all the same (reduce.py). A handler may pass an event over too: one of
another key, a choice that comes too late. With the handlers this makes the whole table: a stage or an event that is
added belongs to one or the other (tests/unit/order/test_handlers.py). docs/orders.md prints it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec import Struct

from kiosk.order import events as order_events
from kiosk.order.saga import Stage

REDEEMING: Final = (Stage.RESERVING, Stage.CONFIRMING)
TAKING_CASH: Final = (Stage.COLLECTING, Stage.STACKING, Stage.JUDGING, Stage.COUNTING)
BY_CARD: Final = (Stage.CHOOSING, Stage.TERMINAL, Stage.AUTHORISING, Stage.DOUBTING)
NUMBERING: Final = (Stage.SEALING, Stage.ASKING, Stage.OPENING)
PRINTING: Final = (Stage.HOLDING, Stage.READYING, Stage.STARTING, Stage.PRINTING)
HANDING_OUT: Final = (Stage.LOOKING, Stage.OFFERING, Stage.WAITING, Stage.CHECKING)
CLEARING: Final = (Stage.CANCELLING, Stage.RETRACTING)
PAYING_OUT: Final = (Stage.METERING, Stage.PAYING, Stage.WEIGHING)
BOOKING: Final = (Stage.BOOKING, Stage.BALANCING)
PARTS: Final = {
    "redemption": REDEEMING,
    "cash": TAKING_CASH,
    "card": BY_CARD,
    "number": NUMBERING,
    "print": PRINTING,
    "hand over": HANDING_OUT,
    "clear": CLEARING,
    "pay out": PAYING_OUT,
    "book": BOOKING,
}
"""Every stage but the end, in the order of an order's life."""


class Unheard(NamedTuple):
    """In these stages core ignores this event, and why."""

    event: type[Struct]
    stages: tuple[Stage, ...]
    why: str


LATE: Final = (
    "a late answer: the stage that asked has ended without it, because of other evidence or its deadline"
)
NOT_NOW: Final = "a late press: the screen shows something else by now"


def _all_but(*heard: Stage) -> tuple[Stage, ...]:
    return tuple(stage for part in PARTS.values() for stage in part if stage not in heard)


UNHEARD: Final = (
    Unheard(
        order_events.NoteOffered,
        _all_but(Stage.COLLECTING),
        "core asks for no note here, so the driver returns the note to the citizen",
    ),
    Unheard(
        order_events.NoteOut,
        (Stage.COUNTING,),
        "JUDGING could not find the note: it stays in doubt, its value is owed, and a person decides",
    ),
    Unheard(
        order_events.NoteOut,
        _all_but(*TAKING_CASH),
        "core has sent no note to the stacker",
    ),
    Unheard(
        order_events.NoteOut,
        (Stage.COLLECTING,),
        "the note went back before core sent it to the stacker",
    ),
    Unheard(order_events.StackOver, _all_but(Stage.STACKING), LATE),
    Unheard(
        order_events.Stop,
        (Stage.RESERVING,),
        "the screen offers no stop while core asks central; if the payer leaves, VisitOver ends the order",
    ),
    Unheard(
        order_events.Stop,
        (Stage.COUNTING,),
        "the inserted coins are counted first; then the order goes on to its end, or to the card",
    ),
    Unheard(
        order_events.Stop,
        (*NUMBERING, *PRINTING, *HANDING_OUT, *CLEARING, *PAYING_OUT, *BOOKING),
        "the citizen has agreed to the order; it goes to its end",
    ),
    Unheard(
        order_events.CashReady,
        (
            *REDEEMING,
            *BY_CARD,
            *NUMBERING,
            *PRINTING,
            *HANDING_OUT,
            *CLEARING,
            Stage.PAYING,
            *BOOKING,
        ),
        "no coin is taken or counted here; PAYING waits for its own answer, or for its deadline",
    ),
    Unheard(order_events.Counted, _all_but(Stage.COUNTING), LATE),
    Unheard(order_events.Sealed, _all_but(Stage.SEALING), LATE),
    Unheard(order_events.Answered, _all_but(Stage.ASKING), LATE),
    Unheard(order_events.Reserved, _all_but(Stage.RESERVING), LATE),
    Unheard(order_events.Confirmed, _all_but(Stage.CONFIRMING), NOT_NOW),
    Unheard(order_events.Prepared, _all_but(Stage.OPENING), LATE),
    Unheard(
        order_events.WorkFailed,
        (Stage.CONFIRMING, *TAKING_CASH, *BY_CARD, *HANDING_OUT, *CLEARING, *PAYING_OUT, *BOOKING),
        "core waits for no answer of the worker here; its next request to the worker will fail",
    ),
    Unheard(
        order_events.PaperRead,
        _all_but(Stage.READYING, Stage.LOOKING, Stage.CHECKING, Stage.CANCELLING, Stage.RETRACTING),
        LATE,
    ),
    Unheard(order_events.GateHeld, _all_but(Stage.HOLDING), LATE),
    Unheard(order_events.JobOpen, _all_but(Stage.STARTING), LATE),
    Unheard(order_events.JobFailed, _all_but(Stage.STARTING, Stage.PRINTING), LATE),
    Unheard(order_events.DocumentSent, _all_but(Stage.PRINTING), LATE),
    Unheard(
        order_events.SheetMoved,
        _all_but(Stage.PRINTING),
        "core reads the counters where the number of sheets matters",
    ),
    Unheard(order_events.JobOver, _all_but(Stage.PRINTING), LATE),
    Unheard(
        order_events.JobLost,
        _all_but(Stage.STARTING, Stage.PRINTING, Stage.OFFERING, Stage.WAITING),
        "no job is under way, or core repeats its question to the printer",
    ),
    Unheard(
        order_events.PrinterBlocked,
        _all_but(Stage.PRINTING),
        "the event says why sheets stand still, and no sheet is to move here",
    ),
    Unheard(order_events.Offered, _all_but(Stage.OFFERING), LATE),
    Unheard(
        order_events.Taken,
        _all_but(Stage.OFFERING, Stage.WAITING),
        "core reads the counters where it matters whether the paper was taken",
    ),
    Unheard(order_events.MoreTime, _all_but(Stage.WAITING), NOT_NOW),
    Unheard(order_events.CashRead, _all_but(Stage.JUDGING, Stage.METERING, Stage.WEIGHING), LATE),
    Unheard(order_events.PayoutOver, _all_but(Stage.PAYING), LATE),
    Unheard(
        order_events.MeansChosen,
        _all_but(Stage.COLLECTING, Stage.CHOOSING, Stage.TERMINAL, Stage.AUTHORISING),
        NOT_NOW,
    ),
    Unheard(order_events.TerminalRead, _all_but(Stage.TERMINAL, Stage.DOUBTING, Stage.BALANCING), LATE),
    Unheard(order_events.CardAnswered, _all_but(Stage.AUTHORISING, Stage.DOUBTING), LATE),
    Unheard(order_events.CardBooked, _all_but(*BOOKING), LATE),
    Unheard(
        order_events.Tick,
        (Stage.CONFIRMING, Stage.COLLECTING, Stage.CHOOSING),
        "the stage has no deadline of its own; the visit has one",
    ),
)


def pairs() -> Iterator[tuple[Stage, type[Struct]]]:
    """Each pair that core ignores."""
    for one in UNHEARD:
        for stage in one.stages:
            yield stage, one.event
