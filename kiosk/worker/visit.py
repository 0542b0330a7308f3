"""What the worker does for one visit: ask for drafts and documents, open, check, set and read them back.

It holds the only key that opens central's answers and ends with the process. Nothing here reads a clock or a file.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from kiosk.protocol import central, claims, sealing
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.screen import Row
from kiosk.protocol.seal import SealPayload, SealState, content_prefix, read_seal
from kiosk.protocol.trust import TrustList
from kiosk.protocol.worker import (
    BeginVisit,
    ClaimsKnown,
    DraftChoice,
    DraftReady,
    HolderKnown,
    MakeClaims,
    MakeDraft,
    MakeIssue,
    OpenClaims,
    OpenDraft,
    OpenIdentity,
    OpenIssue,
    Prepared,
    SealedRequest,
)
from kiosk.worker.card import NO_READERS, Transport
from kiosk.worker.choices import check_choice
from kiosk.worker.contents import check_contents
from kiosk.worker.identification import Identification
from kiosk.worker.likeness import check_likeness, marks_of
from kiosk.worker.read_back import Pages, expected_of, read_back, read_draft
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import RenderJob
from kiosk.worker.subjects import (
    NOBODY,
    Holder,
    check_options,
    check_record,
    check_subject,
    check_which,
    subject_of,
)
from kiosk.worker.summary import summary_rows
from kiosk.worker.templates import Template


class Typesetter(Protocol):
    """Sets a document in type."""

    def render(self, job: RenderJob) -> bytes:
        """The PDF. Raises WorkError."""


class Line:
    """One line of the order as far as it has come. `token` and `holder` are those it was asked for with: what a later
    card says is about later lines. `digest` is its request's. `pages`: what stands where on its draft.
    """

    def __init__(self, asked: MakeDraft, sealed: bytes, digest: str, token: bytes, holder: Holder) -> None:
        self.asked = asked
        self.sealed = sealed
        self.digest = digest
        self.token = token
        self.holder = holder
        self.draft: central.Draft | None = None
        self.pages: Pages = ()
        self.fee = 0

    @property
    def sheets(self) -> int:
        """How many pages the draft has."""
        return len(self.pages)


class Issue:
    """One copy of a line on its way to paper. `digest` is its request's."""

    def __init__(self, line: Line, sealed: bytes, digest: str) -> None:
        self.line = line
        self.sealed = sealed
        self.digest = digest
        self.pdf: bytes | None = None


class Means(NamedTuple):
    """What it is made with besides: the bundle's version, and the void ground of the printer that is there."""

    version: int = 0
    ground: str = ""


PLAIN: Final = Means()


class Visit:
    """One citizen's documents, from BeginVisit to the end of the process. Methods raise WorkError for a refusal."""

    def __init__(
        self,
        begin: BeginVisit,
        templates: dict[str, Template],
        trust: TrustList,
        typesetter: Typesetter,
        now: Callable[[], int],
        readers: Transport = NO_READERS,
        means: Means = PLAIN,
    ) -> None:
        self._version, self._ground = means
        self._kiosk, self._order = begin.kiosk, begin.order
        self._templates, self._trust, self._typesetter, self._now = templates, trust, typesetter, now
        self._private, self._public = sealing.new_key()
        self._holder = NOBODY
        self._claims = b""
        self.who = Identification(
            begin.kiosk, begin.order, self._private, self._public, trust.sealing_key, readers, now
        )
        self._lines: dict[int, Line] = {}
        self._issues: dict[str, Issue] = {}

    def identified(self, holder: Holder) -> None:
        """Whom the card identified: a person's draft has to be about this one. Before this none is."""
        self._holder = holder

    def open_identity(self, message: OpenIdentity) -> HolderKnown:
        """Central's word on whose card it is."""
        known = self.who.open_answer(message)
        self.identified(Holder(known.subject, known.masked_name))
        return known

    def make_draft(self, asked: MakeDraft) -> SealedRequest:
        """Seal the question for central."""
        token = self.who.token_for(asked.type_code, asked.subject, asked.options)
        request = central.DraftRequest(
            kiosk=self._kiosk,
            order=self._order,
            line=asked.line,
            type_code=asked.type_code,
            subject=asked.subject,
            options=asked.options,
            lang=asked.lang,
            worker_key=self._public,
            token=token,
            which=asked.which,
        )
        sealed = self._seal(request, asked.line, asked.type_code, "draft")
        digest = central.request_digest(request)
        self._lines[asked.line] = Line(asked, sealed, digest, token, self._holder)
        return SealedRequest(asked.request, sealed)

    def open_draft(self, message: OpenDraft) -> DraftReady | DraftChoice:
        """Open, check and lay out central's answer: how many sheets, what fee; or among what to choose first."""
        line = self._line(message.line)
        asked = line.asked
        plain = self._open(message.sealed, line, "draft", line.sealed)
        answer = _decode(plain, central.DraftAnswer)
        if answer.line != asked.line:
            raise WorkError(Code.ANSWER_MISMATCH, "another line")
        if isinstance(answer, central.Refusal):
            raise WorkError(answer.code)
        if answer.asked != line.digest:
            raise WorkError(Code.ANSWER_MISMATCH, "the draft was made from another request")
        if isinstance(answer, central.Choice):
            return self._several(message, answer, line)
        if not self._trust.vouches(answer.sealed_by, self._now()):
            raise WorkError(Code.TRUST_STALE, f"list {self._trust.version}, key {answer.sealed_by[:16]}")
        if answer.minimum > self._version:
            raise WorkError(Code.CATALOGUE_STALE, f"bundle {self._version}, at least {answer.minimum}")
        template = self._template(answer.template, answer.form, asked.type_code, answer.type_code)
        check_contents(template, answer.data)
        check_subject(template, answer.data, asked.subject, line.holder)
        check_which(template, answer.data, asked.which)
        check_record(template, answer.subject, line.holder)
        check_options(answer.data, asked.options)
        if content_hash(answer.data) != answer.draft_hash:
            raise WorkError(Code.ANSWER_MISMATCH, "the draft's hash is not its data's")
        draft = self._typesetter.render(RenderJob(template.id, answer.data, form=template.digest))
        pages = read_draft(draft, template, answer.data)
        sheets = len(pages)
        if sheets > template.max_sheets:
            raise WorkError(Code.TOO_MANY_SHEETS, str(sheets))
        line.draft, line.pages, line.fee = answer, pages, answer.quote.fee(sheets)
        return DraftReady(
            request=message.request,
            line=asked.line,
            sheets=sheets,
            fee=line.fee,
            waiver=answer.quote.waiver,
            draft_hash=answer.draft_hash,
            summary=tuple(
                Row(label, value) for label, value in summary_rows(template, answer.data, asked.lang)
            ),
            notes=answer.notes,
        )

    def _several(self, message: OpenDraft, answer: central.Choice, line: Line) -> DraftChoice:
        """What there is to choose from: of the line's own type, and of nobody but the holder."""
        asked = line.asked
        if answer.type_code != asked.type_code:
            raise WorkError(Code.ANSWER_MISMATCH, "another type of certificate")
        template = next((form for form in self._templates.values() if form.code == asked.type_code), None)
        if template is None:
            raise WorkError(Code.TEMPLATE_UNKNOWN, asked.type_code)
        check_record(template, answer.subject, line.holder)
        check_choice(answer)
        return DraftChoice(message.request, asked.line, answer.what, answer.offered)

    def make_issue(self, message: MakeIssue) -> SealedRequest:
        """Seal the request for one copy of what was drafted, shown and paid for."""
        line, draft = self._drafted(message.line)
        request = central.IssueRequest(
            kiosk=self._kiosk,
            order=self._order,
            line=message.line,
            copy=message.copy,
            key=message.key,
            type_code=draft.type_code,
            subject=line.asked.subject,
            options=line.asked.options,
            draft_hash=draft.draft_hash,
            sheets=line.sheets,
            fee=line.fee,
            worker_key=self._public,
            token=line.token,
            which=line.asked.which,
        )
        sealed = self._seal(request, message.line, draft.type_code, "issue")
        self._issues[message.key] = Issue(line, sealed, central.request_digest(request))
        return SealedRequest(message.request, sealed)

    def open_issue(self, message: OpenIssue) -> Prepared:
        """Open central's document, hold it against the draft and its seal, set it, read it back."""
        issue = self._issues.get(message.key)
        if issue is None or issue.line.draft is None:
            raise WorkError(Code.NOT_DRAFTED, "no such issue in this visit")
        line, draft = issue.line, issue.line.draft
        plain = self._open(message.sealed, line, "issue", issue.sealed)
        document = _decode(plain, central.IssuedDocument)
        if (document.order, document.line, document.asked) != (self._order, line.asked.line, issue.digest):
            raise WorkError(Code.ANSWER_MISMATCH, "the document was made from another request")
        _check_document(document, message, draft, line.sheets)
        template = self._template(document.template, document.form, draft.type_code, document.type_code)
        payload = self._checked_seal(document, template)
        job = RenderJob(template.id, document.data, payload, document.seal, template.digest, self._ground)
        pdf = self._typesetter.render(job)
        expected = expected_of(template, document.data, payload, document.seal, self._ground)
        check_likeness(read_back(pdf, expected), line.pages, marks_of(template, document.data, expected))
        issue.pdf = pdf
        return Prepared(message.request, message.key, document.number, line.sheets, draft.draft_hash)

    def make_claims(self, message: MakeClaims) -> SealedRequest:
        """Seal the question what is owed to the holder, for whom the card has signed just that."""
        line = claims.asked_line()
        token = self.who.token_for(line.type_code, line.subject, line.options)
        if not token:
            raise WorkError(Code.OUT_OF_ORDER, "nobody was identified for claims")
        request = claims.ClaimsRequest(self._kiosk, self._order, self._public, token, message.most)
        self._claims = self._seal(request, line.line, line.type_code, claims.PURPOSE)
        return SealedRequest(message.request, self._claims)

    def open_claims(self, message: OpenClaims) -> ClaimsKnown:
        """Central's answer to it."""
        if not self._claims:
            raise WorkError(Code.OUT_OF_ORDER, "nothing was asked")
        info = sealing.answer_info(
            self._kiosk, self._order, claims.CLAIM_LINE, claims.CLAIM_TYPE, claims.PURPOSE, self._claims
        )
        try:
            plain = sealing.open_sealed(self._private, message.sealed, info)
        except sealing.SealingError as error:
            raise WorkError(Code.ANSWER_INVALID, str(error)) from error
        answer: claims.ClaimsAnswer = _decode(plain, claims.ClaimsAnswer)
        return ClaimsKnown(message.request, answer.held, answer.code)

    def document(self, key: str) -> bytes:
        """A prepared document, for the printer."""
        issue = self._issues.get(key)
        if issue is None or issue.pdf is None:
            raise WorkError(Code.NOT_DRAFTED, "no such document is prepared")
        return issue.pdf

    def forget(self, key: str) -> None:
        """The document has gone to the printer, or may have: it can't be sent a second time."""
        self._issues.pop(key, None)

    def _seal(self, request: msgspec.Struct, line: int, type_code: str, purpose: str) -> bytes:
        info = sealing.request_info(self._kiosk, self._order, line, type_code, purpose)
        return sealing.seal(self._trust.sealing_key, msgspec.json.encode(request), info)

    def _open(self, sealed: bytes, line: Line, purpose: str, request: bytes) -> bytes:
        asked = line.asked
        info = sealing.answer_info(self._kiosk, self._order, asked.line, asked.type_code, purpose, request)
        try:
            return sealing.open_sealed(self._private, sealed, info)
        except sealing.SealingError as error:
            raise WorkError(Code.ANSWER_INVALID, str(error)) from error

    def _line(self, number: int) -> Line:
        line = self._lines.get(number)
        if line is None:
            raise WorkError(Code.NOT_DRAFTED, "no such line in this visit")
        return line

    def _drafted(self, number: int) -> tuple[Line, central.Draft]:
        line = self._line(number)
        if line.draft is None:
            raise WorkError(Code.NOT_DRAFTED, "this line has no draft")
        return line, line.draft

    def _template(self, template_id: str, form: str, asked_type: str, answered_type: str) -> Template:
        """This machine's form of that name, made of the same as central's."""
        if answered_type != asked_type:
            raise WorkError(Code.ANSWER_MISMATCH, "another type of certificate")
        template = self._templates.get(template_id)
        if template is None or template.code != asked_type:
            raise WorkError(Code.TEMPLATE_UNKNOWN, template_id)
        if form != template.digest:
            raise WorkError(Code.FORM_MISMATCH, template_id)
        return template

    def _checked_seal(self, document: central.IssuedDocument, template: Template) -> SealPayload:
        """The seal is genuine and speaks of this very document, machine and time."""
        verdict = read_seal(document.seal, self._trust, self._now())
        if verdict.state is not SealState.GENUINE or verdict.payload is None:
            raise WorkError(Code.SEAL_INVALID, f"{verdict.state}: {verdict.reason}")
        payload = verdict.payload
        bound = {
            "number": (payload.number, document.number),
            "type": (payload.type_code, document.type_code),
            "template": (payload.template, document.template),
            "pages": (payload.pages, document.sheets),
            "content": (payload.content, content_prefix(content_hash(document.data))),
            "kiosk": (payload.kiosk, self._kiosk),
            "subject": (payload.subject, subject_of(template, document.data)),
            "issued_at": (payload.issued_at, _seconds(document.issued_at)),
            "verify_until": (payload.expires_at, _seconds(document.verify_until)),
        }
        if wrong := [name for name, (sealed, said) in bound.items() if sealed != said]:
            raise WorkError(Code.SEAL_INVALID, f"the seal is for another document: {', '.join(wrong)}")
        return payload


def _decode(plain: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(plain, type=kind)
    except NOT_JSON as error:
        raise WorkError(Code.ANSWER_INVALID, "not a message of this protocol") from error


def _check_document(
    document: central.IssuedDocument, asked: OpenIssue, draft: central.Draft, sheets: int
) -> None:
    """The document is the one that this key stands for, with the draft's data."""
    if document.key != asked.key or document.number != asked.number or document.template != draft.template:
        raise WorkError(Code.ANSWER_MISMATCH, "another key, number or form")
    if content_hash(document.data) != draft.draft_hash:
        raise WorkError(Code.DRAFT_CHANGED)
    if document.sheets != sheets:
        raise WorkError(Code.SHEETS_CHANGED, f"{document.sheets} instead of {sheets}")
    if document.office != document.data["office"]:
        raise WorkError(Code.ANSWER_MISMATCH, "another office than the data's")


def _seconds(moment: str) -> int:
    """RFC 3339 as seconds since 1970. Raises WorkError."""
    try:
        time = datetime.fromisoformat(moment)
        if time.tzinfo is None:
            raise ValueError("no zone")
        return round(time.timestamp())
    except (ValueError, OverflowError) as error:
        raise WorkError(Code.ANSWER_INVALID, "a time that is not RFC 3339") from error
