"""A doubt ends in a comparison with the lifetime count; one that arises in the comparison itself, in the next one."""

from drivers.cctalk.coin import Coin
from drivers.contract import CashReading, Credited, CreditsLost, ErrorCode, StopCollect
from tests.unit.drivers.cash_far_end import CashFarEnd, FarAcceptor
from tests.unit.drivers.coin_bench import Bench

READ_COUNT = 225
COINS = 7


class Burst(FarAcceptor):
    """More coins than the buffer holds fall right after the count was read, once."""

    due = False

    def reply(self, header: int, data: bytes, now: float) -> bytes | None:
        answer = super().reply(header, data, now)
        if header == READ_COUNT and self.due:
            self.due = False
            for _ in range(COINS):
                self.drop(3, past_the_gate=True)
        return answer


def test_a_count_ends_with_every_coin_told_though_the_buffer_ran_over_while_it_was_compared() -> None:
    far = CashFarEnd()
    far.coin = burst = Burst()
    bench = Bench(far).collecting()
    burst.due = True
    reading = bench.run(StopCollect).result
    assert isinstance(reading, CashReading)
    assert (reading.accepted, burst.due) == (COINS, False)
    assert len(bench.of(Credited)) + sum(event.count for event in bench.of(CreditsLost)) == COINS


def test_a_coin_that_a_reset_and_a_reject_have_hidden_is_told_before_the_count_ends() -> None:
    bench = Bench().collecting()
    bench.far.coin.drop(3)
    bench.until(bench.credits, 1)
    bench.far.coin.drop(4)
    bench.far.coin.power_cut()
    bench.far.coin.happen(0, 2)
    reading = bench.run(StopCollect).result
    assert isinstance(reading, CashReading)
    assert (reading.accepted, bench.credits(), sum(event.count for event in bench.of(CreditsLost))) == (
        2,
        [100],
        1,
    )


def test_a_doubt_without_an_account_keeps_nobody_waiting() -> None:
    """It may be left of an acceptor that was exchanged in the middle of a comparison."""
    bench = Bench().ready()
    coin = bench.cash._coin
    assert isinstance(coin, Coin)
    coin._doubtful = True
    assert bench.run(StopCollect).code is ErrorCode.REFUSED
