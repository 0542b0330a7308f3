"""The bodies between courier and central (JSON over HTTPS), and the sealed plaintexts between worker and central.

Every POST that acts carries an `Idempotency-Key`. Errors are problem+json (RFC 9457) with our `code`.
"""

import hashlib
from typing import Any, Final

import msgspec
from msgspec import Struct

from drivers.contract import Status
from kiosk.protocol.claims import Resolution
from kiosk.protocol.courier import JournalRow
from kiosk.protocol.numbers import Count, Krw, Number, Sheets


class DraftCall(Struct, frozen=True):
    """POST /v1/drafts. Key `<order>-<line>-draft-<digest of sealed>`.

    Answer: SealedAnswer, whose plaintext is Draft or Refusal.
    """

    kiosk: str
    order: str
    line: Count
    type_code: str
    sealed: bytes


class SealedAnswer(Struct, frozen=True):
    """Bytes that only the worker that asked can open."""

    sealed: bytes


class IssueCall(Struct, frozen=True):
    """POST /v1/issues, Idempotency-Key = `key`. Answer: IssueReply; 410 `voided` once the key is tombstoned, 409
    while in progress.
    """

    kiosk: str
    order: str
    line: Count
    copy: Count
    key: str
    type_code: str
    sealed: bytes


class IssueReply(Struct, frozen=True):
    """`status` is issued, changed (the register says something else than the draft) or refused (`code`)."""

    status: str
    number: str = ""
    code: str = ""
    sealed: bytes = b""


class EventsCall(Struct, frozen=True):
    """POST /v1/events: journal rows in order. 409 `chain-broken` when prev or hash does not fit what central
    holds; `acked` says up to where that is.
    """

    kiosk: str
    rows: tuple[JournalRow, ...]


class EventsReply(Struct, frozen=True):
    """Every row up to `acked` is stored, gap-free."""

    acked: Count


class JournalReply(Struct, frozen=True):
    """GET /v1/journal?after=SEQ: what central holds of the calling machine's journal, for a ledger that was lost.

    `rows` follow SEQ, at most 500 and about 512 KiB; `seq` and `hash` are central's last row (0: none). `told` is the
    highest seq that the machine ever named in a heartbeat: rows beyond `seq` were written and did not arrive.
    """

    rows: tuple[JournalRow, ...]
    seq: Count
    hash: str
    told: Count


class TypeHealth(Struct, frozen=True):
    """Whether a certificate type can be sold this minute, and if not, why (a reason key)."""

    type_code: str
    sellable: bool
    reason: str = ""


class Heartbeat(Struct, frozen=True):
    """POST /v1/heartbeat each 30 s: states with their age, counters, versions, outbox depth, journal head. No
    personal data.
    """

    kiosk: str
    at_ms: Count
    boot: str
    uptime_s: Count
    state: str
    version: str
    catalogue: str
    templates: str
    devices: tuple[Status, ...]
    types: tuple[TypeHealth, ...]
    counters: dict[str, Number]
    outbox: Count
    oldest_outbox_s: Number
    journal_seq: Count
    journal_head: str


class HeartbeatReply(Struct, frozen=True):
    """What central wants the machine to know. `catalogue` is the newest bundle's version; `command_cursor` counts
    commands for this machine; `trust` is the version of the newest trust list; `resolved` is what became
    of claims of this machine's orders, until its journal says that it knows.
    """

    server_time_ms: Count
    catalogue: str = ""
    templates: str = ""
    command_cursor: Count = 0
    trust: Count = 0
    resolved: tuple[Resolution, ...] = ()


# --- sealed plaintexts ------------------------------------------------------------------------------------------------


class DraftRequest(Struct, frozen=True):
    """Worker -> central, sealed. `worker_key` is the worker's one-time X25519 public key (32 bytes raw).

    `token` is identification's (identity.py), empty for a type that needs none. `which` is the key of what the citizen
    picked from a Choice, "" as long as there was none. It is no part of what the card signed: it only ever picks among
    what the signed line is about.
    """

    kiosk: str
    order: str
    line: Count
    type_code: str
    subject: dict[str, str]
    options: dict[str, str]
    lang: str
    worker_key: bytes
    token: bytes = b""
    which: str = ""


WAIVER_UNKNOWN: Final = "waiver-unknown"
"""A note: whether the fee is waived for this person could not be looked up, so it is asked for."""


class Quote(Struct, frozen=True):
    """Central's word on the fee of one copy, KRW: `base` covers `free_sheets`, each further sheet costs
    `extra_per_sheet`. `waiver` is the code of the [[waiver]] row by which this person pays nothing.
    """

    base: Krw
    free_sheets: Sheets = 0
    extra_per_sheet: Krw = 0
    waiver: str = ""

    def fee(self, sheets: int) -> int:
        """The fee of one copy of `sheets` sheets; a waiver makes it 0. With free_sheets 0 no sheet costs extra."""
        if self.waiver:
            return 0
        extra = max(0, sheets - self.free_sheets) if self.free_sheets else 0
        return self.base + extra * self.extra_per_sheet


class Draft(Struct, frozen=True, tag=True):
    """Central -> worker, sealed: all data to print, without number and seal. `draft_hash` = content_hash(data), hex.

    `asked` is request_digest of what it was made from. `subject` is the pseudonym of the person whose record was read,
    "" for a type that needs nobody. `form` is the digest (forms.py) of the form that `template` is at central.
    `sealed_by` is the kid of the key that would seal it now. `minimum`: the version of the lowest bundle (bundle.py)
    that this type may be issued from.
    `notes` are message keys of what the citizen should read before agreeing.
    """

    line: Count
    type_code: str
    template: str
    data: dict[str, Any]
    quote: Quote
    draft_hash: str
    asked: str
    subject: str
    form: str
    sealed_by: str
    minimum: Count = 0
    notes: tuple[str, ...] = ()


class Refusal(Struct, frozen=True, tag=True):
    """Central -> worker, sealed: why there is no draft (parcel-not-found, register-closed, record-under-change …)."""

    line: Count
    code: str


class Offered(Struct, frozen=True):
    """One of several things that a certificate can be about. `key` names it in the next request; `label` and `detail`
    are what a citizen tells it by, in the register's own words.
    """

    key: str
    label: str
    detail: str = ""


class Choice(Struct, frozen=True, tag=True):
    """Central -> worker, sealed: there are several, and the citizen has to say which; then the same request comes again
    with `which`. An answer to that may be another Choice (a building, then a unit of it).

    `what` is a message key's tail (vehicle, building, unit …). `asked` and `subject` as in Draft.
    """

    line: Count
    type_code: str
    what: str
    offered: tuple[Offered, ...]
    asked: str
    subject: str


DraftAnswer = Draft | Refusal | Choice


class IssueRequest(Struct, frozen=True):
    """Worker -> central, sealed, for one copy: what the citizen saw and paid for. `token` and `which`: DraftRequest."""

    kiosk: str
    order: str
    line: Count
    copy: Count
    key: str
    type_code: str
    subject: dict[str, str]
    options: dict[str, str]
    draft_hash: str
    sheets: Count
    fee: Count
    worker_key: bytes
    token: bytes = b""
    which: str = ""


class IssuedDocument(Struct, frozen=True):
    """Central -> worker, sealed: the document. `seal` is the text of the QR code (`KC1:…`); times are RFC 3339, Seoul.

    `data` is the draft's data unchanged; `number` is 16 digits; `office` is the issuing authority's title for the
    인증문. It names what it answers: `order`, `line`, `key`, and `asked`, the request_digest of the issue request; that
    request holds the draft's hash.
    """

    order: str
    line: Count
    key: str
    asked: str
    number: str
    type_code: str
    template: str
    data: dict[str, Any]
    issued_at: str
    verify_until: str
    office: str
    sheets: Count
    seal: str
    form: str


def request_digest(request: DraftRequest | IssueRequest) -> str:
    """SHA-256 of a request as it was before it was sealed, 64 hex digits.

    Why, when the seal around an answer is bound to its request already: that binds the envelope. This one is computed
    from the request that the register was read for, so an answer that was put into another's envelope inside central
    (two requests at once, one variable) is refused too.
    """
    return hashlib.sha256(msgspec.json.encode(request)).hexdigest()
