"""What can be sold is judged at each event: the levels of the cash devices come from the ledger, so once is enough."""

from pathlib import Path

import pytest

from kiosk.core.cash_books import CashBooks
from kiosk.health.cash import CashLevels
from tests.unit.core.test_slip_on_request import AMachine


def test_one_judgement_reads_the_levels_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core, read = AMachine(tmp_path), []
    levels = CashBooks.levels

    def counted(books: CashBooks, statuses: dict[str, object]) -> CashLevels | None:
        read.append(books)
        return levels(books, statuses)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(CashBooks, "levels", counted)
    core.machine._parts.sale.judge()
    core.ledger.close()
    assert read == [core.machine.cash]
