"""Nothing that a test has planted in the product may be remembered."""

from collections.abc import Iterator

import pytest

from tests.proof import heart


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """For tests that change the product's code under the search."""
    heart.forget_moves()
    yield monkeypatch
    heart.forget_moves()
