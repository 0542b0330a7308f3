"""Equal books are found equal, and each kind of difference that a fault or a fraud can make is found."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from drivers.contract import CoinPosition
from kiosk.books.accounts import (
    Books,
    Central,
    CentralIssue,
    CentralOrder,
    Ledger,
    Line,
    Sheet,
    Truth,
    compare,
)
from kiosk.books.reconcile import reconcile_directory
from kiosk.ledger.ledger import Ledger as LedgerFile
from kiosk.ledger.ledger import Stamp
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.protocol.journal import Fact, IssueIntent, OrderOpened

KEY = "01ORDER-1-1"
NUMBER = "1234567890123456"
ISSUE = Issue(1, 1, KEY, "land", 500, 2, "ab", state=IssueState.DELIVERED, number=NUMBER)
GOOD = Order(
    "01ORDER",
    1,
    (ISSUE,),
    state=OrderState.CLOSED,
    credit=700,
    paid=200,
    outcome=OrderOutcome.DELIVERED,
)
CANCELLED_ISSUE = Issue(
    1, 1, "02ORDER-1-1", "land", 500, 1, "cd", state=IssueState.UNDELIVERED, reason="cancelled"
)
CANCELLED = Order(
    "02ORDER",
    2,
    (CANCELLED_ISSUE,),
    state=OrderState.CLOSED,
    credit=100,
    paid=100,
    outcome=OrderOutcome.REFUNDED,
)
JAMMED_ISSUE = Issue(1, 1, "03ORDER-1-1", "land", 500, 1, "ef", state=IssueState.UNDELIVERED, number="2" * 16)
JAMMED = Order(
    "03ORDER",
    3,
    (JAMMED_ISSUE,),
    state=OrderState.CLOSED,
    credit=500,
    paid=300,
    claim=200,
    outcome=OrderOutcome.CLAIM,
)
HEAD = (9, "f" * 64)
BOOKS = Books(
    Ledger((GOOD, CANCELLED, JAMMED), head=HEAD, named=frozenset({KEY, "03ORDER-1-1"})),
    Truth(
        (500, 100, 100, 100, 500),
        (100,) * 6,
        (Sheet(NUMBER, 1, 2, "taken"), Sheet(NUMBER, 2, 2, "taken"), Sheet("2" * 16, 1, 1, "bin")),
    ),
    Central(
        (
            CentralIssue(KEY, "issued", NUMBER, 500, 2, "delivered"),
            CentralIssue("03ORDER-1-1", "issued", "2" * 16, 500, 1, "void"),
        ),
        (
            CentralOrder("01ORDER", "DELIVERED", 500, 700, 200, 0),
            CentralOrder("02ORDER", "REFUNDED", 0, 100, 100, 0),
            CentralOrder("03ORDER", "CLAIM", 0, 500, 300, 200),
        ),
        HEAD,
    ),
)


def differing(books: Books) -> list[str]:
    return [line.what for line in compare(books) if not line.equal]


def with_order(order: Order) -> Books:
    orders = tuple(order if order.id == old.id else old for old in BOOKS.ledger.orders)
    return replace(BOOKS, ledger=replace(BOOKS.ledger, orders=orders))


def with_truth(**fields: object) -> Books:
    return replace(BOOKS, truth=replace(BOOKS.truth, **fields))


def with_central(**fields: object) -> Books:
    return replace(BOOKS, central=replace(BOOKS.central, **fields))


def with_central_issue(at: int, **fields: object) -> Books:
    issues = list(BOOKS.central.issues)
    issues[at] = replace(issues[at], **fields)
    return with_central(issues=tuple(issues))


def with_central_order(at: int, **fields: object) -> Books:
    orders = list(BOOKS.central.orders)
    orders[at] = replace(orders[at], **fields)
    return with_central(orders=tuple(orders))


def moved(where: str) -> Books:
    sheets = (*BOOKS.truth.sheets[:2], replace(BOOKS.truth.sheets[2], where=where))
    return with_truth(sheets=sheets)


def test_equal_books_are_equal() -> None:
    assert differing(BOOKS) == []
    assert len(compare(BOOKS)) > 12


# What was planted -> what must be named.
PLANTED: dict[str, tuple[Callable[[], Books], str]] = {
    "a coin the ledger never credited": (
        lambda: with_truth(coins_in=(*BOOKS.truth.coins_in, 500)),
        "coins in",
    ),
    "a note the ledger never credited": (lambda: with_truth(notes_in=(1_000,)), "notes in the stacker"),
    "a note that is not in the stacker": (
        lambda: replace(
            BOOKS, ledger=replace(BOOKS.ledger, notes=100), central=replace(BOOKS.central, notes=100)
        ),
        "notes in the stacker",
    ),
    "a note that central was not told of": (
        lambda: with_truth(notes_in=(500,), coins_in=(500, 100, 100, 100)),
        "notes in the stacker",
    ),
    "a credit without a coin": (lambda: with_order(replace(GOOD, credit=1200)), "coins in"),
    "a coin paid out twice": (lambda: with_truth(coins_out=(100,) * 7), "coins out"),
    "a refund that never fell": (lambda: with_truth(coins_out=(100,) * 5), "coins out"),
    "a fee kept for nothing": (
        lambda: with_order(replace(CANCELLED, paid=0)),
        "order 02ORDER: in = kept + out + owed",
    ),
    "a fee that central was not told": (lambda: with_central_order(0, fee=0), "fees kept"),
    "another outcome at central": (lambda: with_central_order(1, outcome="DELIVERED"), "order 02ORDER"),
    "another credit at central": (lambda: with_central_order(2, credit=400), "credit of orders"),
    "an order that central does not know": (
        lambda: with_central(orders=BOOKS.central.orders[:2]),
        "order 03ORDER",
    ),
    "an order that the ledger does not know": (
        lambda: with_central(orders=(*BOOKS.central.orders, CentralOrder("09", "", 0, 0, 0, 0))),
        "order 09",
    ),
    "an order that is still open": (
        lambda: with_order(replace(JAMMED, state=OrderState.SETTLING)),
        "order 03ORDER is closed",
    ),
    "a claim that central was not told": (lambda: with_central_order(2, claim=0), "claims"),
    "a delivery that central holds void": (lambda: with_central_issue(0, final="void"), f"issue {KEY}"),
    "a void that central holds delivered": (
        lambda: with_central_issue(1, final="delivered"),
        "issue 03ORDER-1-1",
    ),
    "a document whose end central was not told": (lambda: with_central_issue(0, final=""), f"issue {KEY}"),
    "another number at central": (lambda: with_central_issue(0, number="9" * 16), f"issue {KEY}"),
    "another fee of the document at central": (lambda: with_central_issue(0, fee=400), f"issue {KEY}"),
    "an issue that the ledger does not know": (
        lambda: with_central(
            issues=(*BOOKS.central.issues, CentralIssue("x", "issued", "7" * 16, 500, 1, ""))
        ),
        "issue x",
    ),
    "an issue that central does not know": (
        lambda: with_central(issues=BOOKS.central.issues[:1]),
        "issue 03ORDER-1-1",
    ),
    "a sheet that stayed inside": (
        lambda: with_truth(sheets=(replace(BOOKS.truth.sheets[0], where="bin"), *BOOKS.truth.sheets[1:])),
        f"sheets of {NUMBER}",
    ),
    "a sheet handed out twice": (
        lambda: with_truth(sheets=(*BOOKS.truth.sheets, BOOKS.truth.sheets[0])),
        f"sheets of {NUMBER}",
    ),
    "a void document in somebody's hand": (lambda: moved("taken"), f"sheets of {'2' * 16}"),
    "a void document within reach": (lambda: moved("tray"), f"sheets of {'2' * 16}"),
    "a document of nobody in somebody's hand": (
        lambda: with_truth(sheets=(*BOOKS.truth.sheets, Sheet("5" * 16, 1, 1, "taken"))),
        f"sheets of {'5' * 16}",
    ),
    "a page without a number in somebody's hand": (
        lambda: with_truth(sheets=(*BOOKS.truth.sheets, Sheet("", 1, 1, "taken"))),
        "sheets of no number",
    ),
    "a sheet forgotten in the mouth": (lambda: moved("mouth"), "sheets left in the machine"),
    "a journal that central has not": (lambda: with_central(head=(8, "e" * 64)), "journal head"),
    "another journal at central": (lambda: with_central(head=(9, "e" * 64)), "journal head"),
    "rows that were not sent": (
        lambda: replace(BOOKS, ledger=replace(BOOKS.ledger, outbox=2)),
        "rows still to be sent",
    ),
    "a broken chain": (
        lambda: replace(BOOKS, ledger=replace(BOOKS.ledger, violations=("M9 hash chain, at row 3",))),
        "ledger's own rule M9 hash chain, at row 3",
    ),
    "an alarm": (lambda: with_central(alarms=("void-after-delivered x",)), "alarm void-after-delivered x"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_difference_is_found_and_named(name: str) -> None:
    plant, expected = PLANTED[name]
    assert expected in differing(plant())


def test_an_issue_that_central_was_never_asked_for_is_no_difference() -> None:
    assert CANCELLED_ISSUE.key not in {line.what.removeprefix("issue ") for line in compare(BOOKS)}


def test_an_answer_that_was_lost_ends_void_under_its_key() -> None:
    issue = replace(JAMMED_ISSUE, number="")
    assert differing(with_order(replace(JAMMED, issues=(issue,)))) == []


# --- on files ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a demo leaves, of one small order."""
    books = tmp_path / "books"
    books.mkdir()
    ledger = LedgerFile(books / "ledger.db", lambda: Stamp("b", 1, 1))
    ledger.commit(
        (OrderOpened(GOOD.id, fee=500, lines=()),), replace(GOOD, state=OrderState.COLLECT, outcome=None)
    )
    ledger.commit((IssueIntent(GOOD.id, 1, 1, KEY, "land", ""),), GOOD, CoinPosition("s", 2, 2))
    ledger.acknowledge(2)
    seq, head = ledger.head
    ledger.close()
    truth = {
        "coins_in": [{"at": "", "value": 500}, {"at": "", "value": 200}],
        "coins_out": [{"at": "", "value": 100}, {"at": "", "value": 100}],
        "sheets": [
            {
                "at": "",
                "job": KEY,
                "sheet": n,
                "of": 2,
                "number": "1234-5678-9012-3456",
                "image": "",
                "where": "taken",
            }
            for n in (1, 2)
        ],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    export = {
        "issues": [
            {"key": KEY, "status": "issued", "number": NUMBER, "fee": 500, "sheets": 2, "final": "delivered"}
        ],
        "orders": [
            {"order": GOOD.id, "outcome": "DELIVERED", "fee": 500, "credit": 700, "paid": 200, "claim": 0}
        ],
        "events_head": {"YDP-1": {"seq": seq, "hash": head}},
        "alarms": [],
    }
    (books / "central.json").write_text(json.dumps(export))
    return tmp_path


def test_files_that_agree_end_with_0(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reconcile_directory(out) == 0
    assert "comparisons are equal" in capsys.readouterr().out


def test_what_is_read_from_a_pipe_has_a_legend_and_no_blanks_at_its_ends(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reconcile_directory(out)
    said = capsys.readouterr().out.splitlines()
    assert all(line == line.rstrip() for line in said)
    assert said[-3].startswith("ledger: what the machine has written down; truth: what really went through")


def test_files_that_differ_end_with_1_and_say_where(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = json.loads((out / "truth.json").read_text())
    truth["coins_out"].append({"at": "", "value": 100})
    (out / "truth.json").write_text(json.dumps(truth))
    assert reconcile_directory(out) == 1
    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("DIFFERS")]
    assert [line.split() for line in wrong] == [["DIFFERS", "coins", "out", "200", "300", "200"]]


def test_a_journal_row_that_somebody_altered_is_found(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(out / "books" / "ledger.db") as database:
        database.execute("DROP TRIGGER journal_is_append_only_update")
        database.execute('UPDATE journal SET body = \'{"order":"other"}\' WHERE seq = 1')
    database.close()
    assert reconcile_directory(out) == 1
    assert "hash chain, at row 1" in capsys.readouterr().out


@pytest.mark.parametrize("file", ["truth.json", "books/ledger.db", "books/central.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1]", b"\xff garbage" * 100])
def test_a_missing_or_spoilt_account_is_a_sentence(
    out: Path, capsys: pytest.CaptureFixture[str], file: str, content: bytes | None
) -> None:
    (out / file).unlink() if content is None else (out / file).write_bytes(content)
    code = reconcile_directory(out)
    said = capsys.readouterr().err
    if (file, content) == ("books/ledger.db", b""):
        assert code == 1  # an empty file is an empty ledger, which disagrees with everything
    else:
        assert code == 3
        assert said.startswith("kiosk reconcile: ")
        assert said.count("\n") == 1


def test_looking_does_not_change_the_evidence(out: Path) -> None:
    before = (out / "books" / "ledger.db").read_bytes()
    reconcile_directory(out)
    assert (out / "books" / "ledger.db").read_bytes() == before
    assert sorted(path.name for path in (out / "books").iterdir()) == ["central.json", "ledger.db"]


def test_a_line_says_what_each_account_says() -> None:
    lines = {line.what: line for line in compare(with_truth(coins_out=(100,) * 7))}
    assert lines["coins out"] == Line("coins out", "600", "700", "600", equal=False)


def test_a_row_that_nobody_can_read_is_named_and_the_books_are_not_called_equal(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class OfTomorrow(Fact, frozen=True):
        kind = "of-tomorrow"

    ledger = LedgerFile(out / "books" / "ledger.db", lambda: Stamp("b", 1, 1))
    ledger.commit((OfTomorrow(),))  # type: ignore[arg-type]  # that is what is tried
    ledger.close()
    assert reconcile_directory(out) == 1
    assert "row 3 (of-tomorrow) can't be read" in " ".join(capsys.readouterr().out.split())
