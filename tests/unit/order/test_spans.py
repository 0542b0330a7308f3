"""Where a lifetime count begins anew is the driver's to say: no device's own width stands in the rules."""

from math import gcd

from hypothesis import example, given
from hypothesis import strategies as st

from drivers.contract import CashReading, CoinPosition, HopperCount, NotePosition, PaperReading
from kiosk.core.day_close import MOST_A_DAY, _coins_out
from kiosk.ledger.day import Meter
from kiosk.order import evidence, noting, settling
from kiosk.order.collecting import _fixed
from kiosk.order.model import Issue, NoteIntent, Order, OrderState, Payout, Policy
from kiosk.order.saga import Saga, Stage

SPANS = st.integers(10_000, 2**32)
STEPS = st.integers(0, 40)


def starts(span: int, before_the_end: int) -> int:
    """A count that stands shortly before it begins anew, or at its beginning."""
    return (span - before_the_end) % span


@given(SPANS, STEPS, STEPS)
def test_coins_that_were_counted_and_not_told_are_of_unknown_value(
    span: int, before: int, coins: int
) -> None:
    base = CoinPosition("A1", 1, starts(span, before), span)
    order = Order("O", 500, (), base=base, state=OrderState.PAYING)
    reading = CashReading("A1", 1, (base.accepted + coins) % span, accepted_span=span)
    fixed = _fixed(Saga(order, Policy(), Stage.COUNTING), reading, 0).saga.order
    assert (fixed.unknown_coins, fixed.acceptor_remembers) == (coins, True)


@given(SPANS, STEPS, STEPS)
def test_a_note_is_one_more_than_the_stacker_held(span: int, before: int, notes: int) -> None:
    held = NotePosition("V1", 1, starts(span, before), span)
    assert held.stacked is not None
    now = (held.stacked + notes) % span
    reading = CashReading(note_serial="V1", note_events=1, stacked=now, stacked_span=span)
    assert noting._stacked_since(NoteIntent("k", 1_000, held), reading) == notes
    assert noting._news(held, NotePosition("V1", 2, now, span)) is (notes > 0)


@given(SPANS, STEPS, st.integers(1, 40))
def test_a_payout_is_what_the_hopper_counts_since(span: int, before: int, coins: int) -> None:
    payout = Payout("p", coins, starts(span, before), "H1", 0, 100)
    order = Order("O", 0, (), payout=payout, credit=coins * 100, state=OrderState.PAYING)
    saga = Saga(order, Policy(), Stage.PAYING)
    paid = settling._paid(saga, (payout.dispensed_before + coins) % span, span, 0).saga.order
    assert (paid.paid, paid.payout) == (coins * 100, None)


@given(SPANS, STEPS, STEPS)
def test_sheets_and_documents_are_counted_likewise(span: int, before: int, sheets: int) -> None:
    at = starts(span, before)
    issue = Issue(1, 1, "k", "land", 0, 1, "", pages_before=at, retracts_before=at)
    now = (at + sheets) % span
    reading = PaperReading("P1", now, "R1", now, sheets_span=span, retracts_span=span)
    assert evidence.sheets_out(issue, reading) == evidence.retracts_since(issue, reading) == sheets


@given(st.sampled_from([10_000, 65_536, 100_000, 2**24, 2**32]), SPANS, STEPS, STEPS, STEPS)
@example(2**24, 2**32, 3, 5, 7)
@example(10_000, 65_536, 3, 5, 7)
def test_two_hoppers_of_different_spans_agree_on_what_has_moved(
    first: int, second: int, before: int, one: int, other: int
) -> None:
    def meter(moved: int, moved_too: int) -> Meter | None:
        more = HopperCount("H2", (starts(second, before) + moved_too) % second, paying=False, span=second)
        reading = CashReading(
            hopper_serial="H1",
            dispensed=(starts(first, before) + moved) % first,
            dispensed_span=first,
            more_hoppers=(more,),
        )
        return _coins_out(reading)

    then, now = meter(0, 0), meter(one, other)
    if gcd(first, second) < MOST_A_DAY:
        assert now is None
        return
    assert then is not None
    assert now is not None
    assert (now.count - then.count) % now.span == one + other
