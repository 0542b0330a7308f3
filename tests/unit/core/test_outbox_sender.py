"""What is stored goes to central, whoever stored it, one batch at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.clocks import Clocks
from kiosk.core.confirming import take_answer
from kiosk.core.ledger_upkeep import LedgerUpkeep
from kiosk.core.outbox_sender import OutboxSender
from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.protocol.courier import EventsAcked, EventsRefused, FromCourier, SendEvents
from kiosk.protocol.journal import Boot, Row, Survey
from kiosk.settings import Printer, Settings
from tests.unit.core.test_slip_on_request import AMachine

SETTINGS = Settings(
    "K-1", "/nowhere", "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
)
CLOCKS = Clocks(now_ms=lambda: 0, wall_ms=lambda: 0, new_id=lambda: "", boot="boot")


class Courier:
    """Keeps what it was given."""

    up = True

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: object) -> bool:
        self.sent.append(message)
        return True

    def batches(self) -> list[list[int]]:
        return [[row.seq for row in one.rows] for one in self.sent if isinstance(one, SendEvents)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.db", lambda: Stamp("boot", 1, 1))
    yield opened
    opened.close()


def test_a_row_that_nobody_spoke_of_is_sent_at_the_next_tick(tmp_path: Path) -> None:
    core, courier = AMachine(tmp_path), Courier()
    outbox = core.machine._parts.outbox
    outbox._courier = cast(Peer[FromCourier], courier)
    core.ledger.commit((Boot(),))
    core.machine.tick()
    assert courier.batches() == [[1]]
    core.ledger.close()


def test_one_batch_is_under_way_at_a_time(ledger: Ledger) -> None:
    courier = Courier()
    outbox = OutboxSender(ledger, cast(Peer[FromCourier], courier))
    ledger.commit((Boot(),))
    outbox.pump()
    ledger.commit((Survey(2), Survey(3)))
    outbox.pump()
    assert courier.batches() == [[1]]
    outbox.acked(1)
    assert courier.batches() == [[1], [2, 3]]


class Upkeep:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def acked(self, seq: int) -> None:
        self.told.append(f"acked {seq}")

    def lacking(self, after: int) -> None:
        self.told.append(f"lacking {after}")

    def refused(self) -> None:
        self.told.append("refused")


class Core:
    """What stands between courier and ledger, with `count` rows that wait."""

    def __init__(self, ledger: Ledger, count: int) -> None:
        self.ledger, self.courier, self.upkeep = ledger, Courier(), Upkeep()
        self.outbox = OutboxSender(ledger, cast(Peer[FromCourier], self.courier))
        for number in range(count):
            self.write(Survey(number))
        self.outbox.pump()

    def write(self, fact: Row) -> None:
        self.ledger.commit((fact,))

    def hear(self, answer: EventsAcked | EventsRefused) -> None:
        take_answer(answer, self.outbox, cast(LedgerUpkeep, self.upkeep), self.write)

    def waiting(self) -> list[int]:
        return [row.seq for row in self.ledger.outbox(100)]


@given(seq=st.integers() | st.integers(-1, 9) | st.sampled_from((2**53, 2**63, 2**70)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_acknowledged_that_was_not_handed_out(ledger: Ledger, seq: int) -> None:
    core = Core(ledger, 0)
    first = ledger.head[0] + 1
    for number in range(3):
        core.write(Survey(number))
    core.outbox.pump()
    core.write(Boot())
    asked = first <= seq + first - 1 <= first + 2
    core.hear(EventsAcked(seq + first - 1))
    left = seq + first if asked else first
    assert core.waiting() == list(range(left, first + 4))
    assert core.upkeep.told == ([f"acked {seq + first - 1}"] if asked else [])
    ledger.acknowledge(ledger.head[0])


def test_an_answer_to_nobody_acknowledges_nothing(ledger: Ledger) -> None:
    core = Core(ledger, 3)
    core.hear(EventsAcked(3))
    core.write(Boot())
    core.hear(EventsAcked(4))
    assert (core.waiting(), core.upkeep.told) == ([4], ["acked 3"])


def test_what_central_lacks_is_sent_again_before_all_else(ledger: Ledger) -> None:
    core = Core(ledger, 5)
    core.hear(EventsAcked(5))
    core.write(Boot())
    core.outbox.pump()
    core.hear(EventsRefused("chain-broken", 2))
    assert core.courier.batches() == [[1, 2, 3, 4, 5], [6], [3, 4, 5, 6]]
    assert core.upkeep.told == ["acked 5", "lacking 2"]
    core.hear(EventsAcked(6))
    assert core.waiting() == []
    assert "chain-refused" not in [row.kind for row in ledger.journal()]


def test_what_central_lacks_is_sent_again_once_however_often_it_is_said(ledger: Ledger) -> None:
    core = Core(ledger, 5)
    core.hear(EventsAcked(5))
    core.write(Boot())
    core.outbox.pump()
    for _ in range(3):
        core.hear(EventsRefused("chain-broken", 2))
    assert core.courier.batches()[2:] == [[3, 4, 5, 6]]


def test_a_chain_that_differs_is_entered_and_stays_refused(ledger: Ledger) -> None:
    core = Core(ledger, 5)
    core.hear(EventsRefused("chain-broken"))
    assert core.upkeep.told == ["refused"]
    assert [row.kind for row in ledger.journal()][-1] == "chain-refused"
    assert core.courier.batches() == [[1, 2, 3, 4, 5]]


@pytest.mark.parametrize("after", [6, 100, 2**53 - 1])
def test_rows_that_are_not_there_make_it_a_refusal(ledger: Ledger, after: int) -> None:
    core = Core(ledger, 5)
    core.hear(EventsAcked(5))
    core.hear(EventsRefused("chain-broken", after))
    assert core.upkeep.told == ["acked 5", "refused"]
