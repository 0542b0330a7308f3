"""What `make test` takes of a long list: evenly spread ones, and the rest is left to a target of its own."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

T = TypeVar("T")


def one_in(many: int, items: Sequence[T], rest: pytest.MarkDecorator) -> list[T | ParameterSet]:
    """All of `items`, for parametrize: the first and each `many`-th after it as they are, the others marked."""
    return [
        item if number % many == 0 else pytest.param(item, marks=rest) for number, item in enumerate(items)
    ]
