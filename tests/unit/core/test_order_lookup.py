"""Somebody on the telephone says six characters: what became of it is found, and of two that share them, both."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from kiosk.commands.ledger_commands import order_line
from kiosk.core.ledger_admin import LedgerAdmin
from kiosk.core.machine import Machine
from kiosk.ledger.ledger import Ledger, Stamp, claim_code
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.protocol import spoken
from kiosk.protocol.journal import Boot

OTHER, ORDER = "01KB3X7Q9M5TAAAAAAAAAAAAA1", "01KB3X7Q9M5TAAAAAAAAAAAAA2"


def closed(name: str) -> Order:
    issue = Issue(1, 1, f"{name}-1-1", "land", 500, 1, "h", IssueState.DELIVERED, f"0001-0000000{name[-1]}")
    return Order(
        name,
        1_763_942_400_000,
        (issue,),
        OrderState.CLOSED,
        credit=500,
        outcome=OrderOutcome.DELIVERED,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LedgerAdmin]:
    ledger = Ledger(tmp_path / "ledger.db", lambda: Stamp("b", 1, 1))
    for name in (OTHER, ORDER):
        ledger.commit((Boot(),), closed(name))
    yield LedgerAdmin(cast(Machine, None), ledger)
    ledger.close()


@pytest.mark.parametrize("said", [spoken.spoken(ORDER), ORDER, claim_code(ORDER), "nothing"])
def test_it_is_found_by_what_stands_on_the_paper(desk: LedgerAdmin, said: str) -> None:
    found = [one["order"] for one in desk.asks()["orders"]({"number": said})["orders"]]
    assert found == ([] if said == "nothing" else [ORDER])


def test_what_is_told_of_it_accounts_for_every_won(desk: LedgerAdmin) -> None:
    [one] = desk.asks()["orders"]({"number": spoken.spoken(ORDER)})["orders"]
    line = order_line(one)
    for told in (
        spoken.spoken(ORDER),
        "2025-11-24 09:00",
        "land",
        "credit 500",
        "kept 500",
        "DELIVERED",
        ORDER,
    ):
        assert told in line


def test_of_two_that_share_a_number_both_are_told_the_newest_first(
    desk: LedgerAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "ALPHABET", "7")
    found = desk.asks()["orders"]({"number": "777-777"})["orders"]
    assert [one["order"] for one in found] == [ORDER, OTHER]
