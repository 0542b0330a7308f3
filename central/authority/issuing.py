"""Issues: a document number and a seal for what the citizen saw and paid for, once for one key, for ever.

The answer is committed before it leaves: whoever asks again with the same key and body gets the same bytes, also after
a crash. A key that was declared void never issues.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, insert, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.authority.document import make_document
from central.authority.drafting import Drafting, Found
from central.authority.envelope import open_issue, seal_answer
from central.authority.keys import Keys
from central.authority.numbers import draw_number
from central.authority.repertoire import Repertoire
from central.authority.retention import retain_until
from central.authority.terms import verify_until
from central.clock import Clock, to_ms
from central.problems import ProblemError
from central.registers.refusal import RefusedError, WhichError
from central.store.database import Database
from central.store.schema import LIVING, issue
from kiosk.protocol.central import WAIVER_UNKNOWN, IssueCall, IssueReply, IssueRequest
from kiosk.protocol.certificates import UNNAMED

MAX_SHEETS = 200

# Code -> status and next step.
_REFUSALS = {
    "voided": (410, "this key was declared void; the document does not exist"),
    "key-reused": (422, "this key was used for another request; take a new key"),
    "in-progress": (409, "the first request with this key is being answered; ask again"),
    "already-issued": (409, "this copy has a document already; declare it void first"),
}

_FIELDS = select(
    issue.c.key, issue.c.number, issue.c.status, issue.c.final, issue.c.fingerprint, issue.c.reply
)
_THE_KEY = and_(issue.c.kiosk == bindparam("kiosk"), issue.c.key == bindparam("key"))
_LIVING_COPY = and_(
    issue.c.kiosk == bindparam("kiosk"),
    issue.c.order_id == bindparam("order"),
    issue.c.line == bindparam("line"),
    issue.c.copy == bindparam("copy"),
    LIVING,
)
_BY_KEY = _FIELDS.where(_THE_KEY)
_IN_THE_WAY = _FIELDS.where(or_(_THE_KEY, _LIVING_COPY, issue.c.number == bindparam("number")))


class Issuer:
    """The authority's counter. `below` draws by chance (secrets.randbelow), `clock` tells the time of issue."""

    def __init__(
        self,
        database: Database,
        desk: Drafting,
        keys: Keys,
        repertoire: Repertoire,
        clock: Clock,
        below: Callable[[int], int],
    ) -> None:
        self._database = database
        self._desk = desk
        self._keys = keys
        self._repertoire = repertoire
        self._clock = clock
        self._below = below
        self._under_way: set[tuple[str, str]] = set()

    async def issue(self, call: IssueCall) -> bytes:
        """The answer's body: an IssueReply as JSON, the same bytes each time. Raises ProblemError."""
        mark = (call.kiosk, call.key)
        if mark in self._under_way:
            raise _refusal("in-progress")
        self._under_way.add(mark)
        try:
            fingerprint = hashlib.sha256(msgspec.json.encode(call)).hexdigest()
            async with self._database.reading() as connection:
                rows = await connection.execute(_BY_KEY, {"kiosk": call.kiosk, "key": call.key})
                stored = rows.mappings().one_or_none()
            return _again(stored, fingerprint) if stored else await self._first(call, fingerprint)
        finally:
            self._under_way.discard(mark)

    async def _first(self, call: IssueCall, fingerprint: str) -> bytes:
        request = open_issue(self._keys.sealing, call)
        now = self._clock()
        decision = await self._decide(request, now)
        async with self._database.writing() as connection:
            number, rows = await self._look(connection, call)
            stored = next((row for row in rows if row["key"] == call.key), None)
            if stored:  # declared void while the register was being read
                return _again(stored, fingerprint)
            if isinstance(decision, Found):
                if rows:
                    raise _refusal("already-issued")
                answer = self._issued(call, request, decision, number, now)
            else:
                answer = {
                    "status": decision.status,
                    "code": decision.code,
                    "reply": msgspec.json.encode(decision),
                }
            row = {**_row(call, fingerprint, now), "retain_until_ms": self._kept(call, now), **answer}
            await connection.execute(insert(issue), [row])
        reply: bytes = answer["reply"]
        return reply

    async def _decide(self, request: IssueRequest, now: datetime) -> Found | IssueReply:
        """Read the register anew: still the draft that was paid for, or why not."""
        try:
            found = await self._desk.draft(request, now)
        except RefusedError as error:
            return IssueReply("refused", code=error.code)
        except WhichError:  # another one has come since: it is no longer clear which was meant
            return IssueReply("changed", code="changed")
        current = found.draft
        if current.draft_hash != request.draft_hash:
            return IssueReply("changed", code="changed")
        if not 1 <= request.sheets <= MAX_SHEETS or request.fee != current.quote.fee(request.sheets):
            unknown = WAIVER_UNKNOWN in current.notes  # it was looked up at the draft, and can't be now
            return IssueReply("refused", code="register-down" if unknown else "fee-mismatch")
        return found

    def _kept(self, call: IssueCall, now: datetime) -> int:
        """Until when; of a type that nobody knows, as of one that names no class."""
        kind = self._repertoire.types.get(call.type_code)
        return retain_until(kind.file.retention if kind else UNNAMED, now)

    async def _look(self, connection: AsyncConnection, call: IssueCall) -> tuple[str, Sequence[RowMapping]]:
        """A number that was never given, and what stands in the way: the key itself, or the copy's living document."""
        while True:
            number = draw_number(self._below)
            asked = {"kiosk": call.kiosk, "key": call.key, "order": call.order, "line": call.line}
            found = await connection.execute(_IN_THE_WAY, {**asked, "copy": call.copy, "number": number})
            rows = found.mappings().all()
            if not any(row["number"] == number for row in rows):
                return number, rows

    def _issued(
        self, call: IssueCall, request: IssueRequest, found: Found, number: str, now: datetime
    ) -> dict[str, Any]:
        """The document as a row, its answer sealed to the one worker that asked."""
        document = make_document(self._keys.signing(now), request, found, number, now)
        sealed = seal_answer(request.worker_key, document, call, "issue")
        return {
            "status": "issued",
            "number": number,
            "draft_hash": found.draft.draft_hash,
            "subject": found.subject,
            "sheets": request.sheets,
            "fee": request.fee,
            "waiver": found.draft.quote.waiver,
            "verify_until_ms": to_ms(verify_until(now)),
            "seal": ""
            if found.subject
            else document.seal,  # a person's seal says a name: it is on the paper only
            "reply": msgspec.json.encode(IssueReply("issued", number=number, sealed=sealed)),
        }


def _row(call: IssueCall, fingerprint: str, now: datetime) -> dict[str, Any]:
    """What every answer is kept with."""
    return {
        "kiosk": call.kiosk,
        "key": call.key,
        "order_id": call.order,
        "line": call.line,
        "copy": call.copy,
        "type_code": call.type_code,
        "fingerprint": fingerprint,
        "issued_ms": to_ms(now),
    }


def _again(stored: RowMapping, fingerprint: str) -> bytes:
    """What a key that is known gives: void stays void, the same request the same answer."""
    if stored["status"] == "voided" or stored["final"] == "void":
        raise _refusal("voided")
    if stored["fingerprint"] != fingerprint:
        raise _refusal("key-reused")
    reply: bytes = stored["reply"]
    return reply


def _refusal(code: str) -> ProblemError:
    status, detail = _REFUSALS[code]
    return ProblemError(status, code, detail)
