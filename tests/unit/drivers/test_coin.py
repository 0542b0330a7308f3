"""The coin acceptor's driver, in virtual time: each coin told once, none taken when nobody asked."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cctalk.acceptor import coin_value
from drivers.cctalk.coin import PAST_THE_GATE_S
from drivers.contract import (
    BookCredit,
    CashReading,
    CoinPosition,
    CoinRejected,
    Collect,
    Completed,
    Credited,
    CreditsLost,
    DeviceState,
    ErrorCode,
    Hold,
    Outcome,
    ReadCash,
    ReasonCode,
    Resume,
    StatusChanged,
    StopCollect,
)
from tests.unit.drivers.cash_far_end import CashFarEnd
from tests.unit.drivers.coin_bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_knows_the_acceptor_and_takes_no_coin_at_start(bench: Bench) -> None:
    bench.far.coin.master = 1
    bench.ready()
    assert bench.status().identity.serial == "1204771"
    assert bench.far.coin.master == 0
    first = next(header for _at, dest, header, _data in bench.far.heard if dest == 2 and header != 254)
    assert first == 228, "the inhibit comes before anything else"


def test_coins_of_the_asked_denominations_are_credited_as_they_fall(bench: Bench) -> None:
    bench.collecting()
    assert bench.far.coin.drop(4)
    bench.until(lambda: bench.credits() == [500], 1)
    assert not bench.far.coin.drop(1), "10 KRW was not asked for"
    assert bench.far.coin.drop(3)
    bench.until(lambda: bench.credits() == [500, 100], 1)
    positions = [event.position for event in bench.of(Credited)]
    assert positions == [CoinPosition("1204771", 1, 1), CoinPosition("1204771", 3, 2)]
    assert bench.of(CoinRejected) == [CoinRejected(2)]
    assert bench.status().state is DeviceState.BUSY


def test_it_polls_each_100_ms_while_collecting_and_each_200_ms_otherwise(bench: Bench) -> None:
    def longest_gap() -> float:
        polls = [at for at, dest, header, _data in bench.far.heard if (dest, header) == (2, 229)]
        return max(b - a for a, b in pairwise(polls))

    bench.ready().resumed()
    bench.far.heard.clear()
    bench.pass_time(30)
    assert longest_gap() < 0.4
    bench.run(Collect, denominations=(500,))
    bench.far.heard.clear()
    bench.pass_time(30)
    assert longest_gap() < 0.3


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.1, 0.11, PAST_THE_GATE_S])
def test_a_coin_past_the_gate_is_reported_before_stop_collect_ends(bench: Bench, after_s: float) -> None:
    bench.collecting()
    request = bench.start(StopCollect)
    bench.until(lambda: bench.far.coin.master == 0, 1)
    inhibited = bench.now
    bench.until(lambda: bench.now >= inhibited + after_s or bench.end_of(request) is not None)
    bench.far.coin.drop(4, past_the_gate=True)
    bench.until(lambda: bench.end_of(request))
    bench.until(lambda: bench.of(Credited), 1)
    end = bench.end_of(request)
    assert end is not None
    assert bench.told.index(bench.of(Credited)[0]) < bench.told.index(end), "counted without the last coin"
    assert bench.of(Credited)[0].recovered is False
    assert isinstance(end.result, CashReading)
    assert (end.result.events, end.result.accepted, end.result.dispensed) == (1, 1, 1000)


def test_stopping_takes_less_than_half_a_second(bench: Bench) -> None:
    bench.collecting()
    began = bench.now
    bench.run(StopCollect)
    assert bench.now - began < 0.45


def test_before_resume_stop_collect_shuts_the_slot_and_counts_nothing(bench: Bench) -> None:
    """A coin that the process before this one took is told after Resume; until then no count may speak of it."""
    bench.ready()
    position = CoinPosition(bench.status().identity.serial, 0, bench.far.coin.accepted - 1)
    end = bench.run(StopCollect)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert bench.far.coin.master == 0
    bench.resumed(position)
    assert len(bench.of(CreditsLost)) + len(bench.of(Credited)) == 1


def test_a_coin_that_falls_after_the_end_is_told_as_recovered(bench: Bench) -> None:
    bench.collecting().run(StopCollect)
    bench.far.coin.drop(4, past_the_gate=True)
    bench.until(bench.credits, 1)
    assert bench.of(Credited)[0].recovered


def test_when_core_is_gone_no_more_coins_are_taken(bench: Bench) -> None:
    bench.collecting()
    bench.cash.core_gone()
    bench.until(lambda: bench.far.coin.master == 0, 0.5)
    assert bench.run(Collect, denominations=(500,)).code is ErrorCode.REFUSED
    assert bench.far.coin.master == 0


def test_coins_that_fell_while_core_was_away_come_as_recovered_after_resume(bench: Bench) -> None:
    bench.collecting()
    bench.far.coin.drop(4)
    bench.until(bench.credits, 1)
    booked = bench.of(Credited)[0].position
    bench.run(BookCredit, position=booked)
    bench.cash.core_gone()
    bench.far.coin.drop(3, past_the_gate=True)
    bench.pass_time(2)
    assert bench.credits() == [500]
    end = bench.run(Resume, position=booked)
    assert bench.credits() == [500, 100]
    assert bench.of(Credited)[1].recovered
    assert bench.told.index(bench.of(Credited)[1]) < bench.told.index(end)


def test_an_unbooked_coin_is_told_again_to_a_core_that_restarted(bench: Bench) -> None:
    bench.collecting()
    before = bench.run(ReadCash).result
    assert isinstance(before, CashReading)
    for _coin in range(7):
        bench.far.coin.drop(4)
        bench.pass_time(0.3)
    bench.cash.core_gone()
    del bench.told[:]
    bench.run(Resume, position=CoinPosition("1204771", before.events or 0, before.accepted or 0))
    assert bench.credits() == [500] * 7
    assert all(event.recovered for event in bench.of(Credited))


def test_a_new_process_recovers_what_the_old_one_did_not_book(bench: Bench) -> None:
    for channel in (3, 4, 4):
        bench.far.coin.drop(channel, past_the_gate=True)
    fresh = Bench(bench.far).ready()
    fresh.resumed(CoinPosition("1204771", 1, 1))
    assert fresh.credits() == [500, 500]


def test_without_a_booked_position_the_present_counters_are_the_base(bench: Bench) -> None:
    bench.far.coin.drop(4, past_the_gate=True)
    bench.ready().resumed()
    bench.pass_time(2)
    assert bench.credits() == []


def test_resume_from_another_acceptor_is_refused_and_named(bench: Bench) -> None:
    end = bench.ready().run(Resume, position=CoinPosition("99", 5, 5))
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.IDENTITY)
    assert isinstance(end.result, CashReading)
    assert end.result.coin_serial == "1204771"
    assert bench.status().state is DeviceState.FAULT
    assert bench.run(Collect, denominations=(500,)).code is ErrorCode.REFUSED
    bench.resumed()
    assert bench.status().state is DeviceState.READY


def test_another_acceptor_on_the_bus_is_a_fault_until_core_resumes(bench: Bench) -> None:
    bench.collecting()
    epoch = bench.status().epoch
    bench.far.coin.there = False
    bench.until(lambda: bench.status().state is DeviceState.ABSENT, 5)
    bench.far.coin.serial, bench.far.coin.there = 7, True
    bench.far.coin.power_cut()
    bench.until(lambda: bench.status().state is DeviceState.FAULT, 5)
    assert {reason.code for reason in bench.status().reasons} == {ReasonCode.OTHER_DEVICE}
    assert bench.status().epoch > epoch
    bench.pass_time(10)
    assert bench.far.coin.master == 0
    bench.resumed()
    assert bench.status().state is DeviceState.READY


def test_a_reset_while_collecting_is_noticed_counted_and_mended(bench: Bench) -> None:
    bench.collecting()
    bench.far.coin.drop(3)
    bench.until(bench.credits, 1)
    bench.far.coin.drop(4)
    bench.far.coin.power_cut()
    bench.until(lambda: bench.of(CreditsLost), 5)
    assert [event.count for event in bench.of(CreditsLost)] == [1]
    assert bench.status().epoch == 1
    bench.until(lambda: bench.far.coin.master, 5)
    assert bench.far.coin.mask == 0b1100


def test_a_reset_that_rejects_have_masked_is_noticed_by_the_masks(bench: Bench) -> None:
    bench.collecting()
    for _coin in range(3):
        bench.far.coin.drop(4)
    bench.until(lambda: len(bench.credits()) == 3, 2)
    bench.far.coin.drop(4)
    bench.far.coin.power_cut()
    for _reject in range(4):
        bench.far.coin.drop(4)
    bench.until(lambda: bench.status().epoch == 1, 7)
    bench.until(lambda: bench.far.coin.master, 5)
    assert sum(event.count for event in bench.of(CreditsLost)) == 1
    assert len(bench.credits()) == 3


def test_unplugged_and_plugged_again_it_goes_on_collecting_and_misses_no_coin(bench: Bench) -> None:
    bench.collecting()
    bench.wire.plugged = False
    bench.until(lambda: bench.status().state is DeviceState.ABSENT, 5)
    assert {reason.code for reason in bench.status().reasons} == {ReasonCode.UNPLUGGED}
    bench.far.coin.drop(4, past_the_gate=True)
    bench.pass_time(60)
    bench.wire.plugged = True
    bench.until(lambda: bench.credits() == [500], 20)
    bench.until(lambda: bench.status().state is DeviceState.BUSY, 5)
    assert bench.far.coin.master


def test_stop_collect_without_the_acceptor_proves_nothing(bench: Bench) -> None:
    bench.collecting()
    bench.wire.plugged = False
    bench.until(lambda: bench.status().state is DeviceState.ABSENT, 5)
    assert bench.run(StopCollect).outcome is Outcome.UNKNOWN
    bench.wire.plugged = True
    bench.until(lambda: bench.status().state is DeviceState.READY, 20)
    assert bench.far.coin.master == 0


def test_a_bus_that_does_not_echo_works_as_well() -> None:
    far = CashFarEnd()
    far.echo = False
    bench = Bench(far).collecting()
    far.coin.drop(4)
    bench.until(bench.credits, 2)
    assert bench.credits() == [500]


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(bench: Bench) -> None:
    bench.collecting()
    bench.far.coin.accepted = 77
    bench.far.late_s = 0.26
    bench.pass_time(1)
    bench.far.late_s = 0.0
    bench.pass_time(10)
    end = bench.run(ReadCash)
    assert isinstance(end.result, CashReading)
    assert (end.result.coin_serial, end.result.accepted, end.result.dispensed) == ("1204771", 77, 1000)


@settings(max_examples=10)
@given(st.integers(0, 1 << 30))
def test_on_a_very_noisy_line_each_coin_is_credited_once_or_counted_as_lost(seed: int) -> None:
    chance = random.Random(seed)

    def mangle(_dest: int, _header: int, reply: bytes) -> bytes | None:
        dice = chance.random()
        if dice < 0.14:
            return None
        if dice < 0.23:
            at = chance.randrange(len(reply))
            return reply[:at] + bytes([reply[at] ^ 1 << chance.randrange(8)]) + reply[at + 1 :]
        if dice < 0.31:
            return reply[: len(reply) // 2]
        return reply + (chance.randbytes(3) if dice < 0.37 else b"")

    bench = Bench().collecting()
    bench.far.mangle = mangle
    fallen = []
    for _coin in range(40):
        channel = chance.choice((3, 4))
        if bench.far.coin.drop(channel):
            fallen.append({3: 100, 4: 500}[channel])
        bench.pass_time(chance.uniform(0.05, 1.5))
    bench.far.mangle = lambda _dest, _header, reply: reply
    bench.pass_time(10)
    lost = sum(event.count for event in bench.of(CreditsLost))
    assert len(bench.credits()) + lost == len(fallen)
    remaining = iter(fallen)
    assert all(value in remaining for value in bench.credits())
    assert bench.status().epoch == 0


def test_commands_that_belong_elsewhere_are_refused(bench: Bench) -> None:
    end = bench.ready().run(Hold)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)


def test_a_denomination_that_the_acceptor_does_not_know_is_refused(bench: Bench) -> None:
    end = bench.ready().resumed().run(Collect, denominations=(1000,))
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)


def test_a_failed_self_check_is_a_fault_with_the_device_code(bench: Bench) -> None:
    bench.far.coin.fault = 3
    bench.until(lambda: bench.status().state is DeviceState.FAULT, 10)
    assert [(r.code, r.detail) for r in bench.status().reasons] == [
        (ReasonCode.SELF_CHECK, "self-check code 3")
    ]


def test_string_tricks_are_a_security_matter(bench: Bench) -> None:
    bench.collecting()
    bench.far.coin.happen(0, 20)
    bench.until(lambda: bench.status().state is DeviceState.FAULT, 1)
    assert bench.of(CoinRejected) == [CoinRejected(20)]


def test_each_status_is_told_once(bench: Bench) -> None:
    bench.collecting()
    bench.pass_time(60)
    told = [event.status for event in bench.of(StatusChanged) if event.status.device == "coin"]
    shown = [(s.state, s.reasons, s.identity, s.epoch) for s in told]
    assert all(a != b for a, b in pairwise(shown))


@given(st.binary(max_size=8))
def test_any_coin_id_is_a_value_or_nothing(raw: bytes) -> None:
    value = coin_value(raw)
    assert value is None or value > 0


@pytest.mark.parametrize(
    ("coin_id", "value"),
    [
        (b"KR500A", 500),
        (b"KR010A", 10),
        (b"KR1KOA", None),
        (b"KR01KA", 1000),
        (b"EU100A", None),
        (b"......", None),
    ],
)
def test_coin_ids_are_values_in_won(coin_id: bytes, value: int | None) -> None:
    assert coin_value(coin_id) == value


def test_every_command_ends_once_whatever_happens_on_the_wire(bench: Bench) -> None:
    bench.collecting()
    requests = [bench.start(kind) for kind in (StopCollect, ReadCash, ReadCash)]
    requests.append(bench.start(Collect, denominations=(500,)))
    bench.wire.plugged = False
    bench.until(lambda: all(bench.end_of(request) for request in requests), 30)
    bench.pass_time(30)
    assert len([event for event in bench.of(Completed) if event.request in requests]) == 4
