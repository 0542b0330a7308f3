"""Any bytes in any call end in a problem with a code: no traceback, no row, and the next call is served."""

import socket
import ssl
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.http.bodies import EVENTS_BYTES, SMALL_BYTES
from kiosk.protocol.central import DraftCall, IssueCall
from kiosk.protocol.identity import IdentityCall
from tests.contract.central.machine import Machine, Server, code_of
from tests.contract.central.test_calls import heartbeat
from tests.unit.central.office import ORDER, Journal

PATHS = ("/v1/challenges", "/v1/identities", "/v1/drafts", "/v1/issues", "/v1/events", "/v1/heartbeat")
ONE_MACHINE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

json_bodies = json_values.map(msgspec.json.encode)


@pytest.fixture(autouse=True)
def _the_server_is_still_well(server: Server, machine: Machine) -> Iterator[None]:
    yield
    assert machine.post("/v1/heartbeat", heartbeat(machine.kiosk)).status_code == 200
    assert "request failed" not in server.log()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 10_000, b'{"kiosk":1}', b'"x']
)
def test_a_body_of_another_shape_is_invalid(machine: Machine, path: str, body: bytes) -> None:
    assert code_of(machine.post(path, body, key="k")) == "400 body-invalid"


@ONE_MACHINE
@given(st.binary(max_size=200) | json_bodies)
def test_garbage_is_refused_with_a_code(machine: Machine, body: bytes) -> None:
    for path in PATHS:
        assert 400 <= machine.post(path, body, key="k").status_code < 500


@pytest.mark.parametrize("path", PATHS)
def test_a_body_past_its_cap_is_too_large(machine: Machine, path: str) -> None:
    cap = EVENTS_BYTES if path == "/v1/events" else SMALL_BYTES
    assert code_of(machine.post(path, b"x" * (cap + 1), key="k")) == "413 body-too-large"


def test_a_body_of_unknown_length_is_cut_off_at_its_cap(machine: Machine) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(SMALL_BYTES // 1024 + 2):
            yield b"x" * 1024

    response = machine.session.post(machine.api + "/v1/heartbeat", data=drip(), timeout=10)
    assert code_of(response) == "413 body-too-large"


def test_a_compressed_body_is_not_opened(machine: Machine) -> None:
    headers = {"content-encoding": "gzip"}
    response = machine.session.post(machine.api + "/v1/heartbeat", data=b"x", headers=headers, timeout=10)
    assert code_of(response) == "415 encoding-unsupported"


@ONE_MACHINE
@given(st.binary(max_size=300))
def test_sealed_garbage_is_invalid(machine: Machine, sealed: bytes) -> None:
    draft = DraftCall(machine.kiosk, ORDER, 1, "land", sealed)
    issue = IssueCall(machine.kiosk, ORDER, 1, 1, "key", "land", sealed)
    assert code_of(machine.post("/v1/drafts", draft)) == "400 sealed-invalid"
    identity = IdentityCall(machine.kiosk, ORDER, sealed)
    assert code_of(machine.post("/v1/issues", issue, key="key")) == "400 sealed-invalid"
    assert code_of(machine.post("/v1/identities", identity, key="key")) == "400 sealed-invalid"


@ONE_MACHINE
@given(json_values)
def test_rightly_sealed_garbage_is_invalid(machine: Machine, value: object) -> None:
    worker = machine.worker()
    plain = msgspec.json.encode(value)
    sealed = worker.seal(msgspec.Raw(plain), 1, "land", "draft")
    call = DraftCall(machine.kiosk, ORDER, 1, "land", sealed)
    assert code_of(machine.post("/v1/drafts", call)) == "400 sealed-invalid"
    sealed = worker.seal(msgspec.Raw(plain), 0, "", "identity")
    identity = IdentityCall(machine.kiosk, ORDER, sealed)
    assert code_of(machine.post("/v1/identities", identity, key="key")) == "400 sealed-invalid"


def test_a_captured_request_cannot_be_sent_for_another_order_line_or_purpose(machine: Machine) -> None:
    call = machine.call(machine.worker())
    for other in ({"order": "another"}, {"line": 2}, {"type_code": "forest"}):
        moved = msgspec.structs.replace(call, **other)
        assert code_of(machine.post("/v1/issues", moved, key=moved.key)) == "400 sealed-invalid"
    as_draft = DraftCall(machine.kiosk, call.order, call.line, call.type_code, call.sealed)
    assert code_of(machine.post("/v1/drafts", as_draft)) == "400 sealed-invalid"


@pytest.mark.parametrize("name", ["", "x" * 101, "a b", "가", "a\n", "../x"])
def test_names_out_of_bounds_are_invalid(machine: Machine, name: str) -> None:
    call = DraftCall(machine.kiosk, name, 1, "land", b"x")
    assert code_of(machine.post("/v1/drafts", call)) == "400 body-invalid"


def test_journal_rows_that_cannot_be_written_again_are_invalid(machine: Machine) -> None:
    row = Journal().row("boot", {})
    for other in ({"seq": 2**70}, {"at_ms": -1}, {"boot": "x" * 101}, {"prev": "ㄱ"}):
        assert code_of(machine.events(msgspec.structs.replace(row, **other))) == "400 body-invalid"


def test_bytes_that_are_no_http_end_the_connection(server: Server, machine: Machine) -> None:
    context = ssl.create_default_context(cafile=str(machine.pki / "ca.pem"))
    context.load_cert_chain(machine.pki / "kiosk.pem", machine.pki / "kiosk.key")
    with (
        socket.create_connection(("localhost", server.api_port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"\x00\x01\x02 nonsense\r\n\r\n" * 10)
        assert secure.recv(100).startswith(b"HTTP/1.1 400")
