"""What goes wrong with a draft or a document is in core's log by its code, and nothing else of it is. A line that is
asked for again with what was picked has one asking that counts: the last.
"""

import json
import socket
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.contract import JobOpened
from kiosk.clocks import Clocks
from kiosk.core.visit_runner import VisitRunner
from kiosk.core.workers import Workers
from kiosk.ipc.peer import Peer
from kiosk.order import effects as order_effects
from kiosk.order.events import Answered, OrderEvent, WorkFailed
from kiosk.protocol.central import Offered
from kiosk.protocol.courier import FROM_COURIER, CentralAnswer, FromCourier, Reply, SendDraft
from kiosk.protocol.worker import (
    BeginVisit,
    DraftChoice,
    DraftReady,
    HolderKnown,
    MakeDraft,
    OpenDraft,
    SealedRequest,
    Sent,
    WorkRefused,
)
from kiosk.visit.events import HealthChanged, Pressed
from kiosk.visit.screens import Check, Preparing, Which
from kiosk.visit.state import first
from tests.unit.core.ports import visit_ports
from tests.unit.visit.walk import catalogue, ready

KEY = "ORDER-1-1"
SECRET = "여의도동 60"
Log = Callable[[], list[dict[str, Any]]]


class Worker(Workers):
    """A worker that hears everything and answers when the test says so."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), lambda _task: None)
        self.heard: list[Any] = []
        self.dropped = 0

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        self.heard.append(message)
        return True

    def drop(self) -> None:
        self.dropped += 1

    def refuse(self, code: str) -> None:
        self.listener.said(WorkRefused(self.heard[-1].request, code, SECRET), None)


class Courier(Peer[FromCourier]):
    """A courier that hears everything."""

    def __init__(self) -> None:
        super().__init__("courier", Path("nowhere"), FROM_COURIER, lambda _task: None)
        self.heard: list[Any] = []

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        self.heard.append(message)
        return True


class Scene:
    """The dialogue on a machine that nobody uses yet, its worker and its courier."""

    def __init__(self, printer: str = "") -> None:
        self.worker, self.courier = Worker(), Courier()
        self.told: list[OrderEvent] = []
        ticks = count()
        clocks = Clocks(lambda: next(ticks), lambda: 0, lambda: "ORDER", "boot")
        self.runner = VisitRunner(
            first(catalogue()),
            "K",
            self.worker,
            self.courier,
            clocks,
            visit_ports(order_event=self.told.append, printer=lambda: printer),
        )

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
    runner.seal_issue(order_effects.AskWorker(1, 1, KEY))


def open_answer(runner: VisitRunner) -> None:
    runner.open_answer(order_effects.OpenAnswer(KEY, "1" * 16, b""))


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
    scene.runner.ask_central(order_effects.AskCentral(1, 1, KEY, "land", b"sealed"))
    scene.runner.central_answered(CentralAnswer(scene.courier.heard[-1].request, reply, said))
    assert log() == [{"event": "issue-failed", "order": "ORDER", "key": KEY, "code": code}]
    assert scene.told == [Answered(KEY, code=code)]


def test_a_worker_that_dies_in_a_visit_is_noted_with_what_it_was_asked(scene: Scene, log: Log) -> None:
    seal(scene.runner)
    scene.worker.listener.down()
    failed = {"event": "issue-failed", "order": "ORDER", "key": KEY, "code": "worker-gone"}
    assert log() == [failed, {"event": "worker-gone", "order": "ORDER"}]


@pytest.mark.parametrize(
    "said", [Sent("", KEY, "done"), SealedRequest("", b""), HolderKnown("", "P", "홍*동", 0)]
)
def test_a_worker_that_gives_another_sort_of_answer_is_let_go_and_not_believed(
    scene: Scene, log: Log, said: Sent | SealedRequest | HolderKnown
) -> None:
    open_answer(scene.runner)
    asked = scene.worker.heard[-1].request
    scene.worker.listener.said(msgspec.structs.replace(said, request=asked), None)
    assert scene.worker.dropped == 1
    assert [line["event"] for line in log()] == ["worker-astray", "issue-failed", "worker-gone"]
    assert scene.told == [WorkFailed("worker-gone"), WorkFailed("worker-gone")]


def test_a_worker_that_goes_between_visits_is_no_news(log: Log) -> None:
    Scene().worker.listener.down()
    assert log() == []


# --- which of several -------------------------------------------------------------------------------------------------

EAST, WEST = Offered("b1", "101동"), Offered("b2", "102동")


def seal_draft(scene: Scene) -> SendDraft:
    """The worker seals what it was asked last; what the courier is asked then."""
    scene.worker.listener.said(SealedRequest(scene.worker.heard[-1].request, b"sealed"), None)
    asked = scene.courier.heard[-1]
    assert isinstance(asked, SendDraft)
    return asked


def answer(scene: Scene, asked: SendDraft) -> OpenDraft | None:
    """Central answers this; what the worker is asked to open then, if anything."""
    before = len(scene.worker.heard)
    scene.runner.central_answered(CentralAnswer(asked.request, Reply.DONE, sealed=b"answer"))
    opened = scene.worker.heard[-1] if len(scene.worker.heard) > before else None
    assert opened is None or isinstance(opened, OpenDraft)
    return opened


def open_to(scene: Scene, asked: SendDraft, **said: Any) -> OpenDraft:
    """The worker opens central's answer: a choice, or a draft if `said` has sums."""
    opened = answer(scene, asked)
    assert opened is not None
    scene.worker.listener.said(said_of(opened, **said), None)
    return opened


def said_of(opened: OpenDraft, **said: Any) -> DraftReady | DraftChoice:
    if said:
        return DraftReady(opened.request, opened.line, **said)
    return DraftChoice(opened.request, opened.line, "building", (EAST, WEST))


SUMS = {"sheets": 1, "fee": 500, "waiver": "", "draft_hash": "hash"}


def at_choice(scene: Scene) -> Scene:
    scene.press("type:land", "area:1", "key:6", "key:0", "next", "next")
    open_to(scene, seal_draft(scene))
    assert isinstance(scene.runner.state.screen, Which)
    return scene


def test_what_was_picked_is_asked_for_as_the_same_line(scene: Scene) -> None:
    at_choice(scene).press("pick:1")
    made = scene.worker.heard[-1]
    assert isinstance(made, MakeDraft)
    assert (made.line, made.which) == (1, WEST.key)
    open_to(scene, seal_draft(scene), **SUMS)
    assert isinstance(scene.runner.state.screen, Check)
    assert scene.runner.drafts[1][1].draft_hash == "hash"


def test_the_answer_about_what_was_picked_before_is_not_opened(scene: Scene) -> None:
    at_choice(scene).press("pick:0")
    before = seal_draft(scene)
    scene.press("back", "pick:0")
    now = seal_draft(scene)
    assert answer(scene, before) is None
    assert isinstance(scene.runner.state.screen, Preparing)
    open_to(scene, now, **SUMS)
    assert isinstance(scene.runner.state.screen, Check)


def test_what_the_worker_opened_for_the_asking_before_is_neither_told_nor_kept(scene: Scene) -> None:
    at_choice(scene).press("pick:0")
    opened = answer(scene, seal_draft(scene))
    assert opened is not None
    scene.press("back", "pick:1")
    scene.worker.listener.said(said_of(opened, **SUMS), None)
    assert isinstance(scene.runner.state.screen, Preparing)
    assert scene.runner.drafts == {}


def test_a_request_sealed_for_the_asking_before_is_not_sent(scene: Scene) -> None:
    at_choice(scene).press("pick:0")
    sealing = scene.worker.heard[-1]
    scene.press("back", "pick:1")
    sent = len(scene.courier.heard)
    scene.worker.listener.said(SealedRequest(sealing.request, b"sealed"), None)
    assert len(scene.courier.heard) == sent


def test_a_draft_that_was_shown_is_forgotten_once_another_is_picked(scene: Scene) -> None:
    at_choice(scene).press("pick:0")
    open_to(scene, seal_draft(scene), **SUMS)
    scene.press("back")
    assert 1 in scene.runner.drafts
    scene.press("pick:1")
    assert scene.runner.drafts == {}


def test_the_worker_is_told_which_printer_this_machine_has() -> None:
    begun = Scene(printer="urn:uuid:1")
    begun.runner.post(HealthChanged(ready()))
    begun.press("start")
    assert begun.worker.heard == [BeginVisit("K", "ORDER", "urn:uuid:1")]
