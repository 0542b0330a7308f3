"""Drafts: what a certificate would say and cost, read from the registers this moment. Nothing is stored.

Whose certificate it is comes from the request where anybody may ask, and from identification where only the person may.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from central.authority.fees import fee_of
from central.authority.identity import Identities
from central.registers import land, resident
from central.registers.book import Book
from central.registers.refusal import RefusedError
from central.registers.residents.book import ResidentBook
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Draft, DraftRequest, IssueRequest, request_digest


class Found(Struct, frozen=True):
    """A draft, and the pseudonym of the person whose record it was made from ("" for a type that needs nobody)."""

    draft: Draft
    subject: str = ""


class DraftDesk:
    """The desk that reads the registers. `forms`: digests of the forms by name (forms.py)."""

    def __init__(
        self, book: Book, residents: ResidentBook, identities: Identities, forms: Mapping[str, str]
    ) -> None:
        self._book = book
        self._residents = residents
        self._identities = identities
        self._forms = forms

    async def draft(self, request: DraftRequest | IssueRequest, now: datetime) -> Found:
        """The draft of one line. Raises RefusedError: `type-unknown`, `not-identified`, or what a register says."""
        fee = fee_of(request.type_code, now.date())
        if fee is None or fee.template not in self._forms:
            raise RefusedError("type-unknown")
        data, subject = await self._read(request, now)
        draft = Draft(
            line=request.line,
            type_code=request.type_code,
            template=fee.template,
            data=data,
            quote=fee.quote,
            draft_hash=content_hash(data),
            asked=request_digest(request),
            subject=subject,
            form=self._forms[fee.template],
        )
        return Found(draft, subject)

    async def _read(self, request: DraftRequest | IssueRequest, now: datetime) -> tuple[dict[str, Any], str]:
        if request.type_code in land.COVERS:
            book, subject = self._book, request.subject
            data = await land.read_certificate(book, request.type_code, subject, request.options, now)
            return data, ""
        if request.type_code in resident.TITLES:
            resident.check_request(request.subject, request.options)
            person = await self._identities.person_of(request, now)
            read = await resident.read_certificate(self._residents, person, request.options, now)
            # Of whose record it was, which is not the same as of whose was asked for: the worker compares the two.
            return read.data, self._identities.pseudonym(read.person)
        raise RefusedError("type-unknown")
