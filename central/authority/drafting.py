"""Drafts: what a certificate would say and cost, read from the registers this moment. Nothing is stored.

Whose certificate it is comes from the request where anybody may ask, and from identification where only the person may.
"""

from datetime import datetime

import structlog
from msgspec import Struct

from central.authority.identity import Identities
from central.authority.repertoire import Repertoire
from central.authority.trust_lists import TrustLists
from central.authority.types import IssuedType
from central.authority.waivers import Waivers
from central.bundles.required import Required
from central.clock import SEOUL
from central.key_files import PkiError
from central.registers.offices import Offices
from central.registers.refusal import RefusedError, WhichError
from central.registers.resident import Certificate
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Choice, Draft, DraftRequest, IssueRequest, request_digest

log = structlog.get_logger("central.drafting")


class Found(Struct, frozen=True):
    """A draft, and what its seal would say that it is about.

    `subject` is the pseudonym of the person whose record it was made from, "" for a type that needs nobody.
    """

    draft: Draft
    about: tuple[str, ...]
    subject: str = ""


class Drafting:
    """The desk that reads the registers."""

    def __init__(
        self,
        offices: Offices,
        identities: Identities,
        repertoire: Repertoire,
        required: Required,
        waivers: Waivers,
        lists: TrustLists,
    ) -> None:
        self._offices = offices
        self._waivers = waivers
        self._lists = lists
        self._identities = identities
        self._repertoire = repertoire
        self._required = required

    async def answer(self, request: DraftRequest, now: datetime) -> Draft | Choice:
        """The draft of one line, or among what the citizen has to choose first. Raises RefusedError as `draft`."""
        try:
            return (await self.draft(request, now)).draft
        except WhichError as several:
            return self._choice(request, several)

    async def draft(self, request: DraftRequest | IssueRequest, now: datetime) -> Found:
        """The draft of one line. Raises RefusedError: `type-unknown`, `options-invalid`, `not-identified`,
        `trust-stale` (no key may seal now), or what a register says; WhichError where it could be about several things.
        """
        kind = self._repertoire.types.get(request.type_code)
        forms = self._repertoire.forms
        quote = kind.quote(now.astimezone(SEOUL).date()) if kind is not None else None
        if kind is None or quote is None or kind.form not in forms:
            raise RefusedError("type-unknown")
        kind.check_options(request.options)
        read = await self._read(kind, request, now)
        subject = ""
        notes: tuple[str, ...] = ()
        if kind.file.personal:
            # Of whose record it was, which is not the same as of whose was asked for: the worker compares the two.
            subject = self._identities.pseudonym(read.person)
            quote, notes = await self._waivers.apply(kind.file, quote, read.person, now)
        draft = Draft(
            line=request.line,
            type_code=request.type_code,
            template=kind.form,
            data=read.data,
            quote=quote,
            draft_hash=content_hash(read.data),
            asked=request_digest(request),
            subject=subject,
            form=forms[kind.form],
            sealed_by=self._sealer(now),
            minimum=self._required.now.minimum.get(request.type_code, 0),
            notes=notes,
        )
        return Found(draft, kind.about(read.data), subject)

    def _sealer(self, now: datetime) -> str:
        """Whose seal it would get, so that a machine which does not know that key says so before any money is taken."""
        try:
            return self._lists.signing(now).key.kid
        except PkiError as error:
            log.error("no seal", why=str(error))
            raise RefusedError("trust-stale") from error

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
    ) -> Certificate:
        """What the register says; of nobody (0) where anybody may ask."""
        file, source, options, which = kind.file, kind.source, request.options, request.which
        if not file.personal:
            return await self._offices.of_lot(file, source, request.subject, options, now, which)
        if request.subject:
            raise RefusedError("subject-invalid")  # whose it is comes from identification alone
        person = await self._identities.person_of(request, now)
        return await self._offices.of_person(file, source, person, options, now, which)
