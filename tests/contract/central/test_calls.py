"""Drafts, issues, journal and heartbeat over mutual TLS, as a kiosk's courier calls them."""

import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from central.registers.lots import CHANGING, FOREST, MISSING, ONE_SHEET
from kiosk.protocol.central import (
    Draft,
    EventsReply,
    Heartbeat,
    HeartbeatReply,
    IssueReply,
    Refusal,
)
from kiosk.protocol.seal import SealState, read_seal
from tests.contract.central.machine import Machine, Server, code_of
from tests.unit.central.office import Journal

NEVER = "0" * 64


def heartbeat(kiosk: str, **other: object) -> Heartbeat:
    beat = Heartbeat(kiosk, 1, "b", 1, "ready", "0.1.0", "", "", (), (), {}, 0, 0, 0, NEVER)
    return msgspec.structs.replace(beat, **other)


def test_a_parcel_is_drafted_issued_and_reported_delivered(machine: Machine) -> None:
    worker = machine.worker()
    draft = machine.draft(worker)
    assert isinstance(draft, Draft)
    call = worker.issue_call(draft)
    response = machine.issue(call)
    assert response.status_code == 200
    reply = msgspec.json.decode(response.content, type=IssueReply)
    document = worker.open_document(reply, call)
    assert document.data == draft.data
    now = time.time()
    assert read_seal(document.seal, machine.trust, int(now)).state is SealState.GENUINE
    journal = Journal()
    delivered = machine.events(journal.delivered(call.key, reply.number), journal.row("boot", {}))
    assert msgspec.json.decode(delivered.content, type=EventsReply).acked == 2


def test_a_forest_parcel_comes_from_the_same_register_under_its_own_title(machine: Machine) -> None:
    draft = machine.draft(machine.worker(), FOREST, type_code="forest")
    assert isinstance(draft, Draft)
    assert (draft.data["title"], draft.data["lot"]) == ("임야대장", "산 12")


def test_a_refusal_comes_sealed_with_its_code(machine: Machine) -> None:
    worker = machine.worker()
    assert machine.draft(worker, CHANGING) == Refusal(1, "record-under-change")
    assert machine.draft(worker, MISSING, line=2) == Refusal(2, "parcel-not-found")
    assert machine.draft(worker, ONE_SHEET, line=3, type_code="windmill") == Refusal(3, "type-unknown")


def test_the_same_key_again_gives_the_same_bytes(machine: Machine) -> None:
    call = machine.call(machine.worker())
    first, second = machine.issue(call), machine.issue(call)
    assert (first.status_code, first.content) == (second.status_code, second.content)


def test_parallel_retries_of_one_key_make_one_document(server: Server, machine: Machine) -> None:
    call = machine.call(machine.worker())

    def retry(_number: int) -> tuple[int, bytes]:
        with Machine(server.api, machine.pki, machine.kiosk) as twin:
            response = twin.issue(call)
            return response.status_code, response.content

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(retry, range(8)))
    documents = {content for status, content in answers if status == 200}
    assert len(documents) == 1
    assert {status for status, _ in answers} <= {200, 409}


def test_a_key_with_another_body_is_refused(machine: Machine) -> None:
    worker = machine.worker()
    machine.issue(machine.call(worker))
    assert code_of(machine.issue(machine.call(worker))) == "422 key-reused"


def test_a_void_key_is_gone_for_ever(machine: Machine) -> None:
    call = machine.call(machine.worker())
    machine.events(Journal().void(call.key))
    assert code_of(machine.issue(call)) == "410 voided"


def test_the_key_must_be_sent_and_be_the_bodys(machine: Machine) -> None:
    call = machine.call(machine.worker())
    assert code_of(machine.post("/v1/issues", call)) == "400 idempotency-key-missing"
    assert code_of(machine.post("/v1/issues", call, key="other")) == "400 idempotency-key-mismatch"


def test_a_journal_that_does_not_fit_is_refused_with_where_central_stands(machine: Machine) -> None:
    journal = Journal()
    rows = [journal.row("boot", {}) for _ in range(3)]
    assert machine.events(rows[0]).json() == {"acked": 1}
    response = machine.events(rows[2])
    assert code_of(response) == "409 chain-broken"
    assert response.json()["acked"] == 1
    assert machine.events(*rows).json() == {"acked": 3}


def test_a_heartbeat_is_answered_with_the_time(machine: Machine) -> None:
    response = machine.post("/v1/heartbeat", heartbeat(machine.kiosk))
    reply = msgspec.json.decode(response.content, type=HeartbeatReply)
    assert abs(reply.server_time_ms / 1000 - time.time()) < 60


def test_a_machine_may_ask_the_time_to_see_whether_central_is_there(machine: Machine) -> None:
    response = machine.session.get(machine.api + "/v1/time", timeout=5)
    reply = msgspec.json.decode(response.content, type=HeartbeatReply)
    assert abs(reply.server_time_ms / 1000 - time.time()) < 60


@pytest.mark.parametrize(
    "path", ["/", "/v1/drafts/", "/v1/unknown", "/docs", "/openapi.json", "/healthz", "/verify"]
)
def test_what_is_not_for_machines_is_not_found(machine: Machine, path: str) -> None:
    assert code_of(machine.post(path, b"{}")) in ("404 not-found", "405 method-not-allowed")


def test_get_is_not_allowed(machine: Machine) -> None:
    response = machine.session.get(machine.api + "/v1/issues", timeout=5)
    assert code_of(response) == "405 method-not-allowed"


def test_the_log_names_types_and_keys_and_never_a_subject(server: Server, machine: Machine) -> None:
    call = machine.call(machine.worker())
    machine.issue(call)
    log = server.log()
    assert call.key in log
    assert not any(word in log for word in ("여의도동", "1156011000", "한빛", "Traceback"))
