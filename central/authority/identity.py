"""Identification: a card that signs this order's statement with a nonce of ours, and the token that its holder gets.

The token is good for fifteen minutes, for the same machine, order and worker, and for the lines that stood in the
signed statement. Whose certificate is drafted comes from here and never from a request.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import and_, delete, insert, select
from sqlalchemy.engine import RowMapping

from central.authority import nonces
from central.authority.cards import Card, CardError, check_signature, check_use, read_card
from central.authority.envelope import check_order, open_identity, seal_identity
from central.authority.keys import Keys
from central.authority.tokens import NO_TOKEN, good_for, hash_of, is_good_for
from central.clock import SEOUL, Clock, to_ms
from central.problems import ProblemError
from central.registers.district import ISSUER
from central.registers.refusal import RefusedError
from central.registers.residents.book import ResidentBook
from central.registers.residents.names import masked
from central.registers.residents.record import CardState, Person
from central.store.database import Database
from central.store.schema import identity
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.central import DraftRequest, IssueRequest, SealedAnswer
from kiosk.protocol.claims import ClaimsRequest
from kiosk.protocol.identity import (
    NONCE_BYTES,
    TOKEN_BYTES,
    AskedLine,
    ChallengeCall,
    ChallengeReply,
    Identified,
    IdentityAnswer,
    IdentityCall,
    IdentityRequest,
    NotIdentified,
    statement,
)

TOKEN_S = 15 * 60
ADULT_YEARS = 17  # the age of the resident card (주민등록법 제24조)
MAX_LINES = 20


class Identities:
    """The identification desk. `chance(n)` gives n bytes that nobody can foresee (secrets.token_bytes)."""

    def __init__(
        self,
        database: Database,
        residents: ResidentBook,
        keys: Keys,
        clock: Clock,
        chance: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._residents = residents
        self._keys = keys
        self._clock = clock
        self._chance = chance
        self._under_way: set[tuple[str, str]] = set()

    async def challenge(self, call: ChallengeCall) -> ChallengeReply:
        """A nonce for one identification of this order. Raises ProblemError."""
        check_order(call)
        async with self._database.writing() as connection:
            return await nonces.give(connection, call, self._clock(), self._chance)

    async def identify(self, call: IdentityCall, key: str) -> bytes:
        """The answer's body: a SealedAnswer as JSON, the same bytes for the same key and call. Raises ProblemError."""
        mark = (call.kiosk, key)
        if mark in self._under_way:
            raise ProblemError(
                409, "in-progress", "the first request with this key is being answered; ask again"
            )
        self._under_way.add(mark)
        try:
            fingerprint = hashlib.sha256(msgspec.json.encode(call)).hexdigest()
            stored = await self._stored(call.kiosk, key)
            return _again(stored, fingerprint) if stored else await self._first(call, key, fingerprint)
        finally:
            self._under_way.discard(mark)

    async def person_of(self, request: DraftRequest | IssueRequest | ClaimsRequest, now: datetime) -> int:
        """Who was identified for this line of this order by this worker. Raises RefusedError `not-identified`."""
        query = select(identity).where(identity.c.token_hash == hash_of(request.token))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None or to_ms(now) >= row["until_ms"] or not is_good_for(row, request):
            raise RefusedError("not-identified")
        person: int = row["person"]
        return person

    def pseudonym(self, person: int) -> str:
        """The ledger's name of a person: 64 hex digits that only this municipality's key can make."""
        said = canonical_json(["changgu subject 1", ISSUER, person])
        return hmac.new(self._keys.subject, said, hashlib.sha256).hexdigest()

    # --- the first answer ---

    async def _first(self, call: IdentityCall, key: str, fingerprint: str) -> bytes:
        request = open_identity(self._keys.sealing, call)
        _check_lines(request.lines)
        now = self._clock()
        try:
            person: Person | None = await self._holder(request, now)
            refused = ""
        except CardError as error:
            person, refused = None, error.code
        async with self._database.writing() as connection:
            await connection.execute(delete(identity).where(identity.c.until_ms < to_ms(now)))
            if not await nonces.use(connection, request, to_ms(now)):
                person, refused = None, "presence-expired"
            until = now + timedelta(seconds=TOKEN_S)
            token = self._chance(TOKEN_BYTES) if person else b""
            answer = self._answer(person, token, until, refused)
            reply = msgspec.json.encode(SealedAnswer(seal_identity(request.worker_key, answer, call)))
            row = {
                "kiosk": call.kiosk,
                "key": key,
                "order_id": call.order,
                "fingerprint": fingerprint,
                "reply": reply,
                "until_ms": to_ms(until),
                **(good_for(request, token, person.id) if person else NO_TOKEN),
            }
            await connection.execute(insert(identity), [row])
        return reply

    async def _holder(self, request: IdentityRequest, now: datetime) -> Person:
        """Who holds the card that signed. Raises CardError."""
        card = self._proven(request, now)
        check_use(card, now)
        holder = await self._residents.holder(card.number)
        if holder is None:
            raise CardError("card-unknown")
        if holder.state is not CardState.VALID:
            raise CardError("card-revoked")
        if holder.person.died:
            raise CardError("person-deceased")
        today = now.astimezone(SEOUL).date()
        if holder.person.born > f"{today.year - ADULT_YEARS}{today:-%m-%d}":
            raise CardError("under-age")
        return holder.person

    def _proven(self, request: IdentityRequest, now: datetime) -> Card:
        """The genuine card that signed this very request. Raises CardError."""
        card = read_card(self._keys.cards, request.certificate, now)
        if len(request.nonce) != NONCE_BYTES:
            raise CardError("presence-expired")
        said = statement(request.nonce, request.lines, request.worker_key, request.kiosk, request.order)
        check_signature(card, said, request.signature)
        return card

    def _answer(self, person: Person | None, token: bytes, until: datetime, refused: str) -> IdentityAnswer:
        if person is None:
            return NotIdentified(refused)
        return Identified(
            token=token,
            subject=self.pseudonym(person.id),
            masked_name=masked(person.name),
            until_s=int(until.timestamp()),
        )

    async def _stored(self, kiosk: str, key: str) -> RowMapping | None:
        query = select(identity.c.fingerprint, identity.c.reply, identity.c.until_ms)
        the_key = and_(identity.c.kiosk == kiosk, identity.c.key == key)
        async with self._database.reading() as connection:
            return (await connection.execute(query.where(the_key))).mappings().one_or_none()


def _check_lines(lines: tuple[AskedLine, ...]) -> None:
    numbers = {one.line for one in lines}
    if not 1 <= len(lines) <= MAX_LINES or len(numbers) != len(lines):
        raise ProblemError(
            400, "body-invalid", f"1 to {MAX_LINES} lines are asked for, each with its own number"
        )


def _again(stored: RowMapping, fingerprint: str) -> bytes:
    if stored["fingerprint"] != fingerprint:
        raise ProblemError(422, "key-reused", "this key was used for another request; take a new key")
    reply: bytes = stored["reply"]
    return reply
