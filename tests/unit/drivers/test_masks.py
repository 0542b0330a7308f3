"""To take nothing, one order is enough: acceptor and validator keep their masks, which are set anew after any doubt."""

from drivers.contract import Collect, DeviceState, Outcome, ReasonCode, StopCollect
from simulators.bill import BillValidator
from tests.unit.drivers.coin_bench import Bench
from tests.unit.drivers.note_far_end import NOTES, NoteBench

ACCEPTOR = 2
SET_MASK, SET_MASTER = 231, 228
COINS = 0b1100
# 15 questions of 16 to 28 ms at 9,600 baud, and a check of the settings that was begun before the count.
COUNTED_WITHIN_S = 0.45


def settings_heard(bench: Bench, since: float) -> list[int]:
    """The settings that the acceptor was given after `since`."""
    return [
        header
        for at, dest, header, _ in bench.far.heard
        if at >= since and dest == ACCEPTOR and header in (SET_MASK, SET_MASTER)
    ]


def settings_of(bill: BillValidator) -> tuple[int, int]:
    """Master inhibit (1: notes are taken) and mask, as the validator says when it is asked."""
    return bill.handlers[227](b"")[0], int.from_bytes(bill.handlers[230](b""), "little")


def test_acceptance_ends_with_one_order_and_no_check_takes_it_for_a_reset() -> None:
    bench = Bench().collecting()
    since = bench.now
    assert bench.run(StopCollect).outcome is Outcome.DONE
    bench.pass_time(20)
    assert settings_heard(bench, since) == [SET_MASTER]
    assert (bench.far.coin.master, bench.far.coin.mask) == (0, COINS)
    assert bench.status().epoch == 0


def test_an_acceptor_that_was_reset_while_it_took_nothing_has_a_mask_again() -> None:
    """So the next reset is seen, too."""
    bench = Bench().collecting()
    bench.run(StopCollect)
    for resets in (1, 2):
        bench.far.coin.power_cut()
        bench.until(lambda: bench.far.coin.mask, 9)
        assert bench.far.coin.master == 0
        assert bench.status().epoch == resets


def test_a_mask_that_was_refused_is_not_kept_for_a_known_one() -> None:
    bench = Bench().collecting()
    bench.run(StopCollect)
    bench.far.deaf = lambda dest, header: header == SET_MASK
    assert bench.run(Collect, denominations=(500,)).outcome is not Outcome.DONE
    bench.far.deaf = lambda dest, header: False
    since = bench.now
    bench.until(lambda: SET_MASK in settings_heard(bench, since), 10)
    bench.until(lambda: bench.status().state is DeviceState.READY, 10)
    assert bench.far.coin.master == 0
    assert bench.far.coin.mask


def test_a_validator_keeps_its_mask_and_gets_it_back_after_each_reset() -> None:
    bench = NoteBench()
    bill = bench.far.bill
    _, taken = settings_of(bill)
    assert bench.run(StopCollect).outcome is Outcome.DONE
    bench.pass_time(20)
    assert settings_of(bill) == (0, taken)
    for _ in range(2):
        bill.power(False)
        bill.power(True)
        assert settings_of(bill) == (0, 0)
        bench.until(lambda: settings_of(bill) != (0, 0), 12)
        assert settings_of(bill)[0] == 0
    assert bench.run(Collect, denominations=(100, 500), notes=NOTES).outcome is Outcome.DONE
    assert settings_of(bill) == (1, taken)


def test_another_validator_that_answers_at_once_is_noticed_before_it_gets_settings() -> None:
    """It is put in between two polls, after the one before it has told of something."""
    bench = NoteBench()
    bench.run(StopCollect)
    bench.far.bill.insert(1_000, lambda fate: None)  # inhibited: it says so
    bench.pass_time(1)
    bench.far.bill.memory.keep(serial=7_654_321)
    bench.far.bill.power(False)
    bench.far.bill.power(True)
    bench.until(lambda: ReasonCode.OTHER_DEVICE in bench.reasons("note"), 3)
    assert settings_of(bench.far.bill) == (0, 0)


def test_another_acceptor_that_answers_at_once_is_noticed_before_it_gets_settings() -> None:
    bench = Bench().collecting()
    bench.run(StopCollect)
    bench.far.coin.happen(0, 2)
    bench.pass_time(1)
    bench.far.coin.serial = 7
    bench.far.coin.power_cut()
    bench.until(lambda: ReasonCode.OTHER_DEVICE in bench.reasons("coin"), 3)
    assert bench.far.coin.mask == 0


def test_a_validator_that_is_inhibited_while_it_is_told_what_to_take_takes_nothing() -> None:
    bench = NoteBench()
    for steps in range(1, 12):
        collect = bench.start(Collect, denominations=(100, 500), notes=NOTES)
        bench.pass_time(steps * 0.01)
        bench.run(StopCollect)
        bench.finish(collect)
        bench.pass_time(10)
        assert not bench.far.bill.accepting
        assert not bench.far.coin.accepting


def test_a_count_with_a_validator_and_two_hoppers_fits_into_its_time_on_the_wire() -> None:
    """A citizen waits for it between the last coin and the first sheet; the drivers' own polls stand aside."""
    bench = NoteBench()
    for phase in range(60):
        bench.pass_time(0.2 + phase * 0.0137)
        began = bench.now
        assert bench.run(StopCollect).outcome is Outcome.DONE
        assert bench.now - began <= COUNTED_WITHIN_S
        bench.run(Collect, denominations=(100, 500), notes=NOTES)


def test_polls_go_on_after_a_count_that_ran_out_of_time() -> None:
    bench = Bench().collecting()
    bench.far.coin.there = False
    assert bench.run(StopCollect, deadline_ms=300).outcome is Outcome.UNKNOWN
    bench.until(lambda: bench.status().state is DeviceState.ABSENT, 5)
    bench.far.coin.there = True
    bench.until(lambda: bench.status().state is DeviceState.READY, 10)
    assert bench.far.coin.master == 0
