"""Whatever core and driver do (die, begin anew, book late), each coin that fell is told to be booked exactly once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import BookCredit, CoinPosition, Collect, Credited, CreditsLost, Event, Resume
from tests.unit.drivers.coin_bench import Bench
from tests.unit.drivers.slow_core import SlowCore

FACTORY = CoinPosition("1204771", 0, 0)
ACTS = (
    *("coin", "coin", "read", "read", "send", "send", "wait", "wait"),
    *("resume", "collect", "die", "driver_dies", "given_back"),
)


class Core(SlowCore):
    """Books each coin that it hears of, and tells the driver so."""

    def __init__(self) -> None:
        self.bench = Bench().ready()
        super().__init__(self.bench)
        self.booked, self.coins, self.fell = FACTORY, 0, 0
        self.comes_up()

    def resume(self) -> None:
        self.say(Resume, position=self.booked)

    def collect(self) -> None:
        self.say(Collect, denominations=(100, 500))

    def coin(self) -> None:
        """Through the open gate; or past it, as it closes."""
        self.fell += self.bench.far.coin.drop(3) or self.bench.far.coin.drop(3, past_the_gate=True)

    def given_back(self) -> None:
        """A coin at the shut slot."""
        self.bench.far.coin.happen(0, 2)

    def driver_dies(self) -> None:
        """And the next one starts, which knows nothing."""
        self.bench.start_driver()
        self.comes_up()

    def wait(self) -> None:
        self.bench.pass_time(0.07)

    def hear(self, event: Event) -> None:
        if isinstance(event, Credited | CreditsLost):
            self.coins += event.count if isinstance(event, CreditsLost) else 1
            self.booked = event.position
            self.say(BookCredit, position=event.position)

    def at_rest(self) -> None:
        for _ in range(4):
            self.bench.pass_time(0.5)
            self.all_arrives()


@settings(max_examples=150)
@given(st.lists(st.sampled_from(ACTS), max_size=60))
def test_each_coin_is_booked_once(acts: list[str]) -> None:
    core = Core()
    core.live(acts)
    assert core.coins == core.fell
