"""Walks of a citizen with a card, up to each screen that has to do with it."""

from collections.abc import Callable

import msgspec

from kiosk.health.health import Ailment
from kiosk.visit.events import (
    CardIn,
    CardReady,
    DraftCame,
    Entered,
    HealthChanged,
    HolderKnown,
    WorkerReady,
)
from kiosk.visit.screens import (
    EnterPin,
    InsertCard,
    ReadingCard,
    Verifying,
)
from kiosk.visit.state import first
from tests.unit.visit.walk import Walk, by_card, ready

TYPE = "resident-household"
KEY, INFO = b"k" * 32, b"this visit's PIN"
CARD = CardIn("Reader 0", 7)
OPTIONS = {
    option.code: option.default for kind in by_card().types if kind.code == TYPE for option in kind.option
}


def on_a_machine_with_a_reader() -> Walk:
    walk = Walk(first(by_card()))
    walk.hear(HealthChanged(ready(of=by_card())))
    return walk


def at_content() -> Walk:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press(f"type:{TYPE}")
    return walk


def at_insert() -> Walk:
    walk = at_content()
    assert walk.press("next") == []
    return walk


def at_reading() -> Walk:
    walk = at_insert()
    walk.hear(CARD)
    return walk


def at_pin(tries: int | None = 3) -> Walk:
    walk = at_reading()
    walk.hear(CardReady(tries, KEY, INFO))
    return walk


def at_verifying(tries: int | None = 3) -> Walk:
    walk = at_pin(tries)
    walk.hear(Entered("enter", b"sealed"))
    return walk


def at_check() -> Walk:
    walk = at_verifying()
    walk.hear(HolderKnown("홍*동"))
    walk.hear(DraftCame(walk.state.lines, 2, 200))
    return walk


BEGINNINGS: dict[type, Callable[[], Walk]] = {
    InsertCard: at_insert,
    ReadingCard: at_reading,
    EnterPin: at_pin,
    Verifying: at_verifying,
}
WITH_THE_CARD_OPEN = [at_reading, at_pin, at_verifying]


def reader_lost() -> HealthChanged:
    return HealthChanged(
        msgspec.structs.replace(ready(of=by_card()), ailments=(Ailment("card", "unplugged"),))
    )
