"""Every sentence about money is true at that moment, whatever an order comes through, on every screen that shows it."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.order_view import view
from kiosk.examples.base import NOW_MS, healthy
from kiosk.order.model import Policy
from kiosk.order.saga import Saga, Stage
from kiosk.visit.events import Interrupted, OrderMoved
from kiosk.visit.order_view import Slip
from kiosk.visit.screens import Attract
from kiosk.visit.state import Visit
from kiosk.words.words import LANGUAGES, load
from tests.unit.order.any_story import story
from tests.unit.visit.money_said import untrue
from tests.unit.visit.walk import Walk, catalogue

POLICY = Policy(cards=True)
SLIPS = (Slip.NONE, Slip.PRINTED, Slip.FAILED, Slip.UNSURE)


def before_an_order(lang: str) -> Walk:
    base = Visit(catalogue=catalogue(), screen=Attract(), health=healthy(catalogue()), number=1, serving=True)
    display = msgspec.structs.replace(base.display, lang=lang)
    return Walk(msgspec.structs.replace(base, display=display), NOW_MS)


def show(walk: Walk, saga: Saga, slip: Slip) -> None:
    """As the machine tells the visit of it."""
    told = view(saga, slip if saga.stage is Stage.OVER else Slip.NONE)
    if saga.stage is Stage.OVER and saga.order.reason == "interrupted":
        walk.hear(Interrupted(told))
    else:
        walk.hear(OrderMoved(told))


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=400, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_what_is_said_of_money_is_true_whenever_it_is_said(lang: str, rng: random.Random) -> None:
    walk, words, slip = before_an_order(lang), load(lang), rng.choice(SLIPS)
    for _before, move, boot in story(rng, POLICY):
        if boot:  # whoever stood here sees a machine that starts
            walk = Walk(None, NOW_MS)
            walk.state = msgspec.structs.replace(walk.state, display=before_an_order(lang).state.display)
        show(walk, move.saga, slip)
        wrong = list(untrue(walk.snapshot, move.saga, words))
        assert not wrong, f"{walk.snapshot.title}, {move.saga.stage}: {wrong}"
