"""A time-out that frees half of a job and hands it to the next one. Yokohama, 27 March 2023: under load a print took
too long; the time-out handler gave back the lock and not the job, and the next citizen's request fetched what lay
there.

Planted: a printer whose answer to the first citizen's job comes after that order was given up and paid back, while the
second is being served; and a handler that keeps the first job and gives it out for the second.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.registers.residents import known
from drivers import contract as device
from kiosk.core.order_runner import OrderRunner
from kiosk.order.model import OrderOutcome
from tests.accidents.booth import HOME, Booth
from tests.accidents.conftest import MakeBooth
from tests.accidents.machine_room import Room

FIRST, SECOND = "O1", "O2"
FIRST_JOB, SECOND_JOB = f"{FIRST}-1-1", f"{SECOND}-1-1"


@pytest.fixture
def citizens(booth: MakeBooth) -> tuple[Booth, Booth]:
    """Two visits, one after the other, each with its own worker and card."""
    first, second = booth(order=FIRST), booth(order=SECOND)
    first.identify(known.FAMILY)
    second.identify(known.ALONE)
    return first, second


class GivesOutWhatLiesThere(OrderRunner):
    """Planted: what was opened for one is kept, and given to whoever sends next."""

    kept: tuple[device.JobOpened, socket.socket] | None = None

    def _close_job(self) -> None:
        if self._job is not None:
            self.kept, self._job = self._job, None

    def _send_document(self, key: str) -> None:
        if self.kept is not None:
            job, printer = self.kept
            self._job = (job, printer)
        super()._send_document(key)


@pytest.fixture
def room(tmp_path: Path, citizens: tuple[Booth, Booth]) -> Iterator[Room]:
    one = Room(tmp_path, citizens[0])
    yield one
    one.close()


@pytest.fixture
def careless_room(tmp_path: Path, citizens: tuple[Booth, Booth]) -> Iterator[Room]:
    one = Room(tmp_path, citizens[0], GivesOutWhatLiesThere)
    yield one
    one.close()


def times_out(room: Room, booth: Booth) -> None:
    """The first citizen's job does not open in time: everything is paid back. Then it opens."""
    room.owing = {device.OpenJob}
    order = room.serve(booth, HOME)
    assert (order.outcome, order.issues[0].reason) == (OrderOutcome.REFUNDED, "printer-silent")
    assert (room.pages, room.coins_out) == (0, room.coins_in)
    room.owing.clear()
    [(command, done)] = room.owed
    room.answer(command, done)


def test_a_job_that_opens_after_its_order_was_paid_back_is_closed_unwritten(
    room: Room, citizens: tuple[Booth, Booth]
) -> None:
    first, second = citizens
    times_out(room, first)
    assert room.jobs[FIRST_JOB].socket.fileno() < 0
    order = room.serve(second, HOME)
    assert (order.outcome, room.taken, room.pages) == (OrderOutcome.DELIVERED, 1, 1)
    assert room.jobs[FIRST_JOB].got() == b""


def test_a_job_kept_for_the_next_one_is_refused_by_its_name_and_the_money_goes_back(
    careless_room: Room, citizens: tuple[Booth, Booth]
) -> None:
    first, second = citizens
    times_out(careless_room, first)
    order = careless_room.serve(second, HOME)
    assert (order.outcome, order.issues[0].reason) == (OrderOutcome.REFUNDED, "printer-refused")
    assert (careless_room.pages, careless_room.coins_out) == (0, careless_room.coins_in)


def test_a_printer_that_answers_in_time_serves_both(room: Room, citizens: tuple[Booth, Booth]) -> None:
    for taken, booth in enumerate(citizens, start=1):
        order = room.serve(booth, HOME)
        assert (order.outcome, room.taken) == (OrderOutcome.DELIVERED, taken)
    papers = [room.jobs[key].got() for key in (FIRST_JOB, SECOND_JOB)]
    assert all(b"%PDF" in paper for paper in papers)
    assert papers[0] != papers[1]
