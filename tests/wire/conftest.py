"""A fresh desk for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.wire.desk import Desk, desk


@pytest.fixture(name="desk")
def _desk() -> Iterator[Desk]:
    with desk() as opened:
        yield opened
