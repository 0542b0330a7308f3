"""Payouts in virtual time: sent once, judged by the counters, never paid twice."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import (
    CashReading,
    CoinOut,
    Completed,
    DeviceState,
    Dispense,
    ErrorCode,
    Outcome,
    PaidOut,
    ReadCash,
    ReasonCode,
)
from tests.unit.drivers.coin_bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench().ready().resumed()


def pay(bench: Bench, count: int, key: str = "k", deadline_ms: int = 20_000) -> Completed:
    return bench.run(Dispense, key=key, count=count, deadline_ms=deadline_ms)


def test_all_coins_out_is_done_and_each_coin_is_told(bench: Bench) -> None:
    end = pay(bench, 3)
    assert (end.outcome, end.code, end.result) == (Outcome.DONE, None, PaidOut("k", 3, 0, 1003))
    assert [event.paid for event in bench.of(CoinOut)] == [1, 2, 3]
    assert bench.far.hopper.commands == 1
    bench.until(lambda: bench.status("hopper").state is DeviceState.READY, 5)


def test_an_empty_hopper_is_short_with_the_proved_number(bench: Bench) -> None:
    bench.far.hopper.coins = 1
    end = pay(bench, 3)
    assert (end.outcome, end.code, end.result) == (Outcome.DONE, ErrorCode.EMPTY, PaidOut("k", 1, 2, 1001))
    assert ReasonCode.HOPPER_EMPTY in {reason.code for reason in bench.status("hopper").reasons}
    assert bench.status("hopper").state is DeviceState.BLOCKED
    bench.far.hopper.coins = 100
    bench.until(lambda: bench.status("hopper").state is DeviceState.READY, 10)


def test_no_coin_at_all_is_not_done(bench: Bench) -> None:
    bench.far.hopper.coins = 0
    end = pay(bench, 2)
    assert (end.outcome, end.code, end.result) == (
        Outcome.NOT_DONE,
        ErrorCode.EMPTY,
        PaidOut("k", 0, 2, 1000),
    )


def test_a_jam_after_one_of_four_is_short_and_a_jam(bench: Bench) -> None:
    bench.far.hopper.jam_after = 1
    end = pay(bench, 4)
    assert (end.outcome, end.code, end.result) == (Outcome.DONE, ErrorCode.JAM, PaidOut("k", 1, 3, 1001))
    bench.pass_time(20)
    assert {reason.code for reason in bench.status("hopper").reasons} == {ReasonCode.COIN_JAM}


def test_a_lost_answer_to_the_payout_is_recognised_by_the_counters(bench: Bench) -> None:
    bench.far.mangle = lambda _dest, header, reply: None if header == 167 else reply
    end = pay(bench, 2)
    assert (end.outcome, end.result) == (Outcome.DONE, PaidOut("k", 2, 0, 1002))
    assert bench.far.hopper.commands == 1


def test_a_lost_payout_command_is_proved_not_done_and_not_sent_again(bench: Bench) -> None:
    bench.far.deaf = lambda dest, header: header == 167
    end = pay(bench, 2)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert sum(1 for _at, _dest, header, _data in bench.far.heard if header == 167) == 1
    assert bench.far.hopper.lifetime == 1000


def test_a_refused_payout_is_not_done(bench: Bench) -> None:
    bench.far.deaf = lambda dest, header: False
    serial = bench.far.hopper.serial
    bench.far.hopper.serial = 1
    end = pay(bench, 2)
    bench.far.hopper.serial = serial
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)


@pytest.mark.parametrize("counter", [0, 7, 255])
def test_a_power_loss_in_mid_payout_is_counted_by_the_lifetime_counter(bench: Bench, counter: int) -> None:
    bench.far.hopper.counter = counter
    request = bench.start(Dispense, key="k", count=6, deadline_ms=20_000)
    bench.until(lambda: bench.far.hopper.paid == 2, 5)
    bench.far.hopper.power_cut()
    bench.until(lambda: bench.end_of(request), 25)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, end.code, end.result) == (Outcome.DONE, ErrorCode.RESET, PaidOut("k", 2, 4, 1002))


def test_unplugged_in_mid_payout_is_unknown_at_the_deadline(bench: Bench) -> None:
    request = bench.start(Dispense, key="k", count=6, deadline_ms=8_000)
    bench.until(lambda: bench.far.hopper.paid == 2, 5)
    began = bench.now
    bench.wire.plugged = False
    bench.until(lambda: bench.end_of(request), 25)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, end.code, end.result) == (Outcome.UNKNOWN, ErrorCode.TIMEOUT, None)
    assert bench.now - began < 8.1


def test_unplugged_and_back_before_the_deadline_is_proved(bench: Bench) -> None:
    request = bench.start(Dispense, key="k", count=6, deadline_ms=20_000)
    bench.until(lambda: bench.far.hopper.paid == 2, 5)
    bench.wire.plugged = False
    bench.pass_time(2)
    bench.wire.plugged = True
    bench.until(lambda: bench.end_of(request), 25)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, end.result) == (Outcome.DONE, PaidOut("k", 6, 0, 1006))


def test_another_hopper_in_mid_payout_proves_nothing(bench: Bench) -> None:
    request = bench.start(Dispense, key="k", count=6, deadline_ms=20_000)
    bench.until(lambda: bench.far.hopper.paid == 2, 5)
    bench.far.hopper.there = False
    bench.pass_time(1)
    bench.far.hopper.serial, bench.far.hopper.lifetime, bench.far.hopper.there = 5, 1004, True
    bench.far.hopper.power_cut()
    bench.until(lambda: bench.end_of(request), 25)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.IDENTITY)
    bench.until(lambda: bench.status("hopper").state is DeviceState.FAULT, 10)
    assert pay(bench, 1, "k2").code is ErrorCode.SECURITY


def test_at_the_deadline_the_motor_is_stopped_and_the_count_is_certain(bench: Bench) -> None:
    end = pay(bench, 100, deadline_ms=3_000)
    assert end.outcome is Outcome.DONE
    assert end.code is ErrorCode.TIMEOUT
    assert isinstance(end.result, PaidOut)
    assert end.result.paid == bench.far.hopper.paid
    paid = bench.far.hopper.lifetime
    bench.pass_time(10)
    assert bench.far.hopper.lifetime == paid


def test_one_coin_too_many_is_told_as_it_is(bench: Bench) -> None:
    bench.far.hopper.extra = 1
    end = pay(bench, 2)
    assert (end.outcome, end.code, end.result) == (Outcome.DONE, ErrorCode.PROTOCOL, PaidOut("k", 3, 0, 1003))
    assert bench.status("hopper").state is DeviceState.FAULT


def test_the_same_key_is_never_sent_twice(bench: Bench) -> None:
    pay(bench, 2)
    end = pay(bench, 2)
    assert (end.outcome, end.code, end.result) == (
        Outcome.UNKNOWN,
        ErrorCode.REFUSED,
        PaidOut("k", 2, 0, 1002),
    )
    assert bench.far.hopper.commands == 1


def test_a_second_payout_waits_for_nobody(bench: Bench) -> None:
    bench.start(Dispense, key="a", count=5, deadline_ms=20_000)
    bench.until(lambda: bench.far.hopper.paid == 1, 5)
    assert pay(bench, 1, "b").outcome is Outcome.NOT_DONE


@pytest.mark.parametrize("count", [0, -1, 256])
def test_a_count_that_no_hopper_takes_is_refused(bench: Bench, count: int) -> None:
    assert pay(bench, count).outcome is Outcome.NOT_DONE
    assert bench.far.hopper.commands == 0


def test_after_a_restart_the_reading_says_that_it_is_still_paying(bench: Bench) -> None:
    bench.start(Dispense, key="a", count=40, deadline_ms=20_000)
    bench.until(lambda: bench.far.hopper.paid == 2, 5)
    fresh = Bench(bench.far).ready()
    reading = fresh.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert reading.paying
    assert reading.dispensed == bench.far.hopper.lifetime


def test_the_coin_poll_goes_on_while_the_hopper_is_dead(bench: Bench) -> None:
    bench.far.hopper.there = False
    bench.far.heard.clear()
    bench.pass_time(30)
    polls = [at for at, dest, header, _data in bench.far.heard if (dest, header) == (2, 229)]
    assert max(later - earlier for earlier, later in pairwise(polls)) < 1.0


@settings(max_examples=25)
@given(
    st.integers(0, 255),
    st.integers(1, 12),
    st.integers(0, 12),
    st.floats(0, 4),
    st.sampled_from(["cut", "plug", "none"]),
)
def test_whatever_happens_the_claimed_number_is_the_physical_one(
    counter: int, count: int, coins: int, at: float, what: str
) -> None:
    bench = Bench().ready().resumed()
    bench.far.hopper.counter, bench.far.hopper.coins = counter, coins
    request = bench.start(Dispense, key="k", count=count, deadline_ms=20_000)
    bench.pass_time(at)
    if what == "cut":
        bench.far.hopper.power_cut()
    elif what == "plug":
        bench.wire.plugged = False
        bench.pass_time(3)
        bench.wire.plugged = True
    bench.until(lambda: bench.end_of(request), 30)
    end = bench.end_of(request)
    assert end is not None
    out = bench.far.hopper.lifetime - 1000
    if end.outcome is not Outcome.UNKNOWN:
        assert (end.outcome is Outcome.DONE) == (out > 0)
        if isinstance(end.result, PaidOut):
            assert (end.result.paid, end.result.unpaid) == (out, count - out)
    assert bench.far.hopper.commands <= 1


def test_a_payout_whose_command_is_still_on_its_way_is_not_over(bench: Bench) -> None:
    """Counters that are read before the motor starts say nothing of coins that are yet to come."""
    bench.start(Dispense, key="k", count=2, deadline_ms=20_000)
    read = bench.run(ReadCash).result
    assert isinstance(read, CashReading)
    assert (read.dispensed, read.paying) == (1000, True)
