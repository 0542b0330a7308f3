"""A central that lost what it had acknowledged, or never had it, has every row again soon, and no hand was needed."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.clocks import Clocks
from kiosk.core.confirming import take_answer
from kiosk.core.outbox_sender import OutboxSender
from kiosk.courier.calls import events_call
from kiosk.courier.line import Credentials, Line
from kiosk.courier.outbox import Outbox, PostEvents, Rest
from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import journal
from kiosk.protocol.courier import FromCourier, SendEvents
from tests.contract.central.machine import Machine, Server, serving
from tests.unit.ledger.trade import Clock, open_shop, sell

CLOCKS = Clocks(now_ms=lambda: 0, wall_ms=lambda: 0, new_id=lambda: "", boot="boot")
WITHIN_S = 600


class Kiosk:
    """Core's and the courier's own parts between a ledger and a real central, on a clock that the test turns."""

    up = True

    def __init__(self, file: Path, machine: Machine, api: str) -> None:
        self.kiosk, self.now = machine.kiosk, 0.0
        self.ledger = Ledger(file, Clock().stamp, machine=machine.kiosk)
        self.outbox = Outbox(random.Random(1), 0)
        pki = machine.pki
        self.line = Line(api, Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem"), "outbox")
        self.sender = OutboxSender(self.ledger, cast(Peer[FromCourier], self))

    def send(self, message: Any) -> bool:
        """To the courier."""
        if isinstance(message, SendEvents):
            self.outbox.add_rows(message.rows)
        return True

    def until(self, done: Callable[[], bool]) -> None:
        """Core and courier work as long as something is missing, ten minutes at most."""
        while not done():
            assert self.now < WITHIN_S, self.kinds()
            self.sender.pump()
            step = self.outbox.next_step(self.now, online=True)
            if isinstance(step, Rest):
                self.now += step.seconds
            elif isinstance(step, PostEvents):
                result = self.line.call(events_call(self.kiosk, step.rows), 10)
                answer = self.outbox.events_ended(step, result, self.now)
                if answer is not None:
                    take_answer(answer, self.sender, None, lambda record: self.ledger.commit((record,)))

    def told_all(self) -> bool:
        return not self.ledger.outbox(1)

    def refused(self) -> bool:
        return "chain-refused" in self.kinds()

    def kinds(self) -> list[str]:
        return [row.kind for row in self.ledger.journal()]

    def close(self) -> None:
        self.line.close()
        self.ledger.close()


class Town:
    """Central's data folder, of which there may be an older copy."""

    def __init__(self, data: Path) -> None:
        self.data, self.copy = data, data.with_name("older")

    @contextmanager
    def central(self) -> Iterator[Server]:
        with serving(self.data) as running:
            yield running

    def keep_a_copy(self) -> None:
        shutil.copytree(self.data, self.copy)

    def put_the_copy_back(self) -> None:
        shutil.rmtree(self.data)
        shutil.copytree(self.copy, self.data)


@pytest.fixture
def town(small_town: Path, tmp_path: Path) -> Town:
    shutil.copytree(small_town, tmp_path / "data")
    return Town(tmp_path / "data")


@contextmanager
def kiosk(file: Path, machine: Machine, api: str) -> Iterator[Kiosk]:
    with closing(Kiosk(file, machine, api)) as made:
        yield made


def hashes_at(machine: Machine) -> list[str]:
    """All that central holds of the machine's journal."""
    found: list[str] = []
    while rows := machine.session.get(f"{machine.api}/v1/journal?after={len(found)}", timeout=10).json()[
        "rows"
    ]:
        found += [row["hash"] for row in rows]
    return found


def trade(ledger: Ledger, first: int, count: int) -> None:
    for number in range(first, first + count):
        sell(ledger, f"01BACK{number:05}")


def test_a_central_put_back_from_an_older_copy_gets_what_it_lacks(town: Town, tmp_path: Path) -> None:
    """More than one batch is missing, and rows wait when it is back."""
    file = tmp_path / "ledger.db"
    with (
        town.central() as server,
        server.machine("M-BACK") as machine,
        kiosk(file, machine, server.api) as one,
    ):
        open_shop(one.ledger)
        trade(one.ledger, 0, 2)
        one.until(one.told_all)
    town.keep_a_copy()
    with town.central() as server, kiosk(file, machine, server.api) as one:
        trade(one.ledger, 2, 20)
        one.until(one.told_all)
        assert one.ledger.head[0] > 150
    town.put_the_copy_back()
    with (
        town.central() as server,
        kiosk(file, machine, server.api) as one,
        Machine(server.api, machine.pki, "M-BACK") as asking,
    ):
        before = hashes_at(asking)
        trade(one.ledger, 22, 1)
        one.until(one.told_all)
        rows = list(one.ledger.journal())
        assert 0 < len(before) < len(rows) - 100
        assert hashes_at(asking) == [row.hash for row in rows]
        assert not one.refused()


def test_rows_that_somebody_else_acknowledged_reach_central(town: Town, tmp_path: Path) -> None:
    with (
        town.central() as server,
        server.machine("M-FAKE") as machine,
        kiosk(tmp_path / "ledger.db", machine, server.api) as one,
    ):
        open_shop(one.ledger)
        one.until(one.told_all)
        trade(one.ledger, 0, 1)
        one.ledger.acknowledge(10**9)  # what a fake central's answer did
        trade(one.ledger, 1, 1)
        one.until(one.told_all)
        assert hashes_at(machine) == [row.hash for row in one.ledger.journal()]
        assert not one.refused()


def test_a_chain_that_differs_behind_what_central_lacks_stays_refused(town: Town, tmp_path: Path) -> None:
    """Two ledgers of one machine: what one of them sends from central's last row on does not follow from it."""
    with town.central() as server, server.machine("M-FORK") as machine:
        with kiosk(tmp_path / "other.db", machine, server.api) as other:
            other.ledger.commit((journal.Survey(1),))
            other.until(other.told_all)
        with kiosk(tmp_path / "ledger.db", machine, server.api) as one:
            open_shop(one.ledger)
            one.ledger.acknowledge(one.ledger.head[0])
            trade(one.ledger, 0, 1)
            one.until(one.refused)
            assert not one.told_all()
            assert one.kinds().count("chain-refused") == 1
        assert len(hashes_at(machine)) == 1
