"""The account of coins: never one too many, none silently missing, whatever falls between two polls."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from drivers.cctalk.credits import CashEvent, Credits
from drivers.cctalk.event_buffer import fresh_events, lifetime_since
from drivers.contract import CoinPosition, CoinRejected, Credited, CreditsLost

VALUES = {1: 10, 2: 50, 3: 100, 4: 500}


@dataclass
class Acceptor:
    """What header 229 and 225 would say."""

    counter: int = 0
    accepted: int = 0
    pairs: list[tuple[int, int]] = field(default_factory=list)
    coins: list[int] = field(default_factory=list)

    def happen(self, a: int, b: int) -> None:
        self.pairs = [(a, b), *self.pairs][:5]
        self.counter = self.counter % 255 + 1
        if a:
            self.accepted = (self.accepted + 1) % (1 << 24)
            self.coins.append(VALUES[a])

    def reset(self) -> None:
        self.counter, self.pairs = 0, []

    def answer(self) -> bytes:
        padded = [*self.pairs, *[(0, 0)] * 5][:5]
        return bytes([self.counter, *(byte for pair in padded for byte in pair)])


def account(book: Credits, acceptor: Acceptor) -> list[CashEvent]:
    """Poll and compare, as the driver does."""
    told, fresh = book.take(acceptor.answer())
    missing = book.missing(acceptor.accepted)
    if fresh.reset or fresh.missed or missing:
        told += book.settle(acceptor.accepted, fresh.missed if missing is None else missing)
    return told


def counted(told: list[CashEvent]) -> tuple[list[int], int]:
    values = [event.value for event in told if isinstance(event, Credited)]
    return values, sum(event.count for event in told if isinstance(event, CreditsLost))


def base(acceptor: Acceptor) -> Credits:
    return Credits(CoinPosition("1", acceptor.counter, acceptor.accepted), VALUES)


# None is a poll, "reset" a reset of the device, a pair an event.
happenings = st.lists(
    st.one_of(
        st.none(),
        st.tuples(st.integers(1, 4), st.just(1)),
        st.tuples(st.just(0), st.integers(1, 31)),
        st.just("reset"),
    ),
    max_size=120,
)


@given(st.integers(0, 255), st.integers(0, (1 << 24) - 1), happenings)
def test_every_coin_is_credited_or_counted_as_lost_and_none_twice(
    counter: int, accepted: int, happened: list[object]
) -> None:
    acceptor = Acceptor(counter, accepted)
    book = base(acceptor)
    told: list[CashEvent] = []
    for what in [*happened, None]:
        if what is None:
            told += account(book, acceptor)
        elif what == "reset":
            acceptor.reset()
        elif isinstance(what, tuple):
            acceptor.happen(*what)
    values, lost = counted(told)
    assert len(values) + lost == len(acceptor.coins)
    remaining = iter(acceptor.coins)
    assert all(value in remaining for value in values), "credited in the order in which they fell"
    assert book.position == CoinPosition("1", acceptor.counter, acceptor.accepted)


@given(happenings, st.integers(0, 60))
def test_after_a_restart_exactly_what_was_not_booked_is_told(happened: list[object], stop: int) -> None:
    acceptor = Acceptor()
    book = base(acceptor)
    booked: list[CashEvent] = []
    position = book.position
    for what in happened[:stop]:
        if isinstance(what, tuple):
            acceptor.happen(*what)
            booked += account(book, acceptor)
            position = book.position
    for what in happened[stop:]:
        if isinstance(what, tuple):
            acceptor.happen(*what)
    told = account(Credits(position, VALUES), acceptor)
    values, lost = counted(booked + told)
    assert len(values) + lost == len(acceptor.coins)


def test_eight_coins_between_two_polls_are_five_credits_and_three_lost() -> None:
    acceptor = Acceptor()
    book = base(acceptor)
    for _coin in range(8):
        acceptor.happen(4, 1)
    values, lost = counted(account(book, acceptor))
    assert (values, lost) == ([500] * 5, 3)


def test_the_counter_wraps_from_255_to_1() -> None:
    fresh = fresh_events(254, 2, ((3, 1), (4, 1), (1, 1), (0, 0), (0, 0)))
    assert fresh.events == ((255, 1, 1), (1, 4, 1), (2, 3, 1))
    assert (fresh.missed, fresh.reset) == (0, False)


def test_a_coin_that_a_power_loss_took_from_the_buffer_is_counted_as_lost() -> None:
    acceptor = Acceptor()
    book = base(acceptor)
    acceptor.happen(3, 1)
    account(book, acceptor)
    acceptor.happen(4, 1)
    acceptor.reset()
    assert counted(account(book, acceptor)) == ([], 1)


def test_rejects_after_a_reset_do_not_hide_it_from_the_lifetime_counter() -> None:
    acceptor = Acceptor()
    book = base(acceptor)
    for _coin in range(3):
        acceptor.happen(4, 1)
    account(book, acceptor)
    acceptor.happen(4, 1)
    acceptor.reset()
    for _reject in range(4):
        acceptor.happen(0, 2)
    assert counted(account(book, acceptor)) == ([], 1)


def test_a_coin_of_an_unknown_channel_is_money_of_unknown_value() -> None:
    book = Credits(CoinPosition("1", 0, 0), VALUES)
    told, _fresh = book.take(bytes([1, 9, 1, *[0] * 8]))
    assert told == [CreditsLost(1, CoinPosition("1", 1, 1))]


def test_rejections_are_told_and_move_no_money() -> None:
    book = Credits(CoinPosition("1", 0, 7), VALUES)
    told, _fresh = book.take(bytes([1, 0, 130, *[0] * 8]))
    assert told == [CoinRejected(130)]
    assert book.position.accepted == 7


def test_a_counter_that_went_back_proves_nothing() -> None:
    assert lifetime_since(5000, 3) is None
    assert Credits(CoinPosition("1", 0, 5000), VALUES).missing(3) is None


def test_booked_credits_are_forgotten_and_later_ones_are_not() -> None:
    acceptor = Acceptor(accepted=(1 << 24) - 2)
    book = base(acceptor)
    start = book.position
    for _coin in range(4):
        acceptor.happen(3, 1)
    told = account(book, acceptor)
    assert book.past(start) == told
    second = told[1]
    assert isinstance(second, Credited)
    book.book(second.position)
    assert book.past(start) == told[2:]
    assert book.past(CoinPosition("2", 0, 0)) == []
