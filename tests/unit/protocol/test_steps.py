"""What goes to central ends where a durable step of the ledger ends."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.courier import JournalRow
from kiosk.protocol.steps import whole_steps


def journal(lengths: list[int]) -> list[JournalRow]:
    """Rows of steps that are so long, each step with its own stamp."""
    at = [step for step, length in enumerate(lengths) for _ in range(length)]
    return [JournalRow(seq, "b", ms, ms, "k", msgspec.Raw(b"{}"), "", "") for seq, ms in enumerate(at, 1)]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30), st.integers(1, 60))
def test_it_is_all_whole_steps_that_fit_or_as_much_of_one_as_fits(lengths: list[int], limit: int) -> None:
    rows = journal(lengths)
    ends = {sum(lengths[: steps + 1]) for steps in range(len(lengths))}
    sent = whole_steps(rows[:limit], rows[limit] if limit < len(rows) else None)
    fits = max((end for end in ends if end <= limit), default=min(limit, len(rows)))
    assert list(sent) == rows[:fits]


def test_of_no_rows_it_is_none() -> None:
    assert whole_steps((), None) == ()
