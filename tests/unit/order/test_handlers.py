"""Each event in each stage is somebody's, or ignored on purpose; no pair has two handlers."""

import ast
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from kiosk.order import saga as room
from kiosk.order.events import OrderEvent, Stop, Tick
from kiosk.order.handlers import HeardTwiceError, anywhere, merged, on, table
from kiosk.order.reduce import HANDLERS
from kiosk.order.saga import Move, Saga, Stage, stay
from kiosk.order.unheard import PARTS, UNHEARD, pairs
from tools import order_page

EVENTS = get_args(OrderEvent)
STAGES = [stage for stage in Stage if stage is not Stage.OVER]
HEARD = {
    (stage, event)
    for at, event in HANDLERS
    for stage in ([at] if at is not None else STAGES)
    if stage is not None
}


def first(saga: Saga, event: Tick, now_ms: int) -> Move:
    return stay(saga)


def second(saga: Saga, event: Tick, now_ms: int) -> Move:
    return stay(saga)


def test_the_parts_are_all_the_stages_each_once() -> None:
    assert Counter(stage for part in PARTS.values() for stage in part) == Counter(STAGES)


def test_every_event_in_every_stage_is_heard_or_ignored_on_purpose_and_never_both() -> None:
    ignored = Counter(pairs())
    assert set(ignored.values()) == {1}, "a pair is ignored for two reasons"
    assert HEARD & set(ignored) == set(), "a pair has a handler, and a reason why it needs none"
    assert {(stage, event) for stage in STAGES for event in EVENTS} - HEARD == set(ignored)


def test_every_reason_is_about_an_event_that_there_is() -> None:
    assert {one.event for one in UNHEARD} <= set(EVENTS)
    assert all(one.why for one in UNHEARD)


@pytest.mark.parametrize("again", [Stage.PAYING, (Stage.METERING, Stage.PAYING)])
def test_a_second_handler_for_a_pair_fails_when_it_is_entered(again: Stage | tuple[Stage, ...]) -> None:
    with pytest.raises(HeardTwiceError, match="Tick has two handlers in stage paying"):
        table(on(Stage.PAYING, Tick, first), on(again, Tick, second))


def test_a_second_handler_in_another_table_fails_too() -> None:
    with pytest.raises(HeardTwiceError, match="Tick has two handlers in stage any"):
        merged(table(anywhere(Tick, first)), table(anywhere(Tick, second)))


def test_a_stage_may_have_its_own_handler_beside_the_one_for_anywhere() -> None:
    assert len(table(anywhere(Tick, first), on(Stage.PAYING, Tick, second))) == 2


def test_a_handler_of_another_event_is_a_type_error() -> None:
    """The comment below is needed: mypy warns of one that is not."""
    assert table(on(Stage.PAYING, Stop, first))  # type: ignore[arg-type]


def test_every_stage_has_its_sentence() -> None:
    tree = ast.parse(Path(room.__file__).read_text("utf-8"))
    (stages,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Stage")
    assert set(order_page.sentences(stages)) == {stage.name for stage in Stage}


def test_the_tables_in_the_page_are_made_from_the_code() -> None:
    text = order_page.PAGE.read_text("utf-8")
    assert text == order_page.written(text), "make pages"
