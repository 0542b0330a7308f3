"""Whatever core does (dies, resumes anew, books late), each coin that fell is told to be booked exactly once."""

from collections import deque
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import BookCredit, CoinPosition, Collect, Credited, CreditsLost, Resume
from tests.unit.drivers.test_coin import Bench

FACTORY = CoinPosition("1204771", 0, 0)
ACTS = ("coin", "coin", "read", "read", "send", "send", "wait", "wait", "resume", "collect", "die")


class Core:
    """Books what it reads, in its own time; its words are on the wire for a while. What is booked outlives it."""

    def __init__(self) -> None:
        self.bench = Bench().ready()
        self.booked, self.coins, self.fell = FACTORY, 0, 0
        self._out: deque[partial[str]] = deque()
        self._read = 0
        self.comes_up()

    def comes_up(self) -> None:
        """A new process at a new connection: what was on the wire to or from the old one is gone."""
        self._out.clear()
        self._read = len(self.bench.told)
        self.resume()

    def resume(self) -> None:
        self._out.append(partial(self.bench.start, Resume, position=self.booked))

    def die(self) -> None:
        self.bench.cash.core_gone()
        self.comes_up()

    def collect(self) -> None:
        self._out.append(partial(self.bench.start, Collect, denominations=(100, 500)))

    def coin(self) -> None:
        """Through the open gate; or past it, as it closes."""
        self.fell += self.bench.far.coin.drop(3) or self.bench.far.coin.drop(3, past_the_gate=True)

    def wait(self) -> None:
        self.bench.pass_time(0.07)

    def send(self) -> bool:
        """The next command arrives."""
        if self._out:
            self._out.popleft()()
            return True
        return False

    def read(self) -> bool:
        """The next event arrives; a coin is booked with its position, and the driver will hear so."""
        if self._read == len(self.bench.told):
            return False
        event = self.bench.told[self._read]
        self._read += 1
        if isinstance(event, Credited | CreditsLost):
            self.coins += event.count if isinstance(event, CreditsLost) else 1
            self.booked = event.position
            self._out.append(partial(self.bench.start, BookCredit, position=event.position))
        return True

    def at_rest(self) -> None:
        """Until nothing is on the wire any more."""
        for _ in range(4):
            self.bench.pass_time(0.5)
            while self.send() or self.read():
                pass


@settings(max_examples=150)
@given(st.lists(st.sampled_from(ACTS), max_size=60))
def test_each_coin_is_booked_once(acts: list[str]) -> None:
    core = Core()
    for act in acts:
        getattr(core, act)()
    core.at_rest()
    assert core.coins == core.fell
