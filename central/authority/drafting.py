"""Drafts: what a certificate would say and cost, read from the registers this moment. Nothing is stored.

Whose certificate it is comes from the request where anybody may ask, and from identification where only the person may.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from central.authority.identity import Identities
from central.authority.types import IssuedType
from central.clock import SEOUL
from central.registers import land, resident
from central.registers.book import Book
from central.registers.on_lots import LotDesk
from central.registers.personal import PersonalDesk
from central.registers.refusal import RefusedError, WhichError
from central.registers.residents.book import ResidentBook
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Choice, Draft, DraftRequest, IssueRequest, request_digest


class Found(Struct, frozen=True):
    """A draft, and what its seal would say that it is about.

    `subject` is the pseudonym of the person whose record it was made from, "" for a type that needs nobody.
    """

    draft: Draft
    about: tuple[str, ...]
    subject: str = ""


class DraftDesk:
    """The desk that reads the registers. `forms`: digests of the forms by name (forms.py); `types`: by code."""

    def __init__(
        self,
        book: Book,
        residents: ResidentBook,
        personal: PersonalDesk,
        on_lots: LotDesk,
        identities: Identities,
        forms: Mapping[str, str],
        types: Mapping[str, IssuedType],
    ) -> None:
        self._book = book
        self._residents = residents
        self._personal = personal
        self._on_lots = on_lots
        self._identities = identities
        self._forms = forms
        self._types = types

    async def answer(self, request: DraftRequest, now: datetime) -> Draft | Choice:
        """The draft of one line, or among what the citizen has to choose first. Raises RefusedError as `draft`."""
        try:
            return (await self.draft(request, now)).draft
        except WhichError as several:
            return self._choice(request, several)

    async def draft(self, request: DraftRequest | IssueRequest, now: datetime) -> Found:
        """The draft of one line. Raises RefusedError: `type-unknown`, `options-invalid`, `not-identified`, or what a
        register says; WhichError where it could be about several things.
        """
        kind = self._types.get(request.type_code)
        quote = kind.quote(now.astimezone(SEOUL).date()) if kind is not None else None
        if kind is None or quote is None or kind.form not in self._forms:
            raise RefusedError("type-unknown")
        kind.check_options(request.options)
        data, subject = await self._read(kind, request, now)
        draft = Draft(
            line=request.line,
            type_code=request.type_code,
            template=kind.form,
            data=data,
            quote=quote,
            draft_hash=content_hash(data),
            asked=request_digest(request),
            subject=subject,
            form=self._forms[kind.form],
        )
        return Found(draft, kind.about(data), subject)

    def _choice(self, request: DraftRequest, several: WhichError) -> Choice:
        return Choice(
            line=request.line,
            type_code=request.type_code,
            what=several.what,
            offered=several.offered,
            asked=request_digest(request),
            subject="" if several.person is None else self._identities.pseudonym(several.person),
        )

    async def _read(
        self, kind: IssuedType, request: DraftRequest | IssueRequest, now: datetime
    ) -> tuple[dict[str, Any], str]:
        if not kind.file.personal:
            if kind.source is None:
                raise RefusedError("type-unknown")
            if kind.source.lot is not None:
                on_lot = await self._on_lots.read_certificate(
                    kind.file, kind.source, request.subject, request.options, now, request.which
                )
                return on_lot, ""
            found = await land.read_certificate(
                self._book, kind.file, kind.source, request.subject, request.options, now
            )
            return found, ""
        if request.subject:
            raise RefusedError("subject-invalid")  # whose it is comes from identification alone
        person = await self._identities.person_of(request, now)
        if kind.source is None:
            read = await resident.read_certificate(
                self._residents, kind.file.code, person, request.options, now
            )
        else:
            read = await self._personal.read_certificate(
                kind.file, kind.source, person, request.options, now, request.which
            )
        # Of whose record it was, which is not the same as of whose was asked for: the worker compares the two.
        return read.data, self._identities.pseudonym(read.person)
