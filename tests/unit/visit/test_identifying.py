"""The identified citizen: card, PIN, and whose certificate it will be."""

from kiosk.order.model import OrderOutcome
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.screen import Row
from kiosk.visit.effects import CloseCard, EndVisit, Identify, OpenCard, OpenOrder, OrderLine, RequestDraft
from kiosk.visit.events import (
    CardOut,
    CardReady,
    DraftCame,
    Entered,
    HolderKnown,
    WorkerReady,
)
from kiosk.visit.order_view import Phase
from kiosk.visit.screens import (
    Choose,
    EnterPin,
    Options,
    Preparing,
    Question,
    ReadingCard,
)
from tests.unit.visit.card_walk import (
    CARD,
    INFO,
    KEY,
    OPTIONS,
    TYPE,
    at_check,
    at_content,
    at_verifying,
    on_a_machine_with_a_reader,
)
from tests.unit.visit.walk import by_card


def test_a_citizen_gets_a_household_certificate_of_their_own() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press(f"type:{TYPE}")
    assert isinstance(walk.screen, Options)
    assert walk.screen.question is Question.CONTENT
    walk.press("option:relation:no", "copies:more")
    assert walk.press("next") == []
    assert walk.snapshot.title == "신분증을 넣어 주세요"
    assert walk.hear(CARD) == [OpenCard("Reader 0", 7)]
    assert walk.snapshot.title == "신분증을 읽고 있습니다"
    assert walk.hear(CardReady(3, KEY, INFO)) == []
    chosen = OPTIONS | {"relation": "no"}
    identify = Identify((AskedLine(1, TYPE, {}, chosen),), b"sealed")
    assert walk.hear(Entered("enter", b"sealed")) == [identify]
    assert walk.snapshot.title == "본인인지 확인하고 있습니다"
    assert walk.hear(HolderKnown("홍*동")) == [CloseCard(), RequestDraft(1, TYPE, {}, chosen, "ko")]
    assert isinstance(walk.screen, Preparing)
    walk.hear(CardOut())
    walk.hear(DraftCame(1, sheets=2, fee=200))
    assert Row("신청하신 분", "홍*동") in walk.snapshot.rows
    assert walk.press("pay") == [OpenOrder((OrderLine(1, TYPE, 2, 2, 200),))]
    walk.order(Phase.COLLECTING, fee=400)
    assert [row.value for row in walk.snapshot.rows] == ["홍*동"]
    walk.order(Phase.CLOSED, credit=400, kept=400, delivered=2, outcome=OrderOutcome.DELIVERED)
    walk.press("skip")
    assert walk.press("done") == [EndVisit(1, "finished")]
    assert "홍*동" not in repr(walk.state)


def test_a_person_is_never_asked_where_a_lot_lies() -> None:
    walk = at_content()
    assert all(row.label != "땅의 위치" for row in walk.snapshot.rows)
    walk.press("back")
    assert walk.screen == Choose(category="resident")


def test_the_tile_says_beforehand_that_a_card_is_needed() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    needed = set()
    for group in [c.id for c in walk.snapshot.controls if c.id.startswith("category:")]:
        walk.press(group)
        needed |= {c.id for c in walk.snapshot.controls if "신분증 필요" in c.detail}
        walk.press("back")
    assert needed == {f"type:{kind.code}" for kind in by_card().types if kind.identification == "card"}
    assert f"type:{TYPE}" in needed


def test_a_lot_is_still_asked_about_without_a_card() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press("type:land", "area:1", "key:6", "next")
    [request] = walk.press("next")
    assert isinstance(request, RequestDraft)


def test_a_card_that_was_put_in_early_in_the_visit_is_read_when_it_is_wanted() -> None:
    walk = at_content()
    assert walk.hear(CARD) == []
    assert walk.press("next") == [OpenCard("Reader 0", 7)]
    assert isinstance(walk.screen, ReadingCard)


def test_a_card_waits_for_the_worker_that_comes_late() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start", f"type:{TYPE}", "next")
    assert walk.hear(CARD) == []
    assert walk.hear(WorkerReady()) == [OpenCard("Reader 0", 7)]
    walk.hear(CardReady(3, KEY, INFO))
    assert isinstance(walk.screen, EnterPin)


def test_the_check_screen_names_the_person_once_and_then_what_the_register_says() -> None:
    walk = at_verifying()
    walk.hear(HolderKnown("홍*동"))
    walk.hear(DraftCame(1, 2, 200, summary=(Row("신청인", "홍*동"), Row("주소", "여의도동 **"))))
    values = [row.value for row in walk.snapshot.rows]
    assert values.count("홍*동") == 1
    assert "여의도동 **" in values


def test_no_price_is_added_by_the_card() -> None:
    walk = at_check()
    assert walk.snapshot.rows[-1].value == "200원"
