"""The card bus: what core is told of readers and cards, whatever the card service has to say."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from drivers.card_reader.bus import HUNG_S, CardBus
from drivers.card_reader.slots import Away, Look, Slot, Slots
from drivers.contract import (
    CardInserted,
    CardReading,
    CardRemoved,
    DeviceState,
    ErrorCode,
    Outcome,
    ReadCard,
    ReasonCode,
)
from tests.unit.drivers.virtual import Clockwork

READER = "Reader 00"
EMPTY = Slots((Slot(READER, 0, False),))


def holding(counter: int, mute: bool = False) -> Slots:
    return Slots((Slot(READER, counter, True, mute),))


class Shown:
    """A watch that has seen what the test shows it."""

    def __init__(self) -> None:
        self.waiting: deque[Look] = deque()
        self.closed = False

    def looks(self) -> list[Look]:
        seen = list(self.waiting)
        self.waiting.clear()
        return seen

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        self.closed = True


class Table:
    """A bus in virtual time and what it sees."""

    def __init__(self) -> None:
        self.watch = Shown()
        self.clockwork = Clockwork()
        self.bus = CardBus(self.clockwork.emit, self.watch)
        self.clockwork.bus = self.bus

    def see(self, *looks: Look) -> None:
        self.watch.waiting.extend(looks)
        self.bus.tick(self.clockwork.now)

    def cards(self) -> list[CardInserted | CardRemoved]:
        return self.clockwork.of((CardInserted, CardRemoved))

    def state(self) -> tuple[DeviceState, list[ReasonCode]]:
        (status,) = self.bus.statuses()
        return status.state, [reason.code for reason in status.reasons]


def test_a_card_is_told_once_when_it_comes_and_once_when_it_goes() -> None:
    table = Table()
    table.see(EMPTY, holding(1), holding(1), Slots((Slot(READER, 2, False),)))
    assert table.cards() == [CardInserted(READER, 1), CardRemoved(READER)]


def test_a_card_that_was_exchanged_between_two_looks_is_another_card() -> None:
    table = Table()
    table.see(holding(1), holding(3))
    assert table.cards() == [CardInserted(READER, 1), CardRemoved(READER), CardInserted(READER, 3)]


def test_a_card_put_in_the_wrong_way_round_is_told_as_mute() -> None:
    table = Table()
    table.see(EMPTY, holding(1, mute=True))
    assert table.cards() == [CardInserted(READER, 1, mute=True)]


def test_when_the_service_goes_the_card_goes_first_and_comes_again_with_it() -> None:
    table = Table()
    table.see(holding(5), Away("stopped"))
    assert table.state() == (DeviceState.ABSENT, [ReasonCode.SILENT])
    table.see(holding(1))
    assert table.state() == (DeviceState.READY, [])
    assert table.cards() == [CardInserted(READER, 5), CardRemoved(READER), CardInserted(READER, 1)]
    assert table.bus.statuses()[0].epoch == 1, "it counts from 0 again"


def test_without_a_reader_the_device_is_unplugged() -> None:
    table = Table()
    table.see(holding(1), Slots(()))
    assert table.state() == (DeviceState.ABSENT, [ReasonCode.UNPLUGGED])
    assert table.cards() == [CardInserted(READER, 1), CardRemoved(READER)]


def test_a_service_that_hangs_is_silent_and_its_card_is_not_believed() -> None:
    table = Table()
    table.see(holding(1))
    table.clockwork.pass_time(HUNG_S + 0.1)
    assert table.state() == (DeviceState.ABSENT, [ReasonCode.SILENT])
    assert table.cards()[-1] == CardRemoved(READER)


def test_a_service_that_never_answers_is_silent_too() -> None:
    table = Table()
    assert table.state() == (DeviceState.CONNECTING, [])
    table.clockwork.pass_time(HUNG_S + 0.1)
    assert table.state() == (DeviceState.ABSENT, [ReasonCode.SILENT])


def test_a_core_that_comes_later_asks_which_card_is_in() -> None:
    table = Table()
    table.see(holding(7, mute=True))
    end = table.clockwork.run(ReadCard)
    assert (end.outcome, end.result) == (Outcome.DONE, CardReading(READER, 7, mute=True))
    table.see(EMPTY)
    assert table.clockwork.run(ReadCard).result == CardReading()
    table.see(Away("stopped"))
    end = table.clockwork.run(ReadCard)
    assert (end.outcome, end.code, end.result) == (Outcome.NOT_DONE, ErrorCode.NOT_PRESENT, None)


def test_the_watch_is_given_back() -> None:
    table = Table()
    table.bus.close()
    assert table.watch.closed


LOOKS = st.one_of(
    st.just(Away("")),
    st.builds(
        Slots,
        st.lists(
            st.builds(Slot, st.sampled_from("AB"), st.integers(0, 4), st.booleans(), st.booleans()),
            max_size=2,
            unique_by=lambda slot: slot.reader,
        ).map(tuple),
    ),
)


@given(st.lists(LOOKS, max_size=12))
def test_whatever_is_seen_what_was_told_is_what_is_there(looks: list[Look]) -> None:
    table = Table()
    table.see(*looks)
    told: dict[str, CardInserted] = {}
    for event in table.cards():
        if isinstance(event, CardInserted):
            assert event.reader not in told, "one card after the other"
            told[event.reader] = event
        else:
            del told[event.reader]
    last = looks[-1] if looks else Away("")
    present = {s.reader: s for s in last.slots if s.present} if isinstance(last, Slots) else {}
    assert {(e.reader, e.insertion, e.mute) for e in told.values()} == {
        (s.reader, s.counter, s.mute) for s in present.values()
    }
