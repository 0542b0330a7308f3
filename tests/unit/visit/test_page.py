"""Whatever stands on a page stands in the snapshot: a field that is added to one and not to the other is seen here."""

from typing import Any

import msgspec
import pytest

from kiosk.protocol.screen import (
    Chime,
    Control,
    Field,
    Money,
    Role,
    Row,
    ScreenName,
    Secret,
    Snapshot,
    Step,
    Tone,
)
from kiosk.visit import present
from kiosk.visit.pages.page import Page
from kiosk.visit.state import first
from kiosk.words.words import load
from tests.unit.visit.walk import FACTS, catalogue

FULL = Page(
    screen=ScreenName.PAY,
    title="title",
    sentence="sentence",
    tone=Tone.WARNING,
    pictogram="pay",
    rows=(Row("label", "value"),),
    fields=(Field("pin", "label"),),
    steps=(Step("label", "now"),),
    money=Money(1, 0, 1, 0, "1", "0", "1", "0"),
    notices=("notice",),
    controls=(Control("done", Role.PRIMARY, "Done"),),
    code="11",
    remaining_s=7,
    secret=Secret("pin", b"k" * 32, b"info"),
    chime=Chime.CARD,
)


def test_each_field_of_a_page_is_the_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: dict[str, Any] = msgspec.structs.asdict(FULL)
    usual = msgspec.structs.asdict(Page(FULL.screen, FULL.title))
    assert {name for name in whole if whole[name] == usual[name]} == {"screen", "title"}
    monkeypatch.setattr(present, "_page", lambda _scene, _screen: FULL)
    shown: Snapshot = present.present(first(catalogue()), load("ko"), FACTS, seq=1, since=1, now_ms=0)
    assert {name: getattr(shown, name) for name in whole} == whole
