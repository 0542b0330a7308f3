"""A central office in this process: a small town, a clock that the test sets, and a worker that asks."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Connection

from central.authority.keys import Folder, make_folder
from central.clock import SEOUL, to_ms
from central.fleet.beat import Beat, known_numbers
from central.registers.book import read_parcel, rewrite, write_book
from central.registers.lots import ONE_SHEET, well_known
from central.registers.parcel import Lot, OwnerEntry
from central.registers.records.book import write_records
from central.registers.records.town import REGISTERS, records
from central.registers.residents.book import write_residents
from central.registers.residents.owners import owners_of
from central.registers.residents.town import population
from central.registers.town import SEED
from central.services import Services, open_services
from central.store.database import migrate
from kiosk.protocol import sealing
from kiosk.protocol.central import (
    Draft,
    DraftAnswer,
    DraftRequest,
    Heartbeat,
    IssueCall,
    IssuedDocument,
    IssueReply,
    IssueRequest,
    Refusal,
)
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow
from kiosk.protocol.journal import IssueDelivered, IssueVoid, OrderClosed, Row, body_of, kind_of

KIOSK = "YDP-0001"
ORDER = "01JD0000000000000000000001"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SEOUL)
ALL = {"history": "all", "prices": "recent"}

T = TypeVar("T")


def make_small_town(data: Path) -> Folder:
    """A data folder whose registers hold the well-known lots, the well-known people and a hundred families."""
    folder = Folder(data)
    make_folder(folder, NOON)
    migrate(folder.database)
    parcels = well_known(SEED)
    write_book(folder.register, parcels)
    people = population(SEED, owners_of(parcels), NOON.date(), families=100)
    write_residents(folder.residents, people)
    write_records(folder.records, REGISTERS, records(SEED, people, parcels))
    return folder


def subject_of(lot: Lot) -> dict[str, str]:
    """A lot as the kiosk names it."""
    return {
        "dong": lot.dong,
        "mountain": "1" if lot.mountain else "0",
        "main": str(lot.main),
        "sub": str(lot.sub),
    }


class Office:
    """A copy of the small town. `story` runs a test's coroutine with the services open."""

    def __init__(self, template: Path, data: Path) -> None:
        shutil.copytree(template, data)
        self.folder = Folder(data)
        self.now = NOON

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)

    def story(self, tell: Callable[[Services], Awaitable[T]]) -> T:
        """Open the office, live through `tell`, close it."""

        async def live() -> T:
            services = await open_services(self.folder, lambda: self.now)
            try:
                return await tell(services)
            finally:
                await services.close()

        return asyncio.run(live())

    def new_owner(self, lot: Lot = ONE_SHEET) -> None:
        """The register's office enters a new owner."""
        with self.register() as connection:
            parcel = read_parcel(connection, lot)
            assert parcel is not None
            entry = OwnerEntry("2026-11-23", "03", "소유권이전", "서울특별시 영등포구 대림동 1", "한새봄", "")
            assert rewrite(connection, msgspec.structs.replace(parcel, owners=(*parcel.owners, entry)))

    def register(self) -> Any:
        """A clerk's transaction on the land register."""
        return _Transaction(self.folder.register)

    def residents(self) -> Any:
        """A clerk's transaction on the resident register."""
        return _Transaction(self.folder.residents)


class _Transaction:
    def __init__(self, file: Path) -> None:
        self._engine = create_engine(f"sqlite:///{file}")

    def __enter__(self) -> Connection:
        self._context = self._engine.begin()
        return self._context.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)
        self._engine.dispose()


class Worker:
    """The far end of the seals: one visit's key, and what it was answered."""

    def __init__(self, central_key: bytes, kiosk: str = KIOSK, order: str = ORDER) -> None:
        self.private, self.public = sealing.new_key()
        self.central_key = central_key
        self.kiosk = kiosk
        self.order = order

    def seal(self, request: msgspec.Struct | msgspec.Raw, line: int, type_code: str, purpose: str) -> bytes:
        """A request for central's eyes."""
        info = sealing.request_info(self.kiosk, self.order, line, type_code, purpose)
        return sealing.seal(self.central_key, msgspec.json.encode(request), info)

    def draft_request(self, lot: Lot = ONE_SHEET, *, line: int = 1, **other: Any) -> DraftRequest:
        """The question about a parcel's line; `other` replaces fields of it."""
        request = DraftRequest(
            kiosk=self.kiosk,
            order=self.order,
            line=line,
            type_code="land",
            subject=subject_of(lot),
            options=ALL,
            lang="ko",
            worker_key=self.public,
        )
        return msgspec.structs.replace(request, **other)

    def issue_call(self, draft: Draft, lot: Lot = ONE_SHEET, *, key: str = "", **other: Any) -> IssueCall:
        """The call for copy 1 of a drafted line; `other` replaces fields of the sealed request."""
        key = key or f"{self.order}-{draft.line}-1"
        request = IssueRequest(
            kiosk=self.kiosk,
            order=self.order,
            line=draft.line,
            copy=1,
            key=key,
            type_code=draft.type_code,
            subject=subject_of(lot),
            options=ALL,
            draft_hash=draft.draft_hash,
            sheets=1,
            fee=draft.quote.fee(1),
            worker_key=self.public,
        )
        request = msgspec.structs.replace(request, **other)
        sealed = self.seal(request, draft.line, draft.type_code, "issue")
        return IssueCall(
            kiosk=self.kiosk,
            order=self.order,
            line=draft.line,
            copy=request.copy,
            key=request.key,
            type_code=draft.type_code,
            sealed=sealed,
        )

    def open_draft(self, sealed: bytes, line: int, type_code: str, asked: bytes) -> Draft | Refusal:
        """Central's answer to a draft request."""
        info = sealing.answer_info(self.kiosk, self.order, line, type_code, "draft", asked)
        plain = sealing.open_sealed(self.private, sealed, info)
        answer: Draft | Refusal = msgspec.json.decode(plain, type=DraftAnswer)
        return answer

    def open_document(self, reply: IssueReply, call: IssueCall) -> IssuedDocument:
        """The document in central's answer."""
        info = sealing.answer_info(self.kiosk, self.order, call.line, call.type_code, "issue", call.sealed)
        plain = sealing.open_sealed(self.private, reply.sealed, info)
        return msgspec.json.decode(plain, type=IssuedDocument)


class Journal:
    """A machine's journal, chained as its ledger does it. `since_ms`: when its clock says that it began."""

    def __init__(self, since_ms: int = to_ms(NOON)) -> None:
        self.seq = 0
        self.head = GENESIS
        self.since_ms = since_ms

    def row(self, kind: str, body: Any, at_ms: int | None = None) -> JournalRow:
        """The next row; `at_ms` is what the machine's clock says when it writes it."""
        seq, boot, mono_ms = self.seq + 1, "b1", self.seq
        at_ms = self.since_ms + self.seq if at_ms is None else at_ms
        digest = row_hash(self.head, seq=seq, boot=boot, at_ms=at_ms, mono_ms=mono_ms, kind=kind, body=body)
        row = JournalRow(
            seq=seq,
            boot=boot,
            at_ms=at_ms,
            mono_ms=mono_ms,
            kind=kind,
            body=msgspec.Raw(msgspec.json.encode(body)),
            prev=self.head,
            hash=digest,
        )
        self.seq, self.head = seq, digest
        return row

    def of(self, fact: Row, at_ms: int | None = None) -> JournalRow:
        """The next row, as a machine says this."""
        return self.row(kind_of(fact), body_of(fact), at_ms)

    def void(self, key: str, number: str = "", order: str = ORDER) -> JournalRow:
        """issue-void."""
        return self.of(IssueVoid(order, 1, 1, key, "land", number, reason="jam", spoiled=0))

    def delivered(self, key: str, number: str, order: str = ORDER) -> JournalRow:
        """issue-delivered."""
        return self.of(IssueDelivered(order, 1, 1, key, "land", number, fee=500, sheets=1))

    def closed(
        self, fee: int, credit: int, paid: int, claim: int = 0, outcome: str = "DELIVERED"
    ) -> JournalRow:
        """order-closed."""
        return self.of(OrderClosed(ORDER, outcome, fee=fee, credit=credit, paid=paid, claim=claim))


def arrived(beat: Heartbeat | dict[str, Any]) -> Beat:
    """A machine's heartbeat, over the wire, as central reads it."""
    return msgspec.json.decode(known_numbers(msgspec.json.encode(beat)), type=Beat)


async def all_rows(services: Services, table: Any) -> list[dict[str, Any]]:
    """Every row of a table."""
    async with services.database.reading() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]
