"""Every call of the machines' interface and every page, with what no machine and no browser of ours would send: an
answer with a code, never a failure of central's.
"""

import asyncio
import base64
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from central.api.app import kiosk_api
from central.api.peer import Peer
from central.authority.keys import enrol, enrolled
from central.problems import ProblemError
from central.registers.lots import APARTMENTS, ONE_SHEET
from central.registers.residents import known
from central.services import open_services
from central.web.app import web_pages
from kiosk.protocol.central import DraftRequest, IssueRequest
from kiosk.protocol.claims import CLAIM_LINE, CLAIM_TYPE, ClaimsRequest
from kiosk.protocol.claims import PURPOSE as CLAIMS
from kiosk.protocol.identity import AskedLine, Identified, IdentityRequest
from tests.unit.central.citizen import FULL, ask, chip_of, nonce_for, request_of
from tests.unit.central.office import ALL, KIOSK, ORDER, Journal, Office, Worker, subject_of

WHOLE = st.sampled_from((0, 1, -1, 999, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30)) | st.integers()
ODD = (
    "",
    "\0",
    "\x1b[2J",
    "\u202e",
    "²",
    "٣",
    "१",
    "9" * 5_000,
    "-1",
    "1e9",
    "1_0",
    " 1",
    "../x",
    "<b>",
    "x" * 20_000,
    "가" * 3_000,
)
texts = st.sampled_from(ODD) | st.text(max_size=12)
names = st.sampled_from((ORDER, "k", "o:1")) | texts


def some(right: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """This, with values put in, taken out or altered."""
    keys = st.sampled_from([*right, "dong", "main", "unit", "lang", "floor"]) | texts
    altered = st.dictionaries(keys, texts | st.sampled_from([*right.values(), "all", "1"]), max_size=4)
    return altered.map(lambda other: {**right, **other}) | altered


class Line:
    """A machine's line to central's interface, in this process; what fails there fails the test as it was raised."""

    def __init__(self, office: Office) -> None:
        self._loop = asyncio.new_event_loop()
        enrol(office.folder, KIOSK, office.folder.data / "pki", office.now)
        self.services = self.run(open_services(office.folder, lambda: office.now))
        found = enrolled(office.folder, KIOSK)
        assert found is not None
        api = kiosk_api(self.services)

        async def with_certificate(scope: Scope, receive: Receive, send: Send) -> None:
            await api({**scope, "state": {"peer": Peer(KIOSK, found.serial)}}, receive, send)

        self._machines = httpx.ASGITransport(with_certificate, raise_app_exceptions=True)
        pages = web_pages(self.services, asyncio.Event())
        self._people = httpx.ASGITransport(pages, raise_app_exceptions=True)
        self.worker = Worker(self.services.keys.trust.sealing_key)
        self._chip = chip_of(office.folder, known.FAMILY, office.now)
        self._asked = 0

    def another_key(self) -> str:
        """One that was not used before."""
        self._asked += 1
        return f"key-{self._asked}"

    def token(self, line: AskedLine) -> bytes:
        """What somebody's card gets for this line; something else where central does not take such a line."""
        return bytes(self.run(self._token(line, self.another_key())))

    async def _token(self, line: AskedLine, key: str) -> bytes:
        nonce = await nonce_for(self.services, self.worker)
        request = request_of(self.worker, self._chip, nonce, (line,))
        try:
            answer = await ask(self.services, self.worker, request, key)
        except ProblemError:
            return b"x" * 32
        assert isinstance(answer, Identified)
        return answer.token

    def run(self, story: Any) -> Any:
        """Live through it."""
        return self._loop.run_until_complete(story)

    def post(self, path: str, body: Any, key: str = "k") -> int:
        """The status of a machine's call."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {b"content-type": b"application/json", b"idempotency-key": key.encode()}
        return self._call(self._machines, "POST", path, content=raw, headers=headers)

    def sealed(self, path: str, purpose: str, request: Any, header: str, /, **outside: Any) -> int:
        """The same of a call with something sealed inside."""
        line, kind = (request.line, request.type_code) if purpose in ("draft", "issue") else (0, "")
        line, kind = (CLAIM_LINE, CLAIM_TYPE) if purpose == CLAIMS else (line, kind)
        bytes_ = self.worker.seal(request, line, kind, purpose)
        body = {"kiosk": KIOSK, "order": ORDER, "sealed": base64.b64encode(bytes_).decode(), **outside}
        return self.post(path, body, header)

    def get(self, path: str) -> int:
        """The status of a machine's question."""
        return self._call(self._machines, "GET", path)

    def page(self, method: str, path: str, **more: Any) -> int:
        """The status of a person's page."""
        return self._call(self._people, method, path, **more)

    def _call(self, way: httpx.ASGITransport, method: str, path: str, **more: Any) -> int:
        async def call() -> int:
            async with httpx.AsyncClient(transport=way, base_url="http://central.example") as client:
                return (await client.request(method, path, **more)).status_code

        status: int = self.run(call())
        assert status < 500
        return status

    def close(self) -> None:
        """The office closes."""
        self.run(self.services.close())
        self._loop.close()


@pytest.fixture(scope="module")
def line(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One for all examples."""
    one = Line(Office(small_town, tmp_path_factory.mktemp("calls") / "data"))
    yield one
    one.close()


FOLDER = Path(__file__).resolve().parents[3] / "certs_templates"
TYPES = sorted(file.parent.name for file in FOLDER.glob("*/type.toml"))
subjects = st.just(subject_of(ONE_SHEET)) | st.just(subject_of(APARTMENTS)) | some(subject_of(ONE_SHEET))


def right_options(code: str) -> st.SearchStrategy[dict[str, str]]:
    """Options that this type has."""
    file = tomllib.loads((FOLDER / code / "catalogue.toml").read_text("utf-8"))
    choices = {one["code"]: [choice["code"] for choice in one["choices"]] for one in file.get("option", ())}
    return st.fixed_dictionaries({name: st.sampled_from(codes) for name, codes in choices.items()})


def as_asked(code: str) -> st.SearchStrategy[dict[str, Any]]:
    """A request for this type as a machine would send it, but for what is picked."""
    right = {"line": st.integers(1, 9), "type_code": st.just(code), "options": right_options(code)}
    of_lots = st.sampled_from((ONE_SHEET, APARTMENTS)).map(subject_of)
    rest = {"subject": st.just({}) | of_lots, "which": picks, "own_token": st.just(True)}
    return st.fixed_dictionaries({**right, **rest, "worker_key": st.none()})


picks = st.sampled_from(("", "land", "all", "b1", "b1/all", "b1/101/12/1203", "1", "b1/" * 50)) | texts
odd_asked = st.fixed_dictionaries(
    {
        "line": st.integers(0, 5) | WHOLE,
        "type_code": st.sampled_from(TYPES) | names,
        "subject": st.just({}) | subjects,
        "options": st.just({}) | st.just(ALL) | st.just(FULL) | some(ALL),
        "which": picks,
        "own_token": st.booleans(),
        "worker_key": st.sampled_from((None, None, None, None, b"", b"\0" * 32, b"x" * 33)),
    }
)


asked = st.sampled_from(TYPES).flatmap(as_asked) | odd_asked


def request_fields(line: Line, wish: dict[str, Any]) -> dict[str, Any]:
    """A wish as the fields of a sealed request."""
    fields = {name: value for name, value in wish.items() if name not in ("own_token", "worker_key")}
    signed = AskedLine(wish["line"], wish["type_code"], wish["subject"], wish["options"])
    token = line.token(signed) if wish["own_token"] else b"x" * 32
    key = line.worker.public if wish["worker_key"] is None else wish["worker_key"]
    return {**fields, "kiosk": KIOSK, "order": ORDER, "token": token, "worker_key": key}


@settings(max_examples=40)
@given(asked)
def test_any_draft_is_answered_or_refused(line: Line, wish: dict[str, Any]) -> None:
    request = DraftRequest(**request_fields(line, wish), lang="ko")
    outside = {"line": request.line, "type_code": request.type_code}
    line.sealed("/v1/drafts", "draft", request, "k", **outside)


@settings(max_examples=40)
@given(asked, names, st.integers(1, 3) | WHOLE, WHOLE, WHOLE, texts)
def test_any_issue_is_answered_or_refused(
    line: Line, wish: dict[str, Any], key: str, copy: int, sheets: int, fee: int, draft_hash: str
) -> None:
    key = f"{key}{line.another_key()}"
    more: dict[str, Any] = {"key": key, "copy": copy, "sheets": sheets, "fee": fee, "draft_hash": draft_hash}
    request = IssueRequest(**request_fields(line, wish), **more)
    outside = {"line": request.line, "type_code": request.type_code, "copy": copy, "key": key}
    line.sealed("/v1/issues", "issue", request, key, **outside)


@settings(max_examples=40)
@given(st.lists(asked, max_size=4), st.binary(max_size=40), st.binary(max_size=400), st.binary(max_size=80))
def test_any_identification_is_answered_or_refused(
    line: Line, wishes: list[dict[str, Any]], nonce: bytes, certificate: bytes, signature: bytes
) -> None:
    lines = tuple(
        AskedLine(wish["line"], wish["type_code"], wish["subject"], wish["options"]) for wish in wishes
    )
    request = IdentityRequest(KIOSK, ORDER, lines, line.worker.public, nonce, certificate, signature)
    line.sealed("/v1/identities", "identity", request, line.another_key())


@settings(max_examples=40)
@given(asked, WHOLE)
def test_any_question_for_money_is_answered_or_refused(line: Line, wish: dict[str, Any], most: int) -> None:
    fields = request_fields(line, wish)
    del fields["which"]
    line.sealed("/v1/claims", CLAIMS, ClaimsRequest(**fields, most=most), "k")


@settings(max_examples=40)
@given(names)
def test_any_order_may_ask_for_a_nonce(line: Line, order: str) -> None:
    line.post("/v1/challenges", {"kiosk": KIOSK, "order": order})


@settings(max_examples=50)
@given(
    st.fixed_dictionaries(
        {"kiosk": st.just(KIOSK), "at_ms": WHOLE, "state": texts},
        optional={
            "uptime_s": WHOLE,
            "journal_seq": WHOLE,
            "journal_head": texts,
            "catalogue": texts,
            "counters": st.dictionaries(texts, WHOLE, max_size=3),
            "devices": st.lists(st.fixed_dictionaries({"device": texts, "state": texts}), max_size=3),
            "outbox": WHOLE,
        },
    )
)
@example({"kiosk": KIOSK, "at_ms": 10**5_000, "state": "ready"})
@example({"kiosk": KIOSK, "at_ms": 0, "state": "ready", "counters": {"hopper": -(10**300)}})
def test_any_heartbeat_is_taken_whatever_its_numbers_and_the_page_is_there_after_it(
    line: Line, beat: dict[str, Any]
) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # of the writer's side only
    raw = json.dumps(beat).encode()
    sys.set_int_max_str_digits(before)
    assert line.post("/v1/heartbeat", raw) == 200
    assert line.page("GET", "/") == 200


DEEP = 50_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b"1e400",
        b"-" + b"9" * 5_000,
        b"0." + b"1" * 5_000,
        b'{"order":"o","order":"p"}',
        b'"\xed\xa0\x80"',
        b"nul",
        b"",
    ],
    ids=[
        "lists",
        "objects",
        "surrogate",
        "surrogates",
        "infinite",
        "long",
        "fraction",
        "twice",
        "utf-8",
        "cut",
        "none",
    ],
)
@pytest.mark.parametrize("kind", ["boot", "order-opened"])
def test_a_journal_row_of_any_body_is_refused_or_taken(line: Line, kind: str, body: bytes) -> None:
    row = {**json.loads(msgspec.json.encode(Journal().row(kind, {}))), "body": 0}
    raw = msgspec.json.encode({"kiosk": KIOSK, "rows": [row]}).replace(b'"body":0', b'"body":' + body)
    assert 400 <= line.post("/v1/events", raw) < 500


@settings(max_examples=50)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "seq": WHOLE,
            "boot": texts,
            "at_ms": WHOLE,
            "mono_ms": WHOLE,
            "kind": texts,
            "prev": texts,
            "hash": texts,
        },
    )
)
def test_a_journal_row_of_any_fields_is_refused_or_taken(line: Line, other: dict[str, Any]) -> None:
    row = json.loads(msgspec.json.encode(Journal().row("boot", {}))) | {"body": {}} | other
    line.post("/v1/events", {"kiosk": KIOSK, "rows": [row] * 2})


@settings(max_examples=40)
@given(texts)
def test_any_name_in_an_address_is_found_or_not(line: Line, text: str) -> None:
    name = quote(text[:300], safe="")
    line.get(f"/v1/journal?after={name}")
    for folder in ("metadata", "targets"):
        line.get(f"/v1/bundles/{folder}/{name}")
    for page in ("/", "/verify", "/static/", "/"):
        line.page("GET", f"{page}{name}" if page != "/" else f"/?{name}")


@settings(max_examples=40)
@given(texts, st.binary(max_size=200), st.sampled_from(("number", "picture", "other")))
def test_any_form_is_answered(line: Line, number: str, picture: bytes, field: str) -> None:
    line.page("POST", "/verify", files={field: (None, number.encode())})
    line.page("POST", "/verify", files={"picture": (number[:50] or "x", picture)})
    line.page("POST", "/verify", content=picture, headers={"content-type": "multipart/form-data; boundary=x"})
    line.page(
        "POST", "/verify", content=picture, headers={"content-type": "application/x-www-form-urlencoded"}
    )
