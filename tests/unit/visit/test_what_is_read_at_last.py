"""Every end of an order, every way to pay: what the citizen reads at last is what became of their paper and money.

What must be read follows from the ledger's order alone. The worlds are those of tests/unit/order; the screen is told of
each move as the machine tells it, and nobody presses anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.core.order_view import view
from kiosk.order.events import Tick
from kiosk.order.model import IssueState, Order, OrderOutcome, OrderState
from kiosk.order.saga import Move, Saga, Stage
from kiosk.protocol.screen import ScreenName, Snapshot
from kiosk.visit.events import OrderMoved
from kiosk.visit.order_view import Slip
from kiosk.words.words import LANGUAGES, Words, load
from tests.unit.order.card_world import CardWorld
from tests.unit.visit.money_said import UNPROVED_CARD, unknown, untrue
from tests.unit.visit.test_money_is_true import before_an_order

NEVER_MS = 10_000_000
QUITE_LONG_MS = 200_000


@dataclass
class Watched(CardWorld):
    """Somebody looks at the screen all the time. `takes_copies`: so many are taken from the mouth, then no more."""

    lang: str = "ko"
    takes_copies: int = 9
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.walk, self.words = before_an_order(self.lang), load(self.lang)

    def begin(self) -> None:
        if "card" in self.means:
            super().begin()
        else:
            super(CardWorld, self).begin()

    def apply(self, move: Move) -> None:
        super().apply(move)
        self.walk.hear(OrderMoved(view(move.saga, self.slip(move.saga))))
        self.wrong += untrue(self.walk.snapshot, move.saga, self.words)

    def slip(self, saga: Saga) -> Slip:
        """The paper as the machine prints it: at the end, for who is there; none where nothing was paid."""
        order = saga.order
        waits = order.state is OrderState.CARD_DUE
        here = waits or (saga.stage is Stage.OVER and saga.live)
        return Slip.PRINTED if here and (order.credit or order.by_card or waits) else Slip.NONE

    def _citizen(self) -> None:
        if "card" in self.means:
            super()._citizen()
        else:
            super(CardWorld, self)._citizen()

    def _hand(self) -> None:
        self.collected = self.takes_copies > 0
        before = self.taken
        super()._hand()
        self.takes_copies -= self.taken > before

    def _run(self) -> None:
        if self.back_ms < NEVER_MS:
            super()._run()
            return
        while self.now_ms < QUITE_LONG_MS and self.saga is not None and self.saga.stage is not Stage.OVER:
            self._drain()
            self.now_ms += 250
            self._hand()
            self.inbox.append(Tick())


WAYS: dict[str, dict[str, Any]] = {
    "cash, exact": {"means": ("cash",), "coins": (500,)},
    "cash, with change": {"means": ("cash",), "coins": (100, 100, 500)},
    "a note": {"means": ("cash",), "coins": (1_000,)},
    "card": {"means": ("card",)},
    "free": {"means": ("cash",), "fee": 0},
}
ENDS: dict[str, dict[str, Any]] = {
    "delivered": {},
    "uncollected": {"takes_copies": 0},
    "refused by the register": {"central": "refuses"},
    "jammed": {"jam_at": 1},
    "the worker dies": {"worker": "dies"},
    "the printer is silent": {"silent_printer": True},
    "the hopper pays nothing": {"pays_at_most": 0},
    "the hopper pays nothing, and it is jammed": {"pays_at_most": 0, "jam_at": 1},
    "called off": {"cancel_after": 1},
}
# Two copies: what is put in is doubled.
OF_TWO: dict[str, dict[str, Any]] = {
    "two, both delivered": {},
    "two, the second left in the mouth": {"takes_copies": 1},
    "two, the second jammed": {"jam_at": 2},
}
SILENT = {"dead_after": "Authorise"}
AT_THE_TERMINAL: dict[str, dict[str, Any]] = {
    "silent for ever": {**SILENT, "back_ms": NEVER_MS},
    "silent for a while": {**SILENT, "back_ms": 120_000},
    "left in the mouth, and silent for ever": {**SILENT, "back_ms": NEVER_MS, "takes_copies": 0},
    "left in the mouth, and silent for a while": {**SILENT, "back_ms": 120_000, "takes_copies": 0},
    "refused, and silent for ever": {**SILENT, "back_ms": NEVER_MS, "central": "refuses"},
    "refused, and silent for a while": {**SILENT, "back_ms": 120_000, "central": "refuses"},
    "declined": {"terminal": "declined"},
    "the answer to the charge is lost": {"loses": ("Capture",)},
    "the answer to giving back is lost": {"loses": ("Reverse",), "central": "refuses"},
}


def _all() -> Iterator[tuple[str, dict[str, Any]]]:
    for way, knobs in WAYS.items():
        for end, more in ENDS.items():
            yield f"{way}: {end}", {**knobs, **more}
        for end, more in OF_TWO.items():
            yield f"{way}: {end}", {**knobs, "coins": knobs.get("coins", ()) * 2, "copies": 2, **more}
    for end, more in AT_THE_TERMINAL.items():
        yield f"card: {end}", {"means": ("card",), **more}


CASES = dict(_all())


def everything_said(snapshot: Snapshot) -> str:
    rows = " ".join(f"{row.label} {row.value} {row.note}" for row in snapshot.rows)
    return " ".join((snapshot.title, snapshot.sentence, rows, *snapshot.notices, snapshot.code))


def of_paper(order: Order, words: Words) -> Iterator[tuple[str, bool]]:
    """Sentences about paper, each with whether the last screen must say it, by the order's own copies."""
    states = [issue.state for issue in order.issues]
    delivered, copies = states.count(IssueState.DELIVERED), len(states)
    left = any(i.state is IssueState.UNDELIVERED and i.reason == "uncollected" for i in order.issues)
    yield words.say("refusal.uncollected.what"), left
    if delivered < copies:
        yield words.say("change.take-nothing.sentence"), False  # "you have been given all of them"
    if 0 < delivered < copies:
        yield words.say("charged.delivered", delivered=delivered, copies=copies), True


def of_the_card(order: Order, words: Words) -> Iterator[tuple[str, bool]]:
    """Whether the terminal is still waited for."""
    waits = order.state is OrderState.CARD_DUE
    yield words.say("refusal.card-settling.what"), waits and order.earned < order.fee


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_what_is_read_at_last_is_what_became_of_paper_and_money(case: str, lang: str) -> None:
    world = Watched(lang=lang, **CASES[case])
    world.serve()
    assert world.saga is not None
    order, snapshot = world.saga.order, world.walk.snapshot
    assert world.wrong == []
    said = everything_said(snapshot)
    for sentence, holds in (*of_paper(order, world.words), *of_the_card(order, world.words)):
        assert (sentence in said) == holds, f"{sentence!r} should be said: {holds}; said is: {said}"
    went_well = order.outcome in (OrderOutcome.DELIVERED, OrderOutcome.REFUNDED) and order.reason in (
        "",
        "cancelled",
    )
    waits_well = order.state is OrderState.CARD_DUE and order.earned == order.fee
    assert (snapshot.screen is not ScreenName.TROUBLE) == (went_well or waits_well)
    money_back = world.words.won(order.paid)
    assert not order.paid or money_back in said
    assert not order.claim or world.words.won(order.claim) in said


def test_these_orders_come_to_every_end() -> None:
    """By what the ledger says of them, and as nobody knows yet what the card is charged."""
    ends, cards, doubts = set[object](), set[object](), set[bool]()
    for knobs in CASES.values():
        world = Watched(**knobs)
        world.serve()
        assert world.saga is not None
        order = world.saga.order
        ends.add(order.outcome)
        cards |= {order.card.state} if order.card is not None else set()
        doubts.add(unknown(world.saga))
    assert ends >= {None, *OrderOutcome} - {OrderOutcome.DISPUTED}
    assert cards & UNPROVED_CARD
