"""The courier as a program: core on its Unix socket, central on real HTTPS, and everything that can come between."""

import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from kiosk.ipc.link import Link, LinkError, connect
from kiosk.protocol.central import IssueCall
from kiosk.protocol.courier import (
    FROM_COURIER,
    CentralAnswer,
    EventsAcked,
    EventsRefused,
    FromCourier,
    JournalRow,
    LinkChanged,
    Reply,
    SendChallenge,
    SendDraft,
    SendEvents,
    SendHeartbeat,
    SendIdentity,
    SendIssue,
)
from tests.unit.courier.conftest import ServerFactory
from tests.unit.courier.https_server import Conversation, HttpsServer, Request, Script, as_json, problem
from tests.unit.courier.pki import Authority

T = TypeVar("T", bound=FromCourier)

ISSUED = {"status": "issued", "number": "1234567890123456", "sealed": "QUJD"}
BEAT = {"server_time_ms": 1_700_000_000_123}
ISSUE = SendIssue("r1", "ord-1-1", "ord", 1, 1, "land", b"secret")


def row(seq: int) -> JournalRow:
    return JournalRow(seq, "b", 0, 0, "coin", msgspec.Raw(b'{"value":500}'), "0" * 64, f"{seq:064x}")


class Core:
    """Core's end of courier.sock."""

    def __init__(self, socket_file: Path) -> None:
        self.heard: queue.SimpleQueue[FromCourier] = queue.SimpleQueue()
        self._kept: list[FromCourier] = []
        self.link = self._connect(socket_file)
        self.link.start(lambda message, _socket: self.heard.put(message), lambda: None)

    def _connect(self, socket_file: Path) -> Link[FromCourier]:
        end = time.monotonic() + 15
        while True:
            try:
                return connect(socket_file, "core", FROM_COURIER)
            except LinkError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)  # the courier is still starting, and tells nobody when it listens

    def wait(self, kind: type[T], within_s: float = 10.0) -> T:
        end = time.monotonic() + within_s
        while True:
            message = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(message, kind):
                return message

    def wait_online(self, online: bool) -> None:
        while self.wait(LinkChanged).online is not online:
            pass


class Desk:
    """A central whose scripts a test sets by path, and the courier program in front of it."""

    def __init__(self, server: ServerFactory, authority: Authority) -> None:
        self.scripts: dict[str, list[Script]] = {}
        self.server: HttpsServer = server(self._script)
        self.run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
        (self.run / "pki").mkdir()
        for name in ("kiosk.pem", "kiosk.key", "ca.pem"):
            shutil.copy(authority.directory / name, self.run / "pki" / name)
        (self.run / "kiosk.toml").write_text(
            'kiosk_id = "YDP-1"\nsite = "s"\nmachine = "1"\nmunicipality = "m"\nhelp_phone = "1"\n'
            f'central_url = "{self.server.url}"\n[printer]\nuri = "ipp://127.0.0.1:1/"\n'
        )
        self.log = (self.run / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk.cli", "courier", "--run", str(self.run)], stderr=self.log
        )

    def on(self, path: str, *scripts: Script) -> None:
        """Answer calls of `path` with these in turn; the last one stays."""
        self.scripts[path] = list(scripts)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.server.seen if request.path == path]

    def core(self) -> Core:
        return Core(self.run / "sock" / "courier.sock")

    def _script(self, request: Request) -> Script:
        scripts = self.scripts.get(request.path) or [as_json(200, {"status": "ok"})]
        return scripts.pop(0) if len(scripts) > 1 else scripts[0]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.run)


@pytest.fixture
def desk(server: ServerFactory, authority: Authority) -> Iterator[Desk]:
    made = Desk(server, authority)
    yield made
    made.close()


def reset(talk: Conversation, _request: Request) -> None:
    talk.reset()


def hang(talk: Conversation, _request: Request) -> None:
    talk.hang()


def test_an_issue_whose_reply_was_lost_is_asked_again_under_the_same_key(desk: Desk) -> None:
    desk.on("/v1/issues", reset, reset, as_json(200, ISSUED))
    core = desk.core()
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer) == CentralAnswer(
        "r1", Reply.DONE, number="1234567890123456", sealed=b"ABC"
    )
    asked = desk.asked("/v1/issues")
    assert len(asked) == 3
    assert {request.headers["idempotency-key"] for request in asked} == {"ord-1-1"}
    assert len({request.body for request in asked}) == 1
    assert msgspec.json.decode(asked[0].body, type=IssueCall).kiosk == "YDP-1"


def test_an_issue_never_waits_behind_a_batch_that_hangs(desk: Desk) -> None:
    desk.on("/v1/events", hang)
    desk.on("/v1/issues", as_json(200, ISSUED))
    core = desk.core()
    core.wait_online(True)
    core.link.send(SendEvents((row(1),)))
    desk.server.wait_for(lambda seen: any(request.path == "/v1/events" for request in seen))
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer, within_s=3).reply is Reply.DONE


def test_a_central_that_says_nothing_ends_unknown_at_the_deadline(desk: Desk) -> None:
    desk.on("/v1/issues", hang)
    core = desk.core()
    core.wait_online(True)
    begun = time.monotonic()
    core.link.send(SendIssue("r2", "k", "o", 1, 1, "land", b"x", deadline_ms=1_500))
    assert core.wait(CentralAnswer) == CentralAnswer("r2", Reply.UNKNOWN, code="no-answer")
    assert time.monotonic() - begun < 3


def test_a_central_that_is_not_there_is_named_unreachable(desk: Desk) -> None:
    core = desk.core()
    core.wait_online(True)
    desk.server.stop()
    core.link.send(SendDraft("d1", "o", 1, "land", b"x", deadline_ms=1_000))
    assert core.wait(CentralAnswer) == CentralAnswer("d1", Reply.UNKNOWN, code="unreachable")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (problem(410, "voided"), CentralAnswer("r1", Reply.REFUSED, code="voided")),
        (problem(422, "key-reused"), CentralAnswer("r1", Reply.REFUSED, code="key-reused")),
        (as_json(200, {"status": "changed"}), CentralAnswer("r1", Reply.REFUSED, code="changed")),
        (
            as_json(200, {"status": "refused", "code": "register-closed"}),
            CentralAnswer("r1", Reply.REFUSED, code="register-closed"),
        ),
    ],
)
def test_a_refusal_comes_with_its_code_and_is_not_asked_again(
    desk: Desk, script: Script, expected: CentralAnswer
) -> None:
    desk.on("/v1/issues", script)
    core = desk.core()
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer) == expected
    assert len(desk.asked("/v1/issues")) == 1


def test_the_first_issue_is_waited_for_while_it_is_in_progress(desk: Desk) -> None:
    desk.on("/v1/issues", problem(409, "in-progress"), as_json(200, ISSUED))
    core = desk.core()
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer).reply is Reply.DONE


def test_an_issue_without_number_or_document_is_no_issue(desk: Desk) -> None:
    desk.on("/v1/issues", as_json(200, {"status": "issued", "number": "", "sealed": ""}))
    core = desk.core()
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer).reply is Reply.UNKNOWN


def test_a_nonce_comes_from_central_for_this_machine_and_order(desk: Desk) -> None:
    desk.on("/v1/challenges", reset, as_json(200, {"nonce": b64encode(bytes(32)).decode(), "valid_s": 60}))
    core = desk.core()
    core.link.send(SendChallenge("r1", "ord"))
    assert core.wait(CentralAnswer) == CentralAnswer("r1", Reply.DONE, nonce=bytes(32))
    assert msgspec.json.decode(desk.asked("/v1/challenges")[0].body) == {"kiosk": "YDP-1", "order": "ord"}


def test_a_nonce_of_another_length_is_none(desk: Desk) -> None:
    desk.on("/v1/challenges", as_json(200, {"nonce": b64encode(b"short").decode(), "valid_s": 60}))
    core = desk.core()
    core.link.send(SendChallenge("r1", "ord"))
    assert core.wait(CentralAnswer) == CentralAnswer("r1", Reply.UNKNOWN, code="no-answer")


def test_an_identification_is_asked_again_under_the_same_key_and_another_attempt_under_another(
    desk: Desk,
) -> None:
    desk.on("/v1/identities", reset, as_json(200, {"sealed": b64encode(b"ABC").decode()}))
    core = desk.core()
    for request, sealed in (("r1", b"first"), ("r2", b"second")):
        core.link.send(SendIdentity(request, "ord", sealed))
        assert core.wait(CentralAnswer) == CentralAnswer(request, Reply.DONE, sealed=b"ABC")
    keys = [request.headers["idempotency-key"] for request in desk.asked("/v1/identities")]
    assert (len(keys), keys[0], len(set(keys))) == (3, keys[1], 2)


def test_rows_reach_central_when_the_cable_is_back(desk: Desk) -> None:
    desk.on("/v1/events", as_json(200, {"acked": 2}))
    core = desk.core()
    core.wait_online(True)
    desk.server.stop()
    core.link.send(SendEvents((row(1), row(2))))
    core.wait_online(False)
    desk.server.start()
    core.wait_online(True)
    assert core.wait(EventsAcked, within_s=2) == EventsAcked(2)


def test_a_broken_chain_is_core_to_know(desk: Desk) -> None:
    desk.on("/v1/events", problem(409, "chain-broken"))
    core = desk.core()
    core.link.send(SendEvents((row(1),)))
    assert core.wait(EventsRefused) == EventsRefused("chain-broken")


@pytest.mark.parametrize(
    "ask", [SendChallenge("r1", "ord", 10**18), SendDraft("r1", "ord", 1, "land", b"", 2**63)]
)
def test_an_ask_that_no_timer_can_hold_ends_its_connection_and_not_the_courier(
    desk: Desk, ask: SendChallenge | SendDraft
) -> None:
    desk.on("/v1/challenges", as_json(200, {"nonce": b64encode(b"n" * 32).decode(), "valid_s": 60}))
    desk.core().link.send(ask)
    core = desk.core()
    core.link.send(SendChallenge("r2", "ord"))
    assert core.wait(CentralAnswer) == CentralAnswer("r2", Reply.DONE, nonce=b"n" * 32)
    assert desk.process.poll() is None
    assert [request.path for request in desk.asked("/v1/challenges")] == ["/v1/challenges"]


def test_a_heartbeat_brings_centrals_clock(desk: Desk) -> None:
    desk.on("/v1/heartbeat", as_json(200, BEAT))
    core = desk.core()
    core.link.send(SendHeartbeat(msgspec.Raw(b'{"kiosk":"YDP-1"}')))
    while (heard := core.wait(LinkChanged)).server_time_ms != BEAT["server_time_ms"]:
        pass
    assert heard.online


def test_a_new_core_hears_the_links_state_and_the_old_ones_errands_are_dropped(desk: Desk) -> None:
    desk.on("/v1/issues", hang)
    first = desk.core()
    first.wait_online(True)
    first.link.send(ISSUE)
    desk.server.wait_for(lambda seen: any(request.path == "/v1/issues" for request in seen))
    first.link.close()
    desk.on("/v1/issues", as_json(200, ISSUED))
    second = desk.core()
    assert second.wait(LinkChanged).online
    second.link.send(SendIssue("r9", "k9", "o", 1, 1, "land", b"x"))
    assert second.wait(CentralAnswer).request == "r9"


def test_a_core_that_talks_nonsense_is_let_go_and_the_next_one_served(desk: Desk) -> None:
    desk.on("/v1/issues", as_json(200, ISSUED))
    desk.core().link.send(LinkChanged(True))
    core = desk.core()
    core.link.send(ISSUE)
    assert core.wait(CentralAnswer).reply is Reply.DONE


def test_the_log_holds_nothing_of_what_is_carried(desk: Desk) -> None:
    desk.on("/v1/issues", as_json(200, ISSUED))
    core = desk.core()
    core.link.send(ISSUE)
    core.wait(CentralAnswer)
    desk.process.kill()
    desk.process.wait()
    text = (desk.run / "log").read_text()
    assert "/v1/issues: done" in text
    for secret in ("secret", "c2VjcmV0", "QUJD", "1234567890123456"):
        assert secret not in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_has_nothing_to_clear_up_and_a_signal_ends_it(desk: Desk, number: int) -> None:
    core = desk.core()
    core.wait(LinkChanged)
    desk.process.send_signal(number)
    assert desk.process.wait(timeout=20) == -signal.SIGTERM
