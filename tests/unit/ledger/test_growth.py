"""What an order leaves on the disk, and what no module of the ledger may use of its library."""

from pathlib import Path
from typing import Any

import pytest

from kiosk import ledger as room
from kiosk.ledger.ledger import Ledger
from tests.unit.ledger.trade import Clock, open_shop, sell

BAR_BYTES = 8_000
ORDERS = 200
KINDS: dict[str, dict[str, Any]] = {
    "one certificate, exact": {"coins": (500,)},
    "one certificate in small coins with change": {"coins": (100, 100, 100, 100, 500)},
    "two copies of two sheets": {"copies": 2, "sheets": 2, "coins": (500, 500)},
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_leaves_no_more_than_eight_kilobytes(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "ledger.db"
    ledger = Ledger(file, Clock().stamp)
    open_shop(ledger)
    ledger.close()
    before = file.stat().st_size
    ledger = Ledger(file, Clock().stamp)
    for number in range(ORDERS):
        sell(ledger, f"01HZY8M2T6W3V9XQ5R7N4{number:05}", **KINDS[kind])
        ledger.acknowledge(ledger.head[0])
    ledger.close()
    each = (file.stat().st_size - before) / ORDERS
    print(f"{kind}: {each:,.0f} bytes an order")
    assert 1_000 < each <= BAR_BYTES


def test_no_module_of_the_ledger_uses_what_writes_outside_its_transactions() -> None:
    """The library's table API: its first upsert makes a probe table, its transactions start deferred."""
    for file in Path(room.__file__).parent.glob("*.py"):
        source = file.read_text("utf-8")
        for forbidden in (
            ".upsert(",
            ".transform(",
            ".create_table(",
            "alter=",
            ".atomic(",
            '.table("',
            'db["',
        ):
            assert forbidden not in source, f"{file.name}: {forbidden}"
