"""What a demo leaves is of its shape, and it takes away nothing that is not its own."""

from pathlib import Path

from kiosk.console.output_folder import OutputFolder
from kiosk.desk.autopilot import Step
from kiosk.desk.demo import MAKER
from kiosk.desk.demo_output import FILES, FOLDERS, prepare, summary
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState

COPIES = tuple(
    Issue(1, copy, f"o-1-{copy}", "land", 500, 2, "ab", state=IssueState.DELIVERED, number=str(copy) * 16)
    for copy in (1, 2)
)
ORDER = Order("o", 1, COPIES, state=OrderState.CLOSED, credit=1_100, paid=100, outcome=OrderOutcome.DELIVERED)


def test_a_summary_has_orders_with_lines_money_and_steps() -> None:
    copy = {"state": "DELIVERED", "sheets": 2, "fee": 500, "reason": ""}
    line = {
        "line": 1,
        "type_code": "land",
        "copies": [{"copy": 1, "number": "1" * 16, **copy}, {"copy": 2, "number": "2" * 16, **copy}],
    }
    assert summary((ORDER,), [Step("start", 12)]) == {
        "orders": [{"id": "o", "state": "CLOSED", "outcome": "DELIVERED", "lines": [line]}],
        "money": {"in": 1_100, "card": 0, "fee": 1_000, "out": 100, "claim": 0},
        "steps": [{"name": "start", "ms": 12}],
    }


def test_an_earlier_demo_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    with OutputFolder.take(tmp_path, MAKER) as out:
        prepare(out)
        for name in ("screens/01-attract.png", *FILES):
            out.file(name).write_text("old")
    (tmp_path / "my-notes.txt").write_text("keep")
    with OutputFolder.take(tmp_path, MAKER) as out:
        prepare(out)
    assert not list((tmp_path / "screens").iterdir())
    assert not any((tmp_path / name).exists() for name in FILES)
    assert (tmp_path / "my-notes.txt").read_text() == "keep"
    assert all((tmp_path / name).is_dir() for name in FOLDERS)
