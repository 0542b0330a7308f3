"""A job found by its place and not by its name. Yokohama, 27 March 2023: "the next file" was fetched, whoever's it was.

Planted: strangers' jobs before and behind ours in the printer's list; a printer process that answers with another
order's job; a worker that takes the first draft of its list for the line that is asked for.
"""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.registers.lots import LONG, TWO_SHEETS
from drivers import contract as device
from drivers.page_printer import operations as op
from drivers.page_printer.http import Answer, post
from drivers.page_printer.ipp import JOB_GROUP, Message, build, parse
from drivers.page_printer.operations import ENDED, create_job, get_jobs, job_view
from drivers.page_printer.search import JobSearch
from drivers.paper_bus import PaperBus
from drivers.scheduler import Task
from kiosk.order.model import OrderOutcome
from kiosk.protocol import worker as worker_messages
from kiosk.worker.visit import Line, Visit
from tests.accidents.booth import LAND, Want
from tests.accidents.conftest import MakeBooth
from tests.accidents.machine_room import Room
from tests.accidents.sale import refused
from tests.unit.central.office import ALL, subject_of
from tests.wire.desk import Desk, Served, desk, path_of, served

MINE, BEFORE, BEHIND = "O1-1-1", "O0-1-1", "O2-1-1"


@pytest.fixture
def simulated() -> Iterator[Desk]:
    with desk() as one:
        yield one


@pytest.fixture
def paper(simulated: Desk) -> Iterator[Served]:
    presenter = path_of(simulated.run, "presenter")
    with served(lambda emit: PaperBus(simulated.printer_uri, presenter, emit)) as bus:
        bus.wait_state("printer", device.DeviceState.READY)
        bus.wait_state("presenter", device.DeviceState.READY)
        yield bus


def ask_printer(simulated: Desk, message: Message) -> Message:
    """A stranger's question to the printer."""
    host, _, port = simulated.printer_uri.removeprefix("ipp://").partition("/")[0].partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(post(host, "/ipp/print", build(Message(message.code, 1, message.groups))))
        answer = Answer()
        while not answer.complete:
            answer.feed(sock.recv(4096))
    return parse(answer.body)


def running(simulated: Desk) -> set[str]:
    """The names of the jobs that have not ended."""
    answer = ask_printer(simulated, get_jobs(simulated.printer_uri, "not-completed"))
    views = [job_view(group) for group in answer.groups if group.tag == JOB_GROUP]
    return {view.name for view in views if view is not None and view.state not in ENDED}


def three_jobs(simulated: Desk, paper: Served) -> None:
    """Ours, between two of others."""
    ask_printer(simulated, create_job(simulated.printer_uri, BEFORE))
    end = paper.run(device.OpenJob, key=MINE, sheets=1)
    assert isinstance(end.result, device.JobOpened)
    assert end.result.key == MINE
    paper.socket_of(end).close()
    ask_printer(simulated, create_job(simulated.printer_uri, BEHIND))
    assert running(simulated) == {BEFORE, MINE, BEHIND}


def test_only_the_job_of_that_name_is_cancelled_wherever_it_stands(simulated: Desk, paper: Served) -> None:
    three_jobs(simulated, paper)
    paper.run(device.CancelJob, key=MINE, deadline_ms=10_000)
    assert running(simulated) == {BEFORE, BEHIND}


def test_a_printer_process_that_takes_the_newest_job_cancels_anothers(
    simulated: Desk, paper: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: by position it would be somebody else's, and the test above would see it."""

    def newest(self: JobSearch, key: str, job_id: int = 0) -> Task[op.JobView | None]:
        views = []
        for which in ("not-completed", "completed"):
            answer = yield from self._client.ask(op.get_jobs(self._uri, which), 2.0)
            views += [view for group in answer.groups if group.tag == JOB_GROUP and (view := job_view(group))]
        return max(views, key=lambda view: view.job_id, default=None)

    three_jobs(simulated, paper)
    with monkeypatch.context() as planted:
        planted.setattr(JobSearch, "ours", newest)
        paper.run(device.CancelJob, key=MINE, deadline_ms=10_000)
    assert running(simulated) == {BEFORE, MINE}


def test_a_second_job_of_a_name_that_has_ended_is_not_opened(simulated: Desk, paper: Served) -> None:
    three_jobs(simulated, paper)
    paper.run(device.CancelJob, key=MINE, deadline_ms=10_000)
    end = paper.run(device.OpenJob, key=MINE, sheets=1)
    assert (end.outcome, end.code, end.result) == (device.Outcome.UNKNOWN, device.ErrorCode.REFUSED, None)


class WrongJob(Room):
    """Planted: the printer process answers with the job that it opened last for anybody."""

    def answer(self, command: Any, done: Any) -> None:
        if isinstance(command, device.OpenJob):
            opened = device.JobOpened(BEFORE, 1, "printer:631", "/ipp/print", "ipp://printer")
            ours, theirs = socket.socketpair()
            done(device.Completed(command.request, device.Outcome.DONE, result=opened), theirs)
            ours.settimeout(0)
            assert ours.recv(1) == b""  # closed, unwritten
            ours.close()
        else:
            super().answer(command, done)


@pytest.mark.parametrize(
    ("kind", "outcome", "pages"),
    [(Room, OrderOutcome.DELIVERED, 1), (WrongJob, OrderOutcome.REFUNDED, 0)],
    ids=["its own job", "another order's job"],
)
def test_a_document_is_written_to_the_job_of_its_own_name_only(
    booth: MakeBooth, tmp_path: Path, kind: type[Room], outcome: OrderOutcome, pages: int
) -> None:
    one = booth(order="O1")
    room = kind(tmp_path, one)
    order = room.serve(one, LAND)
    assert (order.outcome, room.pages) == (outcome, pages)
    if outcome is OrderOutcome.REFUNDED:
        assert order.issues[0].reason == "printer-refused"
        assert room.coins_out == room.coins_in
    room.close()


TWO, MANY = (Want("land", subject_of(lot), ALL) for lot in (TWO_SHEETS, LONG))


def test_a_worker_that_takes_the_first_line_of_its_list_can_not_open_the_second(
    booth: MakeBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = booth()
    asks = [one.seal_draft(TWO, 1), one.seal_draft(MANY, 2)]
    answers = [one.ask(ask).sealed for ask in asks]

    def first(self: Visit, number: int) -> Line:
        return next(iter(self._lines.values()))

    with monkeypatch.context() as planted:
        planted.setattr(Visit, "_line", first)
        refused(one.open_draft(answers[1], 2), "answer-invalid")
    drafts = [one.open_draft(sealed, line) for line, sealed in enumerate(answers, start=1)]
    assert [draft.sheets for draft in drafts if isinstance(draft, worker_messages.DraftReady)] == [2, 5]
