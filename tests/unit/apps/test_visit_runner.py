"""What goes wrong with a draft or a document is in core's log by its code, and nothing else of it is."""

import json
import socket
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.contract import JobOpened
from kiosk.apps.clocks import Clocks
from kiosk.apps.peer import Peer
from kiosk.apps.visit_runner import VisitRunner
from kiosk.apps.workers import Workers
from kiosk.order import effects as act
from kiosk.order.events import Answered, OrderEvent, WorkFailed
from kiosk.protocol.courier import CentralAnswer, FromCourier, Reply
from kiosk.protocol.worker import BeginVisit, WorkRefused
from kiosk.visit.events import HealthChanged, Pressed
from kiosk.visit.state import first
from tests.unit.visit.walk import catalogue, ready

KEY = "ORDER-1-1"
SECRET = "여의도동 60"
Log = Callable[[], list[dict[str, Any]]]


class Worker(Workers):
    """A worker that hears everything and answers when the test says so."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), lambda _task: None)
        self.heard: list[Any] = []

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        self.heard.append(message)
        return True

    def refuse(self, code: str) -> None:
        self.on_message(WorkRefused(self.heard[-1].request, code, SECRET), None)


class Courier(Peer):
    """A courier that hears everything."""

    def __init__(self) -> None:
        super().__init__("courier", Path("nowhere"), FromCourier, lambda _task: None)
        self.heard: list[Any] = []

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        self.heard.append(message)
        return True


class Scene:
    """The dialogue on a machine that nobody uses yet, its worker and its courier."""

    def __init__(self) -> None:
        self.worker, self.courier = Worker(), Courier()
        self.told: list[OrderEvent] = []
        ticks = count()
        clocks = Clocks(lambda: next(ticks), lambda: 0, lambda: "ORDER", "boot")
        self.runner = VisitRunner(first(catalogue()), "K", self.worker, self.courier, clocks)
        self.runner.order_event = self.told.append

    def press(self, *controls: str) -> None:
        for control in controls:
            self.runner.post(Pressed(control))


@pytest.fixture
def scene() -> Scene:
    """A visit has begun."""
    begun = Scene()
    begun.runner.post(HealthChanged(ready()))
    begun.press("start")
    return begun


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Log:
    def notes() -> list[dict[str, Any]]:
        """What has been written since the last look, without its times."""
        written = capsys.readouterr().out
        assert SECRET not in written
        lines = [json.loads(line) for line in written.splitlines()]
        return [{name: value for name, value in line.items() if name != "at_ms"} for line in lines]

    return notes


def test_a_refused_draft_is_noted_by_its_code(scene: Scene, log: Log) -> None:
    scene.press("type:land", "area:1", "key:6", "key:0", "next", "next")
    scene.worker.refuse("data-invalid")
    assert log() == [{"event": "draft-failed", "order": "ORDER", "line": 1, "code": "data-invalid"}]


def seal(runner: VisitRunner) -> None:
    runner.seal_issue(act.AskWorker(1, 1, KEY))


def open_answer(runner: VisitRunner) -> None:
    runner.open_answer(act.OpenAnswer(KEY, "1" * 16, b""))


def send(runner: VisitRunner) -> None:
    with socket.socket() as printer:
        runner.send_document(JobOpened(KEY, 1, "printer", "/ipp/print", "ipp://printer"), printer)


@pytest.mark.parametrize("ask", [seal, open_answer, send])
def test_whatever_the_worker_refuses_of_an_issue_is_noted_by_its_code(
    scene: Scene, log: Log, ask: Callable[[VisitRunner], None]
) -> None:
    ask(scene.runner)
    scene.worker.refuse("seal-invalid")
    assert log() == [{"event": "issue-failed", "order": "ORDER", "key": KEY, "code": "seal-invalid"}]
    assert scene.told == [WorkFailed("seal-invalid")]


@pytest.mark.parametrize(
    ("reply", "said", "code"),
    [(Reply.REFUSED, "fee-mismatch", "fee-mismatch"), (Reply.UNKNOWN, "", "central-unreachable")],
)
def test_an_issue_that_central_does_not_give_is_noted_by_its_code(
    scene: Scene, log: Log, reply: Reply, said: str, code: str
) -> None:
    scene.runner.ask_central(act.AskCentral(1, 1, KEY, "land", b"sealed"))
    scene.runner.central_answered(CentralAnswer(scene.courier.heard[-1].request, reply, said))
    assert log() == [{"event": "issue-failed", "order": "ORDER", "key": KEY, "code": code}]
    assert scene.told == [Answered(KEY, code=code)]


def test_a_worker_that_dies_in_a_visit_is_noted_with_what_it_was_asked(scene: Scene, log: Log) -> None:
    seal(scene.runner)
    scene.worker.on_down()
    failed = {"event": "issue-failed", "order": "ORDER", "key": KEY, "code": "worker-gone"}
    assert log() == [failed, {"event": "worker-gone", "order": "ORDER"}]


def test_a_worker_that_goes_between_visits_is_no_news(log: Log) -> None:
    Scene().worker.on_down()
    assert log() == []


def test_the_worker_is_told_which_printer_this_machine_has() -> None:
    begun = Scene()
    begun.runner.printer = lambda: "urn:uuid:1"
    begun.runner.post(HealthChanged(ready()))
    begun.press("start")
    assert begun.worker.heard == [BeginVisit("K", "ORDER", "urn:uuid:1")]
