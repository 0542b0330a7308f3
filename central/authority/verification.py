"""What a document is worth: judged by its number (what central knows) or by its seal (what was signed), or both.

The words are "contents genuine", never "original": a photocopy carries the same valid seal. By number alone only masked
fields are shown, for comparing with the paper; by the code, what the code on that paper holds, and no more.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from central.alarms import raise_alarm
from central.authority.numbers import grouped, is_number
from central.authority.repertoire import Repertoire
from central.authority.trust_lists import TrustLists
from central.clock import Clock, moment_of, to_ms
from central.store.database import Database
from central.store.schema import issue
from central.vocabulary.alarms import Alarm
from central.vocabulary.words import unknown
from kiosk.protocol.seal import SealPayload, SealState, read_seal


class Verdict(StrEnum):
    """The five verdicts; the fifth has two causes, each with its own words."""

    GENUINE = "genuine"
    NOT_GENUINE = "not-genuine"
    UNKNOWN_ISSUER = "unknown-issuer"
    EXPIRED = "expired"
    VOID = "void"
    LIST_TOO_OLD = "list-too-old"


class About(Struct, frozen=True):
    """One thing that a paper is about: what it is (a key of the page's words: lot, name, plate …), and as printed."""

    what: str
    value: str


class Fields(Struct, frozen=True):
    """What to compare with the paper. `about` is empty where nothing may be shown of whose it is; a time is None where
    what is stored is none.
    """

    number: str
    title: str
    title_en: str
    about: tuple[About, ...]
    sheets: int
    issued_at: datetime | None
    verify_until: datetime | None
    kiosk: str


class Judgement(Struct, frozen=True):
    """A verdict, why (a key of the page's words), and the fields where they may be shown."""

    verdict: Verdict
    reason: str = ""
    fields: Fields | None = None
    masked: bool = False


_WHAT = {"requester": "name", "building_id": "building", "registry_no": "registry", "number": "registration"}

_BY_STATE = {
    SealState.NOT_GENUINE: Judgement(Verdict.NOT_GENUINE, "signature"),
    SealState.UNREADABLE: Judgement(Verdict.NOT_GENUINE, "unreadable"),
    SealState.UNKNOWN_ISSUER: Judgement(Verdict.UNKNOWN_ISSUER),
    SealState.LIST_TOO_OLD: Judgement(Verdict.LIST_TOO_OLD),
}


class Verifier:
    """The verification desk."""

    def __init__(self, database: Database, lists: TrustLists, clock: Clock, repertoire: Repertoire) -> None:
        self._database = database
        self._lists = lists
        self._clock = clock
        self._repertoire = repertoire

    async def by_number(self, number: str) -> Judgement:
        """Judge a document number of sixteen digits."""
        if not is_number(number):
            return Judgement(Verdict.NOT_GENUINE, "check-digit")
        stored = await self._stored(number)
        if stored is None:
            return Judgement(Verdict.NOT_GENUINE, "unknown-number")
        return self._standing(stored, self._masked(stored), masked=True)

    async def by_seal(self, text: str) -> Judgement:
        """Judge the text of a QR code."""
        now = self._clock()
        found = read_seal(text, self._lists.now, int(now.timestamp()))
        if found.payload is None or found.state in _BY_STATE:
            return _BY_STATE[found.state]
        stored = await self._stored(found.payload.number)
        if stored is None:
            async with self._database.writing() as connection:
                subject = found.payload.number
                await raise_alarm(connection, found.payload.kiosk, Alarm.SEAL_UNKNOWN, subject, to_ms(now))
            return Judgement(Verdict.NOT_GENUINE, "unknown-number")
        return self._standing(stored, self._fields(found.payload, masked=False), masked=False)

    def _masked(self, stored: RowMapping) -> Fields | None:
        """What a number alone shows. Of a person's document the seal is not kept, so nobody's name is shown."""
        if not stored["type_code"]:
            return None  # its time is over, and nothing is known of it but that it was issued
        if not stored["seal"]:
            return self._bare(stored)
        payload = read_seal(stored["seal"], self._lists.now, stored["issued_ms"] // 1000).payload
        return None if payload is None else self._fields(payload, masked=True)

    def _standing(self, stored: RowMapping, fields: Fields | None, *, masked: bool) -> Judgement:
        """What central's own record says of a document that it issued."""
        if stored["final"] == "void":
            return Judgement(Verdict.VOID)
        if to_ms(self._clock()) > stored["verify_until_ms"]:
            return Judgement(Verdict.EXPIRED, "", fields, masked)
        return Judgement(Verdict.GENUINE, "" if stored["final"] else "not-reported", fields, masked)

    def _fields(self, payload: SealPayload, *, masked: bool) -> Fields:
        title, title_en = self._title(payload.type_code)
        kind = self._repertoire.types.get(payload.type_code)
        paths = kind.subject if kind is not None else ()
        return Fields(
            number=grouped(payload.number),
            title=title,
            title_en=title_en,
            about=tuple(
                _about(path, value, masked) for path, value in zip(paths, payload.subject, strict=False)
            ),
            sheets=payload.pages,
            issued_at=moment_of(payload.issued_at * 1000),
            verify_until=moment_of(payload.expires_at * 1000),
            kiosk=payload.kiosk,
        )

    def _bare(self, stored: RowMapping) -> Fields:
        title, title_en = self._title(stored["type_code"])
        return Fields(
            number=grouped(stored["number"]),
            title=title,
            title_en=title_en,
            about=(),
            sheets=stored["sheets"],
            issued_at=moment_of(stored["issued_ms"]),
            verify_until=moment_of(stored["verify_until_ms"]),
            kiosk=stored["kiosk"],
        )

    def _title(self, code: str) -> tuple[str, str]:
        """Korean and English; of a type that is issued no more, that it is unknown."""
        kind = self._repertoire.types.get(code)
        words = unknown(code)
        return (words.ko, words.en) if kind is None else (kind.file.name.ko, kind.file.name.en)

    async def _stored(self, number: str) -> RowMapping | None:
        known = (
            issue.c.number,
            issue.c.kiosk,
            issue.c.type_code,
            issue.c.sheets,
            issue.c.seal,
            issue.c.final,
        )
        query = select(*known, issue.c.issued_ms, issue.c.verify_until_ms)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.where(issue.c.number == number))
            return rows.mappings().one_or_none()


def what_it_is(path: str) -> str:
    """What stands at a path of a form's data, as a key of the page's words."""
    return "born" if path.endswith("|born") else _WHAT.get(path, path)


def _about(path: str, value: str, masked: bool) -> About:
    """`path`: where in the form's data it stands (type.toml, `subject`)."""
    what = what_it_is(path)
    return About(what, mask(value) if masked and what != "location" else value)


def mask(lot: str) -> str:
    """A lot number with every digit but the first covered: enough to compare, too little to look up."""
    seen = False
    shown = []
    for character in lot:
        shown.append("●" if character.isdigit() and seen else character)
        seen = seen or character.isdigit()
    return "".join(shown)
