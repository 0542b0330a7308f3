"""Dead hoppers and a dead validator cost the coins next to nothing, and are found soon after they are back."""

import pytest

from drivers.cash.life import ASK_AGAIN_S
from drivers.cctalk.acceptor import ADDRESS
from drivers.cctalk.frames import HOST, Frame
from drivers.cctalk.master import ACCEPTOR
from drivers.cctalk.patience import ANSWER_S, FULL_EVERY, QUIET_S, Patience
from drivers.contract import USABLE, DeviceState
from kiosk.bench.dead_neighbours import COINS, LIMIT_MS, NEIGHBOURS, delays, sets
from simulators.inlet import UNPOLLED_SECONDS
from tests.unit.drivers.note_far_end import NoteBench

HOPPER = 3
# The longest pause, its question, a citizen's coins in between, and all that is asked of a device that is back.
FOUND_WITHIN_S = 4.0


@pytest.mark.parametrize("during", [False, True], ids=["dead before", "dying meanwhile"])
@pytest.mark.parametrize("dead", sets(), ids=" ".join)
def test_a_coin_is_credited_in_time_whoever_is_dead_beside_the_acceptor(
    dead: tuple[str, ...], during: bool
) -> None:
    found = delays(dead, during=during)
    assert len(found.ms) == COINS
    assert found.p95 <= LIMIT_MS
    assert found.unasked_s < UNPOLLED_SECONDS / 2, "the acceptor closes when it is not asked for a second"


@pytest.mark.parametrize("device", NEIGHBOURS)
def test_a_neighbour_that_is_back_is_found_while_coins_are_taken(device: str) -> None:
    bench = NoteBench()
    stations = {"hopper": bench.far.hopper, "hopper-2": bench.far.second, "note": bench.far.bill}
    for station in stations.values():
        station.power(False)
    bench.pass_time(60)
    assert state_of(bench, device) is DeviceState.ABSENT
    stations[device].power(True)
    bench.until(lambda: state_of(bench, device) is not DeviceState.ABSENT, FOUND_WITHIN_S)
    bench.until(lambda: state_of(bench, device) in USABLE, FOUND_WITHIN_S)


def state_of(bench: NoteBench, device: str) -> DeviceState:
    assert bench.bus is not None
    return next(status.state for status in bench.bus.statuses() if status.device == device)


def test_the_address_that_goes_first_is_the_acceptors() -> None:
    assert ACCEPTOR == ADDRESS


def test_only_the_question_that_was_not_answered_is_asked_again_for_a_short_time() -> None:
    """A late answer to another question would be believed."""
    patience = Patience()
    counts, serial = Frame(HOPPER, HOST, 168), Frame(HOPPER, HOST, 242)
    assert patience.of(counts) == ANSWER_S
    patience.unanswered(counts)
    assert (patience.of(counts), patience.of(serial)) == (QUIET_S, ANSWER_S)
    patience.unanswered(serial)
    assert (patience.of(counts), patience.of(serial)) == (ANSWER_S, QUIET_S)
    patience.answered(HOPPER, 0.02)
    assert patience.of(serial) == ANSWER_S


def test_a_slow_device_gets_more_time_than_it_ever_took() -> None:
    patience = Patience()
    question = Frame(HOPPER, HOST, 166)
    for took_s, given_s in ((0.09, 0.18), (0.03, 0.18), (0.2, ANSWER_S)):
        patience.answered(HOPPER, took_s)
        patience.unanswered(question)
        assert patience.of(question) == pytest.approx(given_s)


def test_now_and_then_a_silent_address_gets_all_its_time() -> None:
    """It may be another device, slower than the one that was there."""
    patience = Patience()
    question = Frame(HOPPER, HOST, 254)
    full = 0
    for _ in range(3 * FULL_EVERY):
        full += patience.of(question) == ANSWER_S
        patience.unanswered(question)
    assert full == 3
    assert ASK_AGAIN_S[-1] * FULL_EVERY < 40, "so it is found within a minute"
