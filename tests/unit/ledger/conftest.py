"""What several of the ledger's tests begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.ledger.lost import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.ledger.close()
