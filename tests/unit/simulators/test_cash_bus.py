"""The single wire: echo, time, silence, damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.cash_bus import CashBus
from simulators.cctalk import Frame, encode
from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.world import World

from .desk import CashAdmin

POLL = encode(Frame(2, 1, 254))
ACK = bytes.fromhex("01 00 02 00 FD")
BYTE = 10 / 9600


def paced() -> tuple[ManualClock, CashBus, list[tuple[float, bytes]]]:
    """A bus with true times, and what the host heard when."""
    clock = ManualClock()
    bus = CashBus(clock, (CoinAcceptor(clock, acceptor_memory(None), World(clock)),))
    heard: list[tuple[float, bytes]] = []
    bus.to_host = lambda data: heard.append((clock.monotonic(), data))
    return clock, bus, heard


def test_the_host_hears_itself_and_then_the_answer_at_9600_baud() -> None:
    clock, bus, heard = paced()
    bus.received(POLL)
    clock.advance(0.1)
    assert [data for _, data in heard] == [POLL, ACK]
    assert [at for at, _ in heard] == pytest.approx([5 * BYTE, 10 * BYTE + 0.003])


def test_a_long_answer_arrives_in_lots_of_eight_bytes_at_the_same_speed() -> None:
    clock, bus, heard = paced()
    bus.received(encode(Frame(2, 1, 229)))
    clock.advance(0.1)
    assert [len(data) for _, data in heard] == [5, 8, 8]
    assert heard[-1][0] == pytest.approx(21 * BYTE + 0.003)


def test_bytes_written_in_one_go_take_as_long_as_bytes_written_one_by_one() -> None:
    clock, bus, heard = paced()
    for byte in POLL:
        bus.received(bytes((byte,)))
    clock.advance(0.1)
    assert b"".join(data for _, data in heard) == POLL + ACK
    assert heard[-1][0] == pytest.approx(10 * BYTE + 0.003)


def test_half_a_frame_is_forgotten_after_50_ms_of_silence() -> None:
    clock, bus, heard = paced()
    bus.received(POLL[:3])
    clock.advance(0.06)
    bus.received(POLL)
    clock.advance(0.1)
    assert b"".join(data for _, data in heard) == POLL[:3] + POLL + ACK


def test_half_a_frame_is_completed_within_50_ms() -> None:
    clock, bus, heard = paced()
    bus.received(POLL[:3])
    clock.advance(0.04)
    bus.received(POLL[3:])
    clock.advance(0.1)
    assert heard[-1][1] == ACK


def test_nobody_answers_for_another_address_a_wrong_checksum_or_a_strange_header() -> None:
    desk = CashAdmin()
    assert desk.reply(7, 254) is None
    assert desk.reply(2, 99) is None
    desk.heard.clear()
    desk.bus.received(POLL[:-1] + b"\x00")
    assert desk.heard == POLL[:-1] + b"\x00"


def test_a_device_without_plug_or_power_is_silent_and_the_other_goes_on() -> None:
    desk = CashAdmin()
    desk.coin.plug(False)
    assert desk.ask(2, 254) is None
    assert desk.ask(3, 254) == b""
    desk.coin.plug(True)
    desk.hopper.power(False)
    assert desk.ask(2, 254) == b""
    assert desk.ask(3, 254) is None


def test_after_a_reset_a_device_is_deaf_for_a_moment() -> None:
    desk = CashAdmin()
    assert desk.ask(2, 1) == b""
    assert desk.ask(2, 254) is None
    desk.clock.advance(0.15)
    assert desk.ask(2, 254) == b""


def test_a_hung_device_comes_back_when_the_fault_is_taken_away() -> None:
    desk = CashAdmin()
    desk.hopper.hung = True
    assert desk.ask(3, 254) is None
    desk.hopper.mend()
    assert desk.ask(3, 254) == b""


def test_a_cable_that_drops_everything_carries_no_request_and_no_echo() -> None:
    desk = CashAdmin()
    desk.bus.faults.set("drop", 1.0)
    desk.bus.received(POLL)
    assert desk.heard == b""
    desk.bus.faults.clear()
    assert desk.ask(2, 254) == b""


def test_damage_of_the_same_seed_is_the_same_damage() -> None:
    heard = []
    for _ in range(2):
        desk = CashAdmin()
        for kind in ("drop", "flip", "noise"):
            desk.bus.faults.set(kind, 0.2)
        for _ in range(20):
            desk.bus.received(POLL)
        heard.append(bytes(desk.heard))
    assert heard[0] == heard[1] != (POLL + ACK) * 20


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_no_bytes_of_the_host_can_harm_the_devices(chunks: list[bytes]) -> None:
    desk = CashAdmin()
    for chunk in chunks:
        desk.bus.received(chunk)
        desk.clock.advance(0.3)
    assert desk.ask(2, 254) == b""
    assert desk.ask(3, 254) == b""
