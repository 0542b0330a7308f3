"""A coin is told of once a connection, however many Resumes cross it on the wire, and by the newest of them alone."""

from drivers.contract import (
    BookCredit,
    CoinPosition,
    Completed,
    Credited,
    CreditsLost,
    ErrorCode,
    Outcome,
    Resume,
)
from tests.unit.drivers.coin_bench import Bench


def with_one_coin_booked() -> tuple[Bench, CoinPosition]:
    """A machine that has sold something, and where core stands."""
    bench = Bench().collecting()
    bench.far.coin.drop(4)
    bench.until(bench.credits, 1)
    booked = bench.of(Credited)[0].position
    bench.run(BookCredit, position=booked)
    del bench.told[:]
    return bench, booked


def ends(bench: Bench, *requests: str) -> list[Completed]:
    """How these commands ended, as far as they have."""
    return [end for request in requests if (end := bench.end_of(request)) is not None]


def test_the_resume_of_a_core_that_died_tells_the_next_one_nothing() -> None:
    bench, booked = with_one_coin_booked()
    bench.cash.core_gone()
    bench.far.coin.drop(3, past_the_gate=True)
    first = bench.start(Resume, position=booked)
    bench.cash.core_gone()
    second = bench.start(Resume, position=booked)
    bench.until(lambda: bench.credits() == [100], 2)
    # What core books between the two ends is no reason to take it for lost.
    bench.run(BookCredit, position=bench.of(Credited)[0].position)
    bench.until(lambda: len(ends(bench, first, second)) == 2, 5)
    given_up, done = ends(bench, first, second)
    assert (given_up.code, done.outcome) == (ErrorCode.REFUSED, Outcome.DONE)
    bench.pass_time(2)
    assert (bench.credits(), bench.of(CreditsLost)) == ([100], [])


def test_a_core_that_resumes_twice_is_told_of_each_coin_once() -> None:
    bench, booked = with_one_coin_booked()
    bench.cash.core_gone()
    bench.far.coin.drop(3, past_the_gate=True)
    requests = [bench.start(Resume, position=booked) for _ in range(3)]
    bench.until(lambda: len(ends(bench, *requests)) == 3, 5)
    assert ends(bench, *requests)[-1].outcome is Outcome.DONE
    bench.pass_time(2)
    assert (bench.credits(), bench.of(CreditsLost)) == ([100], [])


def test_a_coin_on_the_wire_while_core_resumes_anew_is_told_neither_twice_nor_as_lost() -> None:
    for books in (False, True):
        bench, booked = with_one_coin_booked()
        bench.far.coin.drop(3)
        bench.until(bench.credits, 1)
        again = bench.start(Resume, position=booked)  # sent before core has read of the coin
        if books:
            bench.run(BookCredit, position=bench.of(Credited)[0].position)
        bench.pass_time(2)
        assert ends(bench, again)[0].outcome is Outcome.DONE
        assert (bench.credits(), bench.of(CreditsLost)) == ([100], [])


def test_after_the_end_of_the_connection_core_is_told_again_what_it_has_not_booked() -> None:
    bench, booked = with_one_coin_booked()
    bench.far.coin.drop(3)
    bench.until(bench.credits, 1)
    bench.cash.core_gone()
    bench.resumed(booked)
    assert bench.credits() == [100, 100]


def test_a_new_process_knows_what_was_taken_before_though_a_hand_pushes_on_at_the_shut_slot() -> None:
    """An acceptor remembers five events, and each coin that it gives back is one."""
    bench, booked = with_one_coin_booked()
    bench.far.coin.drop(3)
    bench.start_driver()
    for _ in range(30):
        bench.pass_time(0.1)
        assert not bench.far.coin.drop(4)
    bench.resumed(booked)
    assert (bench.credits(), bench.of(CreditsLost)) == ([100], [])
