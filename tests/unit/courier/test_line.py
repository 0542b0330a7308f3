"""A call on the wire ends in time and proves no more than it proves."""

import contextlib
import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from kiosk.courier.line import MAX_BODY_BYTES, Call, Credentials, Line
from kiosk.courier.results import Done, Refused, Result, Unknown
from kiosk.settings import SettingsError
from tests.unit.courier.conftest import LineFactory, ServerFactory
from tests.unit.courier.https_server import Conversation, Request, Script, as_json, problem
from tests.unit.courier.pki import Authority

ASK = Call("/v1/issues", b'{"sealed":"AAAA"}', "order-1-1")
CAPTIVE_PORTAL = b"<html><body>Please accept the terms of this Wi-Fi</body></html>"


def causes(result: Result) -> str:
    assert isinstance(result, Unknown), result
    return result.cause


def test_an_answer_is_done_and_names_centrals_clock(server: ServerFactory, line: LineFactory) -> None:
    there = server(lambda _: as_json(200, {"acked": 7}, Date="Mon, 02 Nov 2026 03:04:05 GMT"))
    result = line(there.url).call(ASK, 5)
    assert result == Done(b'{"acked": 7}', 1_793_588_645_000)


def test_a_request_carries_the_machines_certificate_key_and_no_foreign_headers(
    server: ServerFactory, line: LineFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login spy password spy\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.devnull)
    there = server(lambda _: as_json(200, {}))
    assert isinstance(line(there.url).call(ASK, 5), Done)
    request = there.seen[0]
    assert request.headers["idempotency-key"] == "order-1-1"
    assert request.headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie", "proxy-authorization"} & set(request.headers)


def test_calls_share_one_connection(server: ServerFactory, line: LineFactory) -> None:
    there = server(lambda _: as_json(200, {}))
    ours = line(there.url)
    for _ in range(3):
        assert isinstance(ours.call(ASK, 5), Done)
    assert [request.connection for request in there.seen] == [1, 1, 1]


def test_a_line_opened_ahead_is_used_by_the_call(server: ServerFactory, line: LineFactory) -> None:
    there = server(lambda _: as_json(200, {}))
    ours = line(there.url)
    assert isinstance(ours.warm(5), Done)
    assert ours.warm(5) is None
    ours.call(ASK, 5)
    assert [request.path for request in there.seen] == ["/v1/time", "/v1/issues"]
    assert there.connections == 1


def test_a_line_that_central_closed_is_found_out_before_the_call(
    server: ServerFactory, line: LineFactory
) -> None:
    def answer_once_and_close(talk: Conversation, request: Request) -> None:
        as_json(200, {})(talk, request)
        talk.end()

    there = server(lambda _: answer_once_and_close)
    ours = line(there.url)
    assert isinstance(ours.call(ASK, 5), Done)
    assert isinstance(ours.call(ASK, 5), Done)
    assert there.connections == 2


DRIPS = {
    "status line": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "header without an end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
}


@pytest.mark.parametrize("where", DRIPS)
def test_a_slow_drip_ends_at_the_deadline(server: ServerFactory, line: LineFactory, where: str) -> None:
    there = server(lambda _: lambda talk, _request: talk.drip(DRIPS[where], 0.05))
    begun = time.monotonic()
    assert causes(line(there.url).call(ASK, 0.5)) == "no-answer-in-time"
    assert time.monotonic() - begun < 2


def test_a_dripping_body_ends_at_the_deadline(server: ServerFactory, line: LineFactory) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"

    def script(talk: Conversation, _request: Request) -> None:
        talk.send(head)
        talk.drip(b" " * 1000, 0.05)

    there = server(lambda _: script)
    begun = time.monotonic()
    assert causes(line(there.url).call(ASK, 0.5)) == "no-answer-in-time"
    assert time.monotonic() - begun < 2


def test_a_body_whose_end_is_not_told_is_not_taken_for_a_whole_one(
    server: ServerFactory, line: LineFactory
) -> None:
    def script(talk: Conversation, _request: Request) -> None:
        talk.send(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"acked":1}'
        )
        talk.end()

    assert causes(line(server(lambda _: script).url).call(ASK, 5)) == "unframed-body"


def test_a_handshake_that_hangs_ends_at_the_deadline(line: LineFactory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        result = line(f"https://127.0.0.1:{mute.getsockname()[1]}").call(ASK, 0.5)
        assert result == Unknown("no-answer-in-time", sent=False)
        assert time.monotonic() - begun < 2


def test_a_handshake_that_drips_ends_at_the_deadline(line: LineFactory) -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as mute:

        def drip() -> None:
            sock, _ = mute.accept()
            record = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\x00" + bytes(9000)
            with sock, contextlib.suppress(OSError):
                for byte in record:
                    sock.sendall(bytes([byte]))
                    if stop.wait(0.05):
                        return

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        result = line(f"https://127.0.0.1:{mute.getsockname()[1]}").call(ASK, 0.6)
        took = time.monotonic() - begun
        stop.set()
    assert isinstance(result, Unknown)
    assert not result.sent
    assert took < 2


def test_a_name_server_that_hangs_ends_at_the_deadline(
    line: LineFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    forever = threading.Event()

    def no_answer(*_arguments: object, **_options: object) -> list[object]:
        forever.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", no_answer)
    begun = time.monotonic()
    result = line("https://central.example").call(ASK, 0.4)
    forever.set()
    assert isinstance(result, Unknown)
    assert not result.sent
    assert time.monotonic() - begun < 2


def test_a_port_that_nobody_serves_was_surely_not_asked(line: LineFactory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert line(f"https://127.0.0.1:{port}").call(ASK, 2) == Unknown("unreachable", sent=False)


def test_a_reset_in_the_middle_of_the_answer_proves_nothing(server: ServerFactory, line: LineFactory) -> None:
    def script(talk: Conversation, _request: Request) -> None:
        talk.send(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"ack')
        talk.reset()

    result = line(server(lambda _: script).url).call(ASK, 5)
    assert isinstance(result, Unknown)
    assert result.sent
    assert not result.answered


def test_a_truncated_body_proves_nothing(server: ServerFactory, line: LineFactory) -> None:
    def script(talk: Conversation, _request: Request) -> None:
        talk.send(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"acked":1}'
        )
        talk.end()

    assert isinstance(line(server(lambda _: script).url).call(ASK, 5), Unknown)


def test_another_authoritys_central_is_not_believed(
    tmp_path: Path, server: ServerFactory, credentials: Credentials
) -> None:
    there = server(lambda _: as_json(200, {}))
    stranger = Authority(tmp_path / "stranger")
    ours = Line(there.url, Credentials(credentials.certificate, credentials.key, stranger.ca), "test")
    assert ours.call(ASK, 5) == Unknown("tls-refused", sent=False)
    assert there.seen == []


def test_a_machine_of_another_authority_gets_no_answer(
    tmp_path: Path, server: ServerFactory, credentials: Credentials
) -> None:
    there = server(lambda _: as_json(200, {}))
    certificate, key = Authority(tmp_path / "stranger").issue("kiosk")
    assert isinstance(
        Line(there.url, Credentials(certificate, key, credentials.ca), "test").call(ASK, 5), Unknown
    )
    assert there.seen == []


ANSWERS: dict[str, tuple[Script, Result]] = {
    "gone": (problem(410, "voided"), Refused("voided")),
    "reused": (problem(422, "key-reused"), Refused("key-reused")),
    "chain": (problem(409, "chain-broken"), Refused("chain-broken")),
    "in progress": (problem(409, "in-progress"), Unknown("status-409", answered=True)),
    "no code": (as_json(404, {"detail": "Not Found"}), Unknown("status-404", answered=True)),
    "portal": (
        lambda talk, _: talk.reply(200, CAPTIVE_PORTAL, "text/html"),
        Unknown("not-json"),
    ),
    "redirect": (
        lambda talk, _: talk.reply(302, b"", "text/html", Location="https://127.0.0.1:1/"),
        Unknown("status-302"),
    ),
    "busy": (
        lambda talk, _: talk.reply(503, b"", "text/plain", Retry_After="7"),
        Unknown("status-503", retry_after_s=7.0),
    ),
    "broken": (as_json(500, {}), Unknown("status-500", answered=True)),
    "accepted, not done": (as_json(202, {}), Unknown("status-202")),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_proves_what_it_proves(server: ServerFactory, line: LineFactory, name: str) -> None:
    script, expected = ANSWERS[name]
    assert line(server(lambda _: script).url).call(ASK, 5) == expected


def test_a_redirect_is_not_followed(server: ServerFactory, line: LineFactory) -> None:
    other = server(lambda _: as_json(200, {}))
    there = server(lambda _: lambda talk, _r: talk.reply(307, b"", "text/html", Location=other.url))
    line(there.url).call(ASK, 5)
    assert other.seen == []


def test_a_cookie_is_not_kept(server: ServerFactory, line: LineFactory) -> None:
    there = server(lambda _: as_json(200, {}, Set_Cookie="track=1; Path=/"))
    ours = line(there.url)
    ours.call(ASK, 5)
    ours.call(ASK, 5)
    assert "cookie" not in there.seen[1].headers


def test_a_body_past_the_cap_is_left_unread(server: ServerFactory, line: LineFactory) -> None:
    def script(talk: Conversation, _request: Request) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n")
        for _ in range(MAX_BODY_BYTES // 1024 * 64):
            talk.send(b" " * 1024)

    assert causes(line(server(lambda _: script).url).call(ASK, 5)) == "body-too-large"


def test_a_compressed_body_is_not_opened(server: ServerFactory, line: LineFactory) -> None:
    there = server(lambda _: lambda talk, _r: talk.reply(200, b"\x1f\x8b", Content_Encoding="gzip"))
    assert causes(line(there.url).call(ASK, 5)) == "encoded-body"


GARBAGE = {
    "noise": os.urandom(64) + b"\r\n\r\n",
    "nothing": b"",
    "no status": b"HTTP/1.1\r\n\r\n",
    "bad chunk": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n{}",
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_proves_nothing_and_the_next_call_works(
    server: ServerFactory, line: LineFactory, name: str
) -> None:
    def noise(talk: Conversation, _request: Request) -> None:
        talk.send(GARBAGE[name])
        talk.end()

    asked: list[Request] = []

    def script(request: Request) -> Script:
        asked.append(request)
        return noise if len(asked) == 1 else as_json(200, {})

    ours = line(server(script).url)
    assert isinstance(ours.call(ASK, 2), Unknown)
    assert isinstance(ours.call(ASK, 5), Done)


def test_nothing_of_a_body_is_logged(
    server: ServerFactory, line: LineFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    body = json.dumps({"sealed": "UkVTSURFTlQ="}).encode()
    there = server(lambda _: as_json(200, {"sealed": "UkVTSURFTlQ="}))
    line(there.url).call(Call("/v1/drafts", body, "k"), 5)
    assert "/v1/drafts" in caplog.text
    assert "UkVTSURFTlQ" not in caplog.text


def test_an_address_without_tls_is_not_called(credentials: Credentials) -> None:
    with pytest.raises(SettingsError, match="https"):
        Line("http://127.0.0.1:1", credentials, "test")


def test_a_machine_without_its_key_says_so_at_once(tmp_path: Path, credentials: Credentials) -> None:
    missing = Credentials(credentials.certificate, tmp_path / "kiosk.key", credentials.ca)
    with pytest.raises(SettingsError, match=r"kiosk\.key can't be read; enrol"):
        Line("https://127.0.0.1:1", missing, "test")
