"""What is stored goes to central, whoever stored it, one batch at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.apps.clocks import Clocks
from kiosk.apps.peer import Peer
from kiosk.apps.pulse import Pulse
from kiosk.health.health import Health
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.saga import Record
from kiosk.protocol.courier import SendEvents
from kiosk.settings import Settings

SETTINGS = Settings("K-1", "/nowhere", "", "", "", "", "https://central.test", "ipp://printer.test/ipp")
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


def test_a_row_that_nobody_spoke_of_is_sent_at_the_next_tick(ledger: Ledger) -> None:
    courier = Courier()
    pulse = Pulse(SETTINGS, ledger, cast(Peer, courier), CLOCKS, lambda: "0")
    ledger.commit((Record("one", {}),))
    pulse.tick("ready", {}, Health())
    assert courier.batches() == [[1]]


def test_one_batch_is_under_way_at_a_time(ledger: Ledger) -> None:
    courier = Courier()
    pulse = Pulse(SETTINGS, ledger, cast(Peer, courier), CLOCKS, lambda: "0")
    ledger.commit((Record("one", {}),))
    pulse.pump()
    ledger.commit((Record("two", {}), Record("three", {})))
    pulse.pump()
    assert courier.batches() == [[1]]
    pulse.acked(1)
    assert courier.batches() == [[1], [2, 3]]
