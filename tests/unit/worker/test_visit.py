"""The worker refuses every answer that is not exactly what was asked for, drafted and paid."""

import io
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import msgspec
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.protocol import central
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.screen import Row
from kiosk.protocol.seal import make_seal
from kiosk.protocol.worker import BeginVisit, DraftReady, MakeDraft, MakeIssue, OpenDraft, OpenIssue, Prepared
from kiosk.worker.press import Press
from kiosk.worker.program import Session, Workshop
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.screens import Grounds
from kiosk.worker.underlay import DATA_KEY, GROUND_KEY
from kiosk.worker.visit import Visit
from tests import authority
from tests.authority import (
    KID,
    KIOSK,
    NOW,
    NUMBER,
    ORDER,
    SIGNING,
    TEMPLATES,
    TRUST,
    payload_for,
    sample,
    seal_for,
    subject_of,
)

DATA = sample()
LONG = sample("land/sample_long.json")
KEY = "o-20261123-1-1-1"


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


@pytest.fixture
def visit(press: Renderer) -> Visit:
    return Visit(BeginVisit(KIOSK, ORDER), TEMPLATES, TRUST, press, lambda: NOW)


def ask(visit: Visit, data: dict[str, Any] = DATA, line: int = 1, lang: str = "ko") -> tuple[bytes, bytes]:
    """The sealed draft request and the worker's key, as central gets them."""
    sealed = visit.make_draft(
        MakeDraft("r1", line, "land", subject_of(data), {"history": "all"}, lang)
    ).sealed
    return sealed, authority.open_draft_request(sealed, line).worker_key


def draft(visit: Visit, data: dict[str, Any] = DATA, **other: Any) -> DraftReady:
    sealed, key = ask(visit, data)
    answer = authority.answer(sealed, key, authority.draft_for(data, **other), "draft")
    ready = visit.open_draft(OpenDraft("r2", 1, answer))
    assert isinstance(ready, DraftReady)
    return ready


def issue(visit: Visit, data: dict[str, Any] = DATA, **other: Any) -> Prepared:
    sealed = visit.make_issue(MakeIssue("r3", 1, 1, KEY)).sealed
    request = authority.open_issue_request(sealed)
    answer = authority.answer(
        sealed, request.worker_key, authority.document_for(request, data, **other), "issue"
    )
    return visit.open_issue(OpenIssue("r4", KEY, NUMBER, answer))


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(WorkError) as refused:
        act()
    return refused.value.code


# --- the way it should go ---


@pytest.mark.parametrize(
    ("data", "sheets", "fee"), [(DATA, 1, 500), (LONG, 3, 700)], ids=["one-sheet", "three-sheets"]
)
def test_a_draft_tells_sheets_and_fee_and_its_issue_is_prepared(
    visit: Visit, data: dict[str, Any], sheets: int, fee: int
) -> None:
    ready = draft(visit, data)
    assert (ready.sheets, ready.fee, ready.waiver, ready.draft_hash) == (sheets, fee, "", content_hash(data))
    assert issue(visit, data) == Prepared("r4", KEY, NUMBER, sheets, content_hash(data))
    assert visit.document(KEY).startswith(b"%PDF")


class Watched:
    """A press that keeps what it set; a channel that keeps what was said."""

    def __init__(self, press: Renderer) -> None:
        self._press = press
        self.set: list[bytes] = []
        self.said: list[Any] = []

    def render(self, job: RenderJob) -> bytes:
        self.set.append(self._press.render(job))
        return self.set[-1]

    def start(self, on_message: Callable[..., None], on_close: Callable[[], None]) -> None:
        """Nothing is read here."""

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        self.said.append(message)
        return True


@pytest.mark.parametrize(
    ("printer", "screens"), [("urn:uuid:1", "2/6 4/20"), ("urn:uuid:2", "2/8 4/24"), ("", "2/8 4/24")]
)
def test_the_printers_own_screens_are_under_its_pages(press: Renderer, printer: str, screens: str) -> None:
    watched = Watched(press)
    grounds = Grounds({"urn:uuid:1": "2/6 4/20"})
    shop = Workshop(TEMPLATES, lambda: TRUST, cast("Press", watched), grounds=grounds)
    desk = Session(watched, shop, lambda: NOW)
    desk.take(BeginVisit(KIOSK, ORDER, printer))
    desk.take(MakeDraft("r1", 1, "land", subject_of(DATA), {"history": "all"}, "ko"))
    sealed = watched.said[-1].sealed
    key = authority.open_draft_request(sealed).worker_key
    desk.take(OpenDraft("r2", 1, authority.answer(sealed, key, authority.draft_for(DATA), "draft")))
    desk.take(MakeIssue("r3", 1, 1, KEY))
    sealed = watched.said[-1].sealed
    document = authority.document_for(authority.open_issue_request(sealed), DATA)
    desk.take(OpenIssue("r4", KEY, NUMBER, authority.answer(sealed, key, document, "issue")))
    assert isinstance(watched.said[-1], Prepared)
    with pikepdf.open(io.BytesIO(watched.set[-1])) as pdf:
        assert pdf.Root["/PieceInfo"][DATA_KEY][GROUND_KEY] == screens


def test_the_issue_request_says_what_was_shown_and_paid_for(visit: Visit) -> None:
    draft(visit, LONG)
    request = authority.open_issue_request(visit.make_issue(MakeIssue("r3", 1, 2, KEY)).sealed)
    assert (request.draft_hash, request.sheets, request.fee) == (content_hash(LONG), 3, 700)
    assert (request.kiosk, request.order, request.line, request.copy, request.key) == (
        KIOSK,
        ORDER,
        1,
        2,
        KEY,
    )
    assert (request.subject, request.options) == (subject_of(LONG), {"history": "all"})


def test_a_waiver_makes_it_free_and_the_summary_speaks_the_visits_language(visit: Visit) -> None:
    sealed, key = ask(visit, lang="en")
    quote = central.Quote(500, waiver="merit")
    answer = authority.answer(sealed, key, authority.draft_for(DATA, quote=quote), "draft")
    ready = visit.open_draft(OpenDraft("r2", 1, answer))
    assert isinstance(ready, DraftReady)
    assert (ready.fee, ready.waiver) == (0, "merit")
    assert ready.summary[1] == Row("Lot number", "60")


def test_what_central_wants_the_citizen_to_read_is_passed_on(visit: Visit) -> None:
    sealed, key = ask(visit)
    draft = msgspec.structs.replace(authority.draft_for(DATA), notes=(central.WAIVER_UNKNOWN,))
    ready = visit.open_draft(OpenDraft("r2", 1, authority.answer(sealed, key, draft, "draft")))
    assert isinstance(ready, DraftReady)
    assert ready.notes == ("waiver-unknown",)


def test_the_summary_names_no_owner(visit: Visit) -> None:
    assert "한빛" not in str(draft(visit).summary)


def test_central_may_refuse_and_its_code_is_passed_on(visit: Visit) -> None:
    sealed, key = ask(visit)
    answer = authority.answer(sealed, key, central.Refusal(1, "parcel-not-found"), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == "parcel-not-found"


def test_two_copies_of_a_line_are_two_documents(visit: Visit) -> None:
    draft(visit)
    for copy in (1, 2):
        key, number = f"{KEY}{copy}", f"{copy:016d}"
        sealed = visit.make_issue(MakeIssue("r3", 1, copy, key)).sealed
        request = authority.open_issue_request(sealed)
        document = authority.document_for(request, DATA, number=number, seal=seal_for(DATA, number=number))
        answer = authority.answer(sealed, request.worker_key, document, "issue")
        assert visit.open_issue(OpenIssue("r4", key, number, answer)).number == number
    assert visit.document(f"{KEY}1") != visit.document(f"{KEY}2")


# --- drafts that are not what was asked for ---


def test_an_answer_to_another_request_does_not_open(visit: Visit) -> None:
    first, key = ask(visit)
    ask(visit)
    answer = authority.answer(first, key, authority.draft_for(DATA), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == Code.ANSWER_INVALID


def test_an_answer_to_another_worker_does_not_open(visit: Visit, press: Renderer) -> None:
    other = Visit(BeginVisit(KIOSK, ORDER), TEMPLATES, TRUST, press, lambda: NOW)
    _, stranger = ask(other)
    sealed, _ = ask(visit)
    answer = authority.answer(sealed, stranger, authority.draft_for(DATA), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == Code.ANSWER_INVALID


@pytest.mark.parametrize("junk", [b"", b"junk", b"\0" * 200])
def test_junk_does_not_open(visit: Visit, junk: bytes) -> None:
    ask(visit)
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, junk))) == Code.ANSWER_INVALID


def test_a_sealed_message_of_another_kind_is_refused(visit: Visit) -> None:
    sealed, key = ask(visit)
    answer = authority.answer(sealed, key, central.SealedAnswer(b""), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == Code.ANSWER_INVALID


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"line": 2}, Code.ANSWER_MISMATCH),
        ({"type_code": "forest"}, Code.ANSWER_MISMATCH),
        ({"template": "land/2"}, Code.TEMPLATE_UNKNOWN),
        ({"template": "forest/1"}, Code.TEMPLATE_UNKNOWN),
        ({"draft_hash": "0" * 64}, Code.ANSWER_MISMATCH),
        ({"asked": "0" * 64}, Code.ANSWER_MISMATCH),
        ({"subject": "0" * 64}, Code.SUBJECT_MISMATCH),
        ({"form": "0" * 64}, Code.FORM_MISMATCH),
        ({"data": {**DATA, "extra": "x"}}, Code.DATA_INVALID),
        ({"data": LONG}, Code.SUBJECT_MISMATCH),
        ({"data": {**DATA, "note": "가\u202e나"}}, Code.TEXT_UNPRINTABLE),
    ],
    ids=[
        "line",
        "type",
        "version",
        "form",
        "hash",
        "request",
        "person",
        "form-digest",
        "field",
        "parcel",
        "direction",
    ],
)
def test_a_draft_that_does_not_fit_the_question_is_refused(
    visit: Visit, other: dict[str, Any], code: Code
) -> None:
    sealed, key = ask(visit)
    other = dict(other)
    answer = authority.answer(sealed, key, authority.draft_for(other.pop("data", DATA), **other), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == code


@pytest.mark.parametrize(
    "asked", [{}, {"dong": "1156011000"}, {"dong": "x", "mountain": "0", "main": "60", "sub": "0"}]
)
def test_a_draft_without_a_whole_parcel_in_the_question_is_refused(
    visit: Visit, asked: dict[str, str]
) -> None:
    sealed = visit.make_draft(MakeDraft("r1", 1, "land", asked, {})).sealed
    key = authority.open_draft_request(sealed).worker_key
    answer = authority.answer(sealed, key, authority.draft_for(DATA), "draft")
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, answer))) == Code.SUBJECT_MISMATCH


def test_a_name_that_no_font_has_is_known_before_the_fee(visit: Visit) -> None:
    data = msgspec.json.decode(msgspec.json.encode(DATA))
    data["owners"][0]["name"] = "\U0002a70e"
    assert code_of(lambda: draft(visit, data)) == Code.TEXT_UNPRINTABLE


def test_more_sheets_than_the_form_allows_are_known_before_the_fee(press: Renderer) -> None:
    short = {name: replace(form, max_sheets=2) for name, form in TEMPLATES.items()}
    visit = Visit(BeginVisit(KIOSK, ORDER), short, TRUST, press, lambda: NOW)
    assert code_of(lambda: draft(visit, LONG)) == Code.TOO_MANY_SHEETS


# --- documents that are not the draft's ---


def sealed_as(**other: Any) -> dict[str, Any]:
    return {"seal": seal_for(DATA, **other)}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"key": "another"}, Code.ANSWER_MISMATCH),
        ({"order": "another"}, Code.ANSWER_MISMATCH),
        ({"line": 2}, Code.ANSWER_MISMATCH),
        ({"asked": "0" * 64}, Code.ANSWER_MISMATCH),
        ({"form": "0" * 64}, Code.FORM_MISMATCH),
        ({"number": "1111222233334444"}, Code.ANSWER_MISMATCH),
        ({"template": "land/2"}, Code.ANSWER_MISMATCH),
        ({"type_code": "forest"}, Code.ANSWER_MISMATCH),
        ({"office": "부산광역시장"}, Code.ANSWER_MISMATCH),
        ({"data": {**DATA, "note": "x"}}, Code.DRAFT_CHANGED),
        ({"data": LONG}, Code.DRAFT_CHANGED),
        ({"sheets": 2}, Code.SHEETS_CHANGED),
        ({"seal": "KC1:"}, Code.SEAL_INVALID),
        (sealed_as(number="1111222233334444"), Code.SEAL_INVALID),
        (sealed_as(pages=2), Code.SEAL_INVALID),
        (sealed_as(type_code="forest"), Code.SEAL_INVALID),
        (sealed_as(content="0" * 32), Code.SEAL_INVALID),
        (sealed_as(kiosk="YD-63-02"), Code.SEAL_INVALID),
        (sealed_as(subject=("서울특별시 영등포구 여의도동", "61")), Code.SEAL_INVALID),
        (sealed_as(template="land/2"), Code.SEAL_INVALID),
        (sealed_as(issued_at=NOW - 3600), Code.SEAL_INVALID),
        (sealed_as(expires_at=NOW - 1), Code.SEAL_INVALID),
        ({"issued_at": "yesterday"}, Code.ANSWER_INVALID),
        ({"issued_at": "2026-11-23T14:12:33"}, Code.ANSWER_INVALID),
    ],
)
def test_a_document_that_is_not_the_drafts_is_refused(
    visit: Visit, other: dict[str, Any], code: Code
) -> None:
    draft(visit)
    other = dict(other)
    data = other.pop("data", DATA)
    assert code_of(lambda: issue(visit, data, **other)) == code
    assert code_of(lambda: visit.document(KEY)) == Code.NOT_DRAFTED


def test_a_seal_of_a_key_that_nobody_trusts_is_refused(visit: Visit) -> None:
    draft(visit)
    forged = make_seal(payload_for(DATA), ec.derive_private_key(9, ec.SECP256R1()), KID)
    assert code_of(lambda: issue(visit, seal=forged)) == Code.SEAL_INVALID
    assert (
        code_of(lambda: issue(visit, seal=make_seal(payload_for(DATA), SIGNING, "00" * 8)))
        == Code.SEAL_INVALID
    )


def test_nothing_is_issued_that_was_not_drafted(visit: Visit) -> None:
    assert code_of(lambda: visit.make_issue(MakeIssue("r3", 1, 1, KEY))) == Code.NOT_DRAFTED
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 7, b""))) == Code.NOT_DRAFTED
    assert code_of(lambda: visit.open_issue(OpenIssue("r4", KEY, NUMBER, b""))) == Code.NOT_DRAFTED
    ask(visit)
    assert code_of(lambda: visit.make_issue(MakeIssue("r3", 1, 1, KEY))) == Code.NOT_DRAFTED


def test_a_document_that_has_gone_to_the_printer_is_forgotten(visit: Visit) -> None:
    draft(visit)
    issue(visit)
    visit.forget(KEY)
    assert code_of(lambda: visit.document(KEY)) == Code.NOT_DRAFTED
