"""What became of a claim is entered in the journal once a start, however often central says it, and settles it once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.case_file import CaseFile
from kiosk.ledger.ledger import Ledger
from kiosk.protocol.claims import Resolution
from tests.unit.ledger.cutting import Cut, connect, image
from tests.unit.ledger.trade import Clock, open_shop, sell

OWING, PAID_UP, ELSEWHERE = "01B", "01A", "01GONE"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = shop(tmp_path / "ledger.db")
    yield made
    made.close()


def shop(file: Path) -> Ledger:
    """One citizen was served, another is owed 100 KRW."""
    ledger = Ledger(file, Clock().stamp, connection=connect(file))
    open_shop(ledger)
    sell(ledger, PAID_UP)
    sell(ledger, OWING, coins=(100, 100, 500), pays_at_most=1)
    assert ledger.owed() == 100
    return ledger


def entered(ledger: Ledger) -> list[str]:
    return [row.kind for row in ledger.journal() if row.kind == "case-resolved"]


def test_a_decision_is_entered_once_and_a_second_decision_too(ledger: Ledger) -> None:
    told: list[None] = []
    file = CaseFile(ledger, lambda: told.append(None))
    owed, redeemed = Resolution(7, OWING, "claim", 100), Resolution(7, OWING, "redeemed", 0)
    for resolved in ((owed,), (owed,), (owed, redeemed), (redeemed,)):
        file.heard(resolved)
    assert (len(entered(ledger)), len(told)) == (2, 2)


@pytest.mark.parametrize(
    ("verdict", "left", "owed"),
    [
        ("claim", 100, 100),
        ("kept", 50, 100),
        ("kept", 0, 0),
        ("paid", 0, 0),
        ("redeemed", 0, 0),
        ("void", 0, 0),
    ],
)
def test_a_claim_of_which_nothing_is_owed_any_more_is_over(
    ledger: Ledger, verdict: str, left: int, owed: int
) -> None:
    CaseFile(ledger, _nothing).heard((Resolution(7, OWING, verdict, left),))
    assert ledger.owed() == owed
    assert ledger.violations() == []


def test_the_same_word_after_another_start_and_one_about_an_order_long_gone_change_nothing(
    ledger: Ledger,
) -> None:
    word = Resolution(7, OWING, "redeemed", 0)
    CaseFile(ledger, _nothing).heard((word,))
    settled = "SELECT settled_seq FROM claims WHERE order_id = ?"
    first = ledger.db.execute(settled, (OWING,)).fetchone()
    CaseFile(ledger, _nothing).heard((word, Resolution(9, ELSEWHERE, "paid", 0)))
    assert ledger.db.execute(settled, (OWING,)).fetchone() == first
    assert (len(entered(ledger)), ledger.owed()) == (3, 0)


def test_torn_at_any_statement_the_row_and_the_claim_say_the_same(tmp_path: Path) -> None:
    cut, states = 0, set()
    while True:
        ledger = shop(tmp_path / f"{cut}.db")
        ledger.db.conn.left = cut  # type: ignore[attr-defined]
        try:
            CaseFile(ledger, _nothing).heard((Resolution(7, OWING, "redeemed", 0),))
        except Cut:
            done = False
        else:
            done = True
        ledger.db.conn.left = 1 << 60  # type: ignore[attr-defined]
        after = Ledger(image(ledger.file, tmp_path / f"cut{cut}"), Clock().stamp)
        assert (len(entered(after)), after.owed()) in ((0, 100), (1, 0)), f"cut at {cut}"
        states.add(after.owed())
        after.close()
        ledger.close()
        if done:
            break
        cut += 1
    assert (cut > 3, states) == (True, {0, 100})


def _nothing() -> None: ...
