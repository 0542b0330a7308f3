"""What `make test` takes of a long list, for parametrize; the rest is left to the target that has all of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def those(taken: Callable[[T], bool], items: Iterable[T], rest: pytest.MarkDecorator) -> list[Any]:
    """All of `items`: those that are `taken` as they are, the others marked `rest`."""
    return [item if taken(item) else pytest.param(*_values(item), marks=rest) for item in items]


def one_in(many: int, items: Sequence[T], rest: pytest.MarkDecorator) -> list[Any]:
    """All of `items`: the first and each `many`-th after it as they are, the others marked `rest`."""
    taken = items[::many]
    return those(lambda item: item in taken, items, rest)


def strides(some: int, rest: pytest.MarkDecorator) -> pytest.MarkDecorator:
    """The argument `by`: a stride of `some` through what a test goes through, and of 1, which is marked `rest`."""
    return pytest.mark.parametrize("by", [some, pytest.param(1, marks=rest)], ids=["some", "each"])


def _values(item: object) -> tuple[object, ...]:
    """A tuple is the values of as many arguments."""
    return item if isinstance(item, tuple) else (item,)
