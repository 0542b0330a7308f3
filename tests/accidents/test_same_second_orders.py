"""Two orders in the same second. Kawasaki, 2 May 2023: at two shops two people asked within one second, and the later
print file overwrote the earlier one, because its name was made from the time.

Planted: order names made from the clock's seconds, so that two machines, and two visits of one machine, share one; and
a store between that keeps answers by the order's name alone.
"""

import time
from pathlib import Path
from typing import Any

import pytest

from central.authority import issuing
from central.authority.document import make_document
from central.authority.trust_lists import Signing
from central.registers.residents import known
from kiosk.identifiers import new_ulid, ulid
from kiosk.ledger.problems import LedgerError
from kiosk.order.model import Order, OrderOutcome, OrderState
from kiosk.protocol import courier as courier_messages
from kiosk.protocol.central import IssuedDocument, IssueRequest
from kiosk.visit.effects import OpenOrder, OrderLine
from tests.accidents.booth import HOME, LAND, Booth
from tests.accidents.centre import Centre
from tests.accidents.conftest import MakeBooth
from tests.accidents.dialogue import ASK_FOR_LAND
from tests.accidents.machine_room import Room
from tests.accidents.sale import buy, delivered, ended, refused
from tests.accidents.whole_core import WholeCore
from tests.unit.visit.walk import ready


def by_the_second(centre: Centre) -> str:
    """The planted fault: an order's name that only the second decides."""
    return ulid(centre.now_s() * 1_000, 0)


def test_two_machines_with_one_order_name_in_one_second_each_give_their_own_paper(
    centre: Centre, booth: MakeBooth
) -> None:
    order = by_the_second(centre)
    left, right = booth("YDP-0001", order), booth("YDP-0002", order)
    left.identify(known.FAMILY)
    right.identify(known.ALONE)
    drafts = [one.draft(HOME) for one in (left, right)]  # both asked before either is answered
    assert drafts[0].draft_hash != drafts[1].draft_hash
    texts = [delivered(buy(one, HOME)) for one in (right, left)]
    assert ["한여름" in text for text in texts] == [True, False]
    assert ["홍길동" in text for text in texts] == [False, True]


def test_a_second_order_of_that_name_at_the_same_machine_gets_no_number(
    centre: Centre, booth: MakeBooth
) -> None:
    order = by_the_second(centre)
    first, second = booth(order=order), booth(order=order)
    first.identify(known.FAMILY)
    second.identify(known.ALONE)
    assert "홍길동" in delivered(buy(first, HOME))
    ended(buy(second, HOME), "key-reused")


def test_a_second_order_of_that_name_takes_no_coin_and_the_first_stays_in_the_ledger(
    centre: Centre, booth: MakeBooth, tmp_path: Path
) -> None:
    order = by_the_second(centre)
    first, second = booth(order=order), booth(order=order)
    room = Room(tmp_path, first)
    kept = room.serve(first, LAND)
    assert kept.outcome is OrderOutcome.DELIVERED
    coins = room.coins_in
    assert room.ledger.has_order(order)  # what core asks before it opens one
    with pytest.raises(LedgerError, match="closed"):
        room.serve(second, LAND)
    assert (room.coins_in, room.taken, room.ledger.orders()) == (coins, 1, [kept])
    room.close()


@pytest.mark.parametrize("name", ["O1", "O2"], ids=["a name that was used", "another name"])
def test_core_opens_no_second_order_of_a_name(booth: MakeBooth, tmp_path: Path, name: str) -> None:
    core = WholeCore(lambda: booth(begin=False), tmp_path, name)
    core.ledger.commit((), Order("O1", 0, (), state=OrderState.CLOSED, outcome=OrderOutcome.REFUNDED))
    core.press(*ASK_FOR_LAND)
    core.deliver(core.courier.waiting.popleft())
    assert core.drafted is not None
    core.machine._parts.sale.health = ready()
    wanted = OpenOrder((OrderLine(1, "land", 1, core.drafted.sheets, core.drafted.fee),))
    assert core.machine._parts.orders.refusal(wanted) == ("busy" if name == "O1" else "")
    core.ledger.close()


def test_orders_of_two_names_stand_side_by_side(booth: MakeBooth, tmp_path: Path) -> None:
    first, second = booth(order="O1"), booth(order="O2")
    room = Room(tmp_path, first)
    orders = [room.serve(one, LAND) for one in (first, second)]
    assert [order.outcome for order in orders] == [OrderOutcome.DELIVERED] * 2
    assert room.ledger.orders() == orders
    room.close()


class KeptByName:
    """Planted in between: answers kept under the order's name; whoever asks next gets what is there."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], courier_messages.CentralAnswer] = {}

    def stand_before(
        self,
        booth: Booth,
        monkeypatch: pytest.MonkeyPatch,
        kind: type[courier_messages.SendDraft | courier_messages.SendIssue],
    ) -> None:
        """From now on what this booth asks of this kind goes through the store."""
        straight = booth.ask

        def ask(asked: Any) -> courier_messages.CentralAnswer:
            if not isinstance(asked, kind):
                return straight(asked)
            return self._kept.setdefault((type(asked).__name__, asked.order), straight(asked))

        monkeypatch.setattr(booth, "ask", ask)


@pytest.mark.parametrize("kind", [courier_messages.SendDraft, courier_messages.SendIssue])
def test_an_answer_kept_under_the_name_of_an_order_opens_for_its_own_worker_only(
    centre: Centre,
    booth: MakeBooth,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[courier_messages.SendDraft | courier_messages.SendIssue],
) -> None:
    order, store = by_the_second(centre), KeptByName()
    left, right = booth("YDP-0001", order), booth("YDP-0002", order)
    for one in (left, right):
        store.stand_before(one, monkeypatch, kind)
    assert "여의도동" in delivered(buy(left, LAND))
    if kind is courier_messages.SendDraft:
        refused(right.draft(LAND), "answer-invalid")
    else:
        ended(buy(right, LAND), "answer-invalid")


def first_request_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted inside central: a document is made for the request of that key that came first, whoever's it is."""
    kept: dict[str, IssueRequest] = {}

    def make(signing: Signing, request: IssueRequest, *rest: Any) -> IssuedDocument:
        return make_document(signing, kept.setdefault(request.key, request), *rest)

    monkeypatch.setattr(issuing, "make_document", make)


def test_a_document_made_for_the_other_machines_request_of_that_name_is_refused_by_its_digest(
    centre: Centre, booth: MakeBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_request_for_all(monkeypatch)
    order = by_the_second(centre)
    left, right = booth("YDP-0001", order), booth("YDP-0002", order)
    assert "여의도동" in delivered(buy(left, LAND))
    ended(buy(right, LAND), "answer-mismatch")


def test_our_own_names_differ_within_one_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_763_866_800_000_000_000)
    assert len({new_ulid() for _ in range(2_000)}) == 2_000
    assert len({ulid(time.time_ns() // 1_000_000, 0) for _ in range(2)}) == 1
