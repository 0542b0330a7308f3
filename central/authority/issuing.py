"""Issues: a document number and a seal for what the citizen saw and paid for, once for one key, for ever.

The answer is committed before it leaves: whoever asks again with the same key and body gets the same bytes, also after
a crash. A key that was declared void never issues.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.authority.drafting import draft
from central.authority.envelope import open_issue, seal_answer
from central.authority.keys import Keys
from central.authority.numbers import draw_number
from central.clock import Clock, to_ms
from central.problems import ProblemError
from central.registers.book import Book
from central.registers.land import RefusedError
from central.store.database import Database
from central.store.schema import issue
from kiosk.protocol.central import Draft, IssueCall, IssuedDocument, IssueReply, IssueRequest
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal

VERIFY_DAYS = 90
MAX_SHEETS = 200

# Code -> status and next step.
_REFUSALS = {
    "voided": (410, "this key was declared void; the document does not exist"),
    "key-reused": (422, "this key was used for another request; take a new key"),
    "in-progress": (409, "the first request with this key is being answered; ask again"),
    "already-issued": (409, "this copy has a document already; declare it void first"),
}


def _refusal(code: str) -> ProblemError:
    status, detail = _REFUSALS[code]
    return ProblemError(status, code, detail)


class Issuer:
    """The authority's counter. `below` draws by chance (secrets.randbelow), `clock` tells the time of issue."""

    def __init__(
        self, database: Database, book: Book, keys: Keys, clock: Clock, below: Callable[[int], int]
    ) -> None:
        self._database = database
        self._book = book
        self._keys = keys
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
                stored = await _find(connection, call)
            return _again(stored, fingerprint) if stored else await self._first(call, fingerprint)
        finally:
            self._under_way.discard(mark)

    async def _first(self, call: IssueCall, fingerprint: str) -> bytes:
        request = open_issue(self._keys.sealing, call)
        now = self._clock()
        decision = await self._decide(request, now)
        async with self._database.writing() as connection:
            stored = await _find(connection, call)
            if stored:  # declared void while the register was being read
                return _again(stored, fingerprint)
            row = await self._row(connection, call, request, decision, now)
            await connection.execute(insert(issue), [{**row, "fingerprint": fingerprint}])
        reply = row["reply"]
        assert isinstance(reply, bytes)
        return reply

    async def _decide(self, request: IssueRequest, now: datetime) -> Draft | IssueReply:
        """Read the register anew: still the draft that was paid for, or why not."""
        try:
            current = await draft(
                self._book, request.line, request.type_code, request.subject, request.options, now
            )
        except RefusedError as error:
            return IssueReply("refused", code=error.code)
        if current.draft_hash != request.draft_hash:
            return IssueReply("changed", code="changed")
        if not 1 <= request.sheets <= MAX_SHEETS or request.fee != current.quote.fee(request.sheets):
            return IssueReply("refused", code="fee-mismatch")
        return current

    async def _row(
        self,
        connection: AsyncConnection,
        call: IssueCall,
        request: IssueRequest,
        decision: Draft | IssueReply,
        now: datetime,
    ) -> dict[str, Any]:
        row = {
            "kiosk": call.kiosk,
            "key": call.key,
            "order_id": call.order,
            "line": call.line,
            "copy": call.copy,
            "type_code": call.type_code,
            "issued_ms": to_ms(now),
        }
        if isinstance(decision, IssueReply):
            reply = msgspec.json.encode(decision)
            return {**row, "status": decision.status, "code": decision.code, "reply": reply}
        if await _living_copy(connection, call):
            raise _refusal("already-issued")
        number = await self._fresh_number(connection)
        until = now + timedelta(days=VERIFY_DAYS)
        document = self._document(request, decision, number, now, until)
        sealed = seal_answer(request.worker_key, document, call, "issue")
        return {
            **row,
            "status": "issued",
            "number": number,
            "draft_hash": decision.draft_hash,
            "sheets": request.sheets,
            "fee": request.fee,
            "verify_until_ms": to_ms(until),
            "seal": document.seal,
            "reply": msgspec.json.encode(IssueReply("issued", number=number, sealed=sealed)),
        }

    async def _fresh_number(self, connection: AsyncConnection) -> str:
        while True:
            number = draw_number(self._below)
            taken = await connection.execute(select(issue.c.key).where(issue.c.number == number))
            if taken.first() is None:
                return number

    def _document(
        self, request: IssueRequest, current: Draft, number: str, now: datetime, until: datetime
    ) -> IssuedDocument:
        seal = make_seal(
            SealPayload(
                issuer=self._keys.trust.keys[0].issuer,
                issued_at=int(now.timestamp()),
                expires_at=int(until.timestamp()),
                number=number,
                type_code=request.type_code,
                pages=request.sheets,
                content=content_prefix(current.draft_hash),
                kiosk=request.kiosk,
                subject=(current.data["location"], current.data["lot"]),
                template=current.template,
            ),
            self._keys.signing,
            self._keys.kid,
        )
        return IssuedDocument(
            key=request.key,
            number=number,
            type_code=request.type_code,
            template=current.template,
            data=current.data,
            issued_at=now.isoformat(timespec="seconds"),
            verify_until=until.isoformat(timespec="seconds"),
            office=current.data["office"],
            sheets=request.sheets,
            seal=seal,
        )


async def _find(connection: AsyncConnection, call: IssueCall) -> RowMapping | None:
    query = select(issue.c.status, issue.c.final, issue.c.fingerprint, issue.c.reply).where(
        issue.c.kiosk == call.kiosk, issue.c.key == call.key
    )
    return (await connection.execute(query)).mappings().one_or_none()


def _again(stored: RowMapping, fingerprint: str) -> bytes:
    """What a key that is known gives: void stays void, the same request the same answer."""
    if stored["status"] == "voided" or stored["final"] == "void":
        raise _refusal("voided")
    if stored["fingerprint"] != fingerprint:
        raise _refusal("key-reused")
    reply: bytes = stored["reply"]
    return reply


async def _living_copy(connection: AsyncConnection, call: IssueCall) -> bool:
    query = select(issue.c.key).where(
        issue.c.kiosk == call.kiosk,
        issue.c.order_id == call.order,
        issue.c.line == call.line,
        issue.c.copy == call.copy,
        issue.c.status == "issued",
        issue.c.final != "void",
    )
    return (await connection.execute(query)).first() is not None
