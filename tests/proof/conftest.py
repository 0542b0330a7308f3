"""What the searches remember of the product ends with them, and nothing that a test has planted in it is remembered."""

from collections.abc import Iterator

import pytest

from tests.proof import heart


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Hundreds of thousands of moves are gigabytes, and whatever is tested after them in this process is slower."""
    yield
    heart.forget_moves()


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """For tests that change the product's code under the search."""
    heart.forget_moves()
    yield monkeypatch
    heart.forget_moves()
