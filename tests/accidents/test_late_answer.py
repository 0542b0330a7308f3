"""An answer lost, and arriving late for somebody else. Adachi, March and April 2023: with load and a certain timing an
answer that one request had given up on was taken for the next one's.

Planted: central's answer to the citizen who left comes while the next one waits for theirs; requests whose names begin
anew with each visit, so that the late answer also fits by name; and an answer to the last order given for this one.
"""

from collections.abc import Callable
from itertools import count

import pytest
from msgspec.structs import replace

from kiosk.core.visit_runner import VisitRunner
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.model import OrderOutcome
from kiosk.protocol import worker as worker_messages
from tests.accidents.booth import LAND, Booth
from tests.accidents.conftest import MakeBooth
from tests.accidents.dialogue import ASK_FOR_LAND, Dialogue
from tests.accidents.sale import Sale, buy, delivered, ended


@pytest.fixture
def dialogue(booth: MakeBooth) -> Dialogue:
    """A machine whose workers know the visit's name when core tells them, and not before."""
    return Dialogue(*hired(booth))


def hired(booth: MakeBooth) -> tuple[Callable[[], Booth], Callable[[], str]]:
    """A fresh worker for each visit, and the visits' names."""
    names = (f"ORDER{number}" for number in count(1))
    return lambda: booth(begin=False), lambda: next(names)


def test_an_answer_that_comes_after_its_visit_is_nobodys(dialogue: Dialogue) -> None:
    dialogue.press(*ASK_FOR_LAND)
    late = dialogue.courier.waiting.popleft()
    dialogue.leave()
    dialogue.press(*ASK_FOR_LAND)
    dialogue.deliver(late)
    assert dialogue.drafted is None
    dialogue.deliver(dialogue.courier.waiting.popleft())
    assert dialogue.drafted is not None


def names_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a request's name is its position in the visit."""
    begin = VisitRunner._begin

    def begin_at_one(self: VisitRunner) -> None:
        self._requests = 0
        begin(self)

    monkeypatch.setattr(VisitRunner, "_begin", begin_at_one)


def test_a_late_answer_that_fits_by_name_does_not_open_for_the_next_visit(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names_begin_anew(monkeypatch)
    dialogue.press(*ASK_FOR_LAND)
    late = dialogue.courier.waiting.popleft()
    dialogue.leave()
    dialogue.press(*ASK_FOR_LAND)
    assert late.request == dialogue.courier.waiting[0].request
    dialogue.deliver(late)
    assert dialogue.drafted is None
    assert '"code": "answer-invalid"' in capsys.readouterr().out


def test_in_time_the_same_answer_is_taken(dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    names_begin_anew(monkeypatch)
    dialogue.press(*ASK_FOR_LAND)
    dialogue.deliver(dialogue.courier.waiting.popleft())
    assert dialogue.drafted is not None


class Slow(Sale):
    """Central's answer to the issue is lost; it comes when everything is over."""

    lost: order_events.Answered | None = None

    def do(self, effect: Effect) -> None:
        super().do(effect)
        answers = [event for event in self.inbox if isinstance(event, order_events.Answered)]
        if answers and self.lost is None:
            self.lost = answers[0]
            self.inbox.remove(self.lost)


def slow_sale(booth: Booth) -> Slow:
    ready = booth.draft(LAND)
    assert isinstance(ready, worker_messages.DraftReady)
    sale = Slow(booth, LAND, ready)
    sale.serve()
    return sale


def test_an_answer_that_comes_after_the_money_went_back_moves_no_paper(booth: MakeBooth) -> None:
    sale = slow_sale(booth(order="O1"))
    ended(sale, "central-unreachable")
    assert sale.lost is not None
    sale.inbox.append(sale.lost)
    sale._drain()
    ended(sale, "central-unreachable")


class Impatient(Sale):
    """Gets the answer to the order before, under this order's own key."""

    def __init__(self, booth: Booth, ready: worker_messages.DraftReady, late: order_events.Answered) -> None:
        super().__init__(booth, LAND, ready)
        self._late = replace(late, key=booth.key())

    def do(self, effect: Effect) -> None:
        super().do(effect)
        for number, event in enumerate(self.inbox):
            if isinstance(event, order_events.Answered):
                self.inbox[number] = self._late


def test_the_answer_to_the_order_before_does_not_open_for_this_one(booth: MakeBooth) -> None:
    before = slow_sale(booth(order="O1"))
    assert before.lost is not None
    now = booth(order="O2")
    ready = now.draft(LAND)
    sale = Impatient(now, ready, before.lost)
    assert sale.serve().outcome is OrderOutcome.REFUNDED
    ended(sale, "answer-invalid")


def test_with_its_own_answer_in_time_each_order_delivers(booth: MakeBooth) -> None:
    for order in ("O1", "O2"):
        assert "여의도동" in delivered(buy(booth(order=order), LAND))
