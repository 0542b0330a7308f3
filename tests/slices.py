"""What `make test` takes of a long list: evenly spread ones. The rest is left to a target of its own."""

from collections.abc import Sequence

import pytest
from _pytest.mark import ParameterSet


def one_in(many: int, items: Sequence[object], rest: pytest.MarkDecorator) -> list[ParameterSet]:
    """All of `items`, for parametrize: the first and each `many`-th after it unmarked, the others marked `rest`.

    A tuple is the values of as many parameters.
    """
    values = [item if isinstance(item, tuple) else (item,) for item in items]
    return [pytest.param(*each, marks=() if at % many == 0 else rest) for at, each in enumerate(values)]
