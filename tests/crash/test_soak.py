"""A slice of the half year that `make soak` trades: every invariant, and nothing grows but the ledger."""

import pytest

from tests.crash.lives.soak import MOST_BYTES, soak


@pytest.mark.timeout(240)
def test_three_days_of_trade_leave_nothing_behind_but_the_ledger() -> None:
    end = soak(3, seed=2, citizens_a_day=25)
    assert end.wrongs == ()
    assert end.orders > 50
    assert end.cuts > 0
    assert end.bytes_each <= MOST_BYTES
    before, after = end.objects
    assert after <= before * 1.5 + 500
