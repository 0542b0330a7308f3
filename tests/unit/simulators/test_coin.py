"""The coin acceptor: which coins get in, which events tell of them, and what a power cut leaves of it."""

from pathlib import Path

import pytest

from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.world import World

from .desk import CashAdmin


@pytest.fixture
def desk() -> CashAdmin:
    return CashAdmin()


def test_everything_is_inhibited_at_power_up(desk: CashAdmin) -> None:
    desk.ask(2, 229)
    desk.drop(500)
    assert desk.landed == ["rejected"]
    assert desk.world.truth().coins_in == ()
    assert (desk.ask(2, 230), desk.ask(2, 227)) == (b"\x00\x00", b"\x00")


def test_an_accepted_coin_is_in_the_machine_counted_and_told(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.drop(500)
    assert desk.landed == ["accepted"]
    assert [coin.value for coin in desk.world.truth().coins_in] == [500]
    assert desk.events() == (1, [(4, 1), (0, 0), (0, 0), (0, 0), (0, 0)])
    assert (desk.number(2, 226), desk.number(2, 225)) == (1, 1)


def test_a_100_falls_into_the_hopper_and_every_other_coin_into_the_cash_box(desk: CashAdmin) -> None:
    before = desk.world.levels.hopper
    desk.accept_everything()
    for value in (10, 50, 100, 500, 500):
        desk.drop(value)
        desk.ask(2, 229)
    assert desk.world.levels.hopper == before + 1
    assert desk.world.levels.cash_box == {10: 1, 50: 1, 500: 2}


def test_only_the_channels_of_the_mask_are_accepted(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.ask(2, 231, b"\x04\x00")
    desk.drop(500)
    desk.drop(100)
    assert desk.landed == ["rejected", "accepted"]
    assert desk.events()[1][:2] == [(3, 1), (0, 131)]


def test_a_coin_that_nobody_knows_comes_back_with_code_1(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.drop(7)
    assert desk.events() == (1, [(0, 1), (0, 0), (0, 0), (0, 0), (0, 0)])
    assert [(coin.value, coin.why) for coin in desk.world.truth().coins_rejected] == [(7, "unknown coin")]


def test_an_acceptor_that_nobody_polls_for_a_second_gives_coins_back_without_a_word(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.clock.advance(1.1)
    desk.drop(500)
    assert desk.landed == ["rejected"]
    assert desk.world.truth().coins_rejected[0].why == "not polled"
    assert desk.events()[0] == 0
    desk.drop(500)
    assert desk.landed == ["rejected", "accepted"]


def test_a_coin_past_the_gate_is_credited_although_the_host_has_inhibited(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.coin.drop(500, desk.landed.append)
    desk.clock.advance(0.1)
    assert desk.landed == ["accepted"]
    desk.ask(2, 228, b"\x00")
    assert desk.events()[0] == 0
    desk.clock.advance(0.06)
    assert desk.events() == (1, [(4, 1), (0, 0), (0, 0), (0, 0), (0, 0)])


def test_a_forced_coin_is_past_the_gate_whatever_the_inhibits_say(desk: CashAdmin) -> None:
    desk.coin.force(100)
    desk.clock.advance(0.06)
    assert desk.events()[1][0] == (3, 1)


def test_only_the_newest_five_events_are_kept_and_the_counter_tells_of_the_others(desk: CashAdmin) -> None:
    desk.accept_everything()
    for value in (10, 10, 10, 50, 50, 100, 100, 500):
        desk.coin.force(value)
        desk.clock.advance(0.06)
    counter, events = desk.events()
    assert counter == 8
    assert [channel for channel, _ in events] == [4, 3, 3, 2, 2]


def test_the_event_counter_wraps_from_255_to_1(desk: CashAdmin) -> None:
    for _ in range(256):
        desk.coin.force(100)
        desk.clock.advance(0.06)
    assert desk.events()[0] == 1
    assert desk.number(2, 225) == 256


def test_a_credit_that_nobody_read_is_lost_with_the_power_but_its_coin_is_counted(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.coin.credit_at_once(500)
    desk.coin.power(False)
    desk.coin.power(True)
    assert desk.events()[0] == 0
    assert desk.number(2, 225) == 1
    assert desk.ask(2, 227) == b"\x00"
    assert [coin.value for coin in desk.world.truth().coins_in] == [500]


def test_a_coin_between_gate_and_sensor_when_the_power_goes_is_inside_and_uncounted(desk: CashAdmin) -> None:
    desk.coin.force(500)
    desk.coin.power(False)
    desk.coin.power(True)
    desk.clock.advance(1)
    assert desk.number(2, 225) == 0
    assert len(desk.world.truth().coins_in) == 1


def test_without_power_coins_fall_through(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.coin.power(False)
    desk.drop(500)
    assert desk.landed == ["returned"]


def test_a_coin_on_its_way_to_the_gate_comes_back_when_the_power_goes(desk: CashAdmin) -> None:
    desk.accept_everything()
    desk.coin.drop(500, desk.landed.append)
    desk.coin.power(False)
    desk.clock.advance(0.1)
    assert desk.landed == ["returned"]


def test_the_channels_have_the_names_of_korean_coins(desk: CashAdmin) -> None:
    names = [desk.ask(2, 184, bytes((channel,))) for channel in range(1, 6)]
    assert names == [b"KR010A", b"KR050A", b"KR100A", b"KR500A", b"......"]


@pytest.mark.parametrize(("header", "data"), [(231, b"\x01"), (228, b""), (228, b"\x02"), (184, b"")])
def test_a_command_with_wrong_data_is_refused(desk: CashAdmin, header: int, data: bytes) -> None:
    reply = desk.reply(2, header, data)
    assert reply is not None
    assert reply[3] == 5


def test_lifetime_counters_and_serial_number_survive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "coin.json"
    clock = ManualClock()
    first = CoinAcceptor(clock, acceptor_memory(path), World(clock))
    first.credit_at_once(500)
    first.memory.keep(serial=42)
    second = CoinAcceptor(clock, acceptor_memory(path), World(clock))
    assert second.answer(225, b"") == b"\x01\x00\x00"
    assert second.answer(242, b"") == b"\x2a\x00\x00"
