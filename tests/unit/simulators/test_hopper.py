"""The hopper: what it pays, what it says of it, and what jams, emptiness, lost replies and power cuts leave."""

from pathlib import Path

import pytest

from simulators.hopper import LOW_COINS, hopper_memory

from .desk import CashAdmin


@pytest.fixture
def desk() -> CashAdmin:
    return CashAdmin()


def coins_out(desk: CashAdmin) -> int:
    return len(desk.world.truth().coins_out)


def test_three_coins_come_out_one_every_180_ms(desk: CashAdmin) -> None:
    assert desk.dispense(3) == b"\x01"
    seen = []
    for _ in range(4):
        desk.clock.advance(0.18)
        seen.append((coins_out(desk), desk.payout()))
    assert seen == [(1, (1, 2, 1, 0)), (2, (1, 1, 2, 0)), (3, (1, 0, 3, 0)), (3, (1, 0, 3, 0))]
    assert desk.number(3, 168) == 3


def test_a_disabled_hopper_refuses_to_pay(desk: CashAdmin) -> None:
    serial = desk.number(3, 242).to_bytes(3, "little")
    reply = desk.reply(3, 167, serial + b"\x01")
    assert reply is not None
    assert reply[3] == 5
    assert desk.ask(3, 163) == b"\x80"


@pytest.mark.parametrize("data", [b"\x00\x00\x00\x01", b"\x01", b""])
def test_a_payout_for_another_serial_number_or_without_one_is_refused(desk: CashAdmin, data: bytes) -> None:
    desk.ask(3, 164, b"\xa5")
    reply = desk.reply(3, 167, data)
    assert reply is not None
    assert reply[3] == 5
    desk.clock.advance(5)
    assert coins_out(desk) == 0


def test_a_second_payout_while_paying_is_refused_and_changes_nothing(desk: CashAdmin) -> None:
    desk.dispense(3)
    serial = desk.number(3, 242).to_bytes(3, "little")
    reply = desk.reply(3, 167, serial + b"\x09")
    assert reply is not None
    assert reply[3] == 5
    desk.clock.advance(5)
    assert coins_out(desk) == 3


def test_a_lost_reply_pays_all_the_same(desk: CashAdmin) -> None:
    desk.hopper.lose_reply(167)
    assert desk.dispense(2) is None
    desk.clock.advance(1)
    assert (coins_out(desk), desk.payout(), desk.number(3, 168)) == (2, (1, 0, 2, 0), 2)


def test_a_lost_request_pays_nothing(desk: CashAdmin) -> None:
    desk.hopper.lose_request(167)
    assert desk.dispense(2) is None
    desk.clock.advance(1)
    assert (coins_out(desk), desk.payout(), desk.number(3, 168)) == (0, (0, 0, 0, 0), 0)


def test_a_jam_after_one_of_four_leaves_three_unpaid_and_says_that_it_gave_up(desk: CashAdmin) -> None:
    desk.hopper.jam_after(1)
    desk.dispense(4)
    desk.clock.advance(0.2)
    assert desk.payout() == (1, 3, 1, 0)
    desk.clock.advance(2)
    assert (coins_out(desk), desk.payout(), desk.ask(3, 163)) == (1, (1, 0, 1, 3), b"\x02")


def test_after_mending_the_next_payout_runs_and_the_flag_is_gone(desk: CashAdmin) -> None:
    desk.hopper.jam_after(0)
    desk.dispense(1)
    desk.clock.advance(2)
    desk.hopper.mend()
    desk.dispense(1)
    desk.clock.advance(1)
    assert (coins_out(desk), desk.payout(), desk.ask(3, 163)) == (1, (2, 0, 1, 0), b"\x00")


def test_a_hopper_with_two_coins_pays_two_of_five(desk: CashAdmin) -> None:
    desk.world.set_levels(hopper=2)
    desk.dispense(5)
    desk.clock.advance(5)
    assert (coins_out(desk), desk.payout(), desk.ask(3, 163)) == (2, (1, 0, 2, 3), b"\x02")


def test_paid_unpaid_and_the_lifetime_count_survive_a_power_cut_in_mid_payout(desk: CashAdmin) -> None:
    desk.dispense(6)
    desk.clock.advance(0.4)
    desk.hopper.power(False)
    desk.clock.advance(5)
    desk.hopper.power(True)
    assert coins_out(desk) == 2
    assert desk.payout() == (0, 0, 2, 4)
    assert desk.number(3, 168) == 2
    assert desk.ask(3, 163) == b"\x80"


def test_the_emergency_stop_says_how_many_coins_did_not_come(desk: CashAdmin) -> None:
    desk.dispense(5)
    desk.clock.advance(0.4)
    assert desk.ask(3, 172) == b"\x03"
    desk.clock.advance(5)
    assert (coins_out(desk), desk.payout()) == (2, (1, 0, 2, 3))


def test_the_low_sensor_is_there_and_tells_when_coins_run_out(desk: CashAdmin) -> None:
    desk.world.set_levels(hopper=LOW_COINS)
    assert desk.ask(3, 217) == b"\x10"
    desk.world.set_levels(hopper=LOW_COINS - 1)
    assert desk.ask(3, 217) == b"\x11"


def test_no_coin_is_thrown_that_is_not_in_the_truth(desk: CashAdmin) -> None:
    before = desk.world.levels.hopper
    desk.dispense(7)
    desk.clock.advance(5)
    truth = desk.world.truth()
    assert truth.coin_value_in_hopper == (before - 7) * 100
    assert [coin.value for coin in truth.coins_out] == [100] * 7


def test_the_memory_survives_the_process(tmp_path: Path) -> None:
    hopper_memory(tmp_path / "hopper.json").keep(dispensed=17, paid=3, unpaid=1)
    again = hopper_memory(tmp_path / "hopper.json")
    assert (again.number("dispensed"), again.number("paid"), again.number("unpaid")) == (17, 3, 1)


@pytest.mark.parametrize("content", [b"not json", b"[1]"])
def test_a_damaged_memory_says_which_file_to_delete(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hopper.json"
    path.write_bytes(content)
    with pytest.raises(SystemExit, match=r"hopper\.json is not a memory file"):
        hopper_memory(path)
