"""What core asks of the courier, and what it hears. The courier never sees a citizen's data in clear."""

from enum import StrEnum

from msgspec import Raw, Struct

from kiosk.protocol.claims import Resolution
from kiosk.protocol.frames import Kinds
from kiosk.protocol.numbers import Count, DeadlineMs


class Reply(StrEnum):
    """The three results of a call, and refusal with a code. UNKNOWN: sent, no proof either way; same key on retry."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class SendDraft(Struct, frozen=True, tag=True):
    """POST /v1/drafts: `sealed` is for central's key only. Ends with one CentralAnswer within `deadline_ms`."""

    request: str
    order: str
    line: Count
    type_code: str
    sealed: bytes
    deadline_ms: DeadlineMs = 6_000


class SendChallenge(Struct, frozen=True, tag=True):
    """POST /v1/challenges: a fresh nonce for the card to sign. Ends with one CentralAnswer within `deadline_ms`."""

    request: str
    order: str
    deadline_ms: DeadlineMs = 4_000


class SendIdentity(Struct, frozen=True, tag=True):
    """POST /v1/identities: `sealed` is for central's key only. Ends with one CentralAnswer within `deadline_ms`."""

    request: str
    order: str
    sealed: bytes
    deadline_ms: DeadlineMs = 6_000


class SendClaims(Struct, frozen=True, tag=True):
    """POST /v1/claims: `sealed` is for central's key only. Ends with one CentralAnswer within `deadline_ms`."""

    request: str
    order: str
    sealed: bytes
    deadline_ms: DeadlineMs = 6_000


class SendIssue(Struct, frozen=True, tag=True):
    """POST /v1/issues with Idempotency-Key `key`. The courier retries UNKNOWN with the same key until the deadline."""

    request: str
    key: str
    order: str
    line: Count
    copy: Count
    type_code: str
    sealed: bytes
    deadline_ms: DeadlineMs = 8_000


class JournalRow(Struct, frozen=True):
    """One journal row on its way to central. hash = SHA-256(prev ‖ canonical JSON of the rest). `body` holds no
    personal data.
    """

    seq: Count
    boot: str
    at_ms: Count
    mono_ms: Count
    kind: str
    body: Raw
    prev: str
    hash: str


class SendEvents(Struct, frozen=True, tag=True):
    """The oldest unacknowledged journal rows, in order. The courier keeps at it (full jitter) until EventsAcked."""

    rows: tuple[JournalRow, ...]


class SendHeartbeat(Struct, frozen=True, tag=True):
    """POST /v1/heartbeat with the machine's state (kiosk.protocol.central.Heartbeat as JSON)."""

    body: Raw


class BundlesInUse(Struct, frozen=True, tag=True):
    """Core serves from `active` and keeps `previous` to fall back to (names: bundle.py; "" is the shipped one).

    `refused` gave way because no worker could serve from it. Sent at each connection and after each change: the courier
    brings only what is newer, and tidies up the rest.
    """

    active: str
    previous: str
    refused: str = ""


class LookForBundle(Struct, frozen=True, tag=True):
    """Ask central now for a newer bundle. Ends with BundleReady or BundleLooked, which names this `request`."""

    request: Count = 0


class CentralAnswer(Struct, frozen=True, tag=True):
    """The end of a SendDraft, SendIssue, SendChallenge, SendIdentity or SendClaims. `code` names a refusal.

    `number` is the document number; `sealed` is for the worker; `nonce` for the card, by way of the worker.
    """

    request: str
    reply: Reply
    code: str = ""
    number: str = ""
    sealed: bytes = b""
    nonce: bytes = b""


class EventsAcked(Struct, frozen=True, tag=True):
    """Central holds every journal row up to `seq`, gap-free."""

    seq: Count


class EventsRefused(Struct, frozen=True, tag=True):
    """Central takes nothing of the batch (409): the chain does not fit, an alarm. The outbox stays.

    With `acked`: it lacks rows behind that one which it acknowledged once, and has to be sent them again.
    """

    code: str
    acked: Count | None = None


class LinkChanged(Struct, frozen=True, tag=True):
    """Whether central answers. `server_time_ms` is central's clock at the last answer; sent at each change and
    heartbeat.
    """

    online: bool
    server_time_ms: Count | None = None
    detail: str = ""


class BundleReady(Struct, frozen=True, tag=True):
    """A newer bundle lies whole on the disk, its signatures hold, and every sample in it came out as expected."""

    bundle: str
    request: Count = 0


class BundleLooked(Struct, frozen=True, tag=True):
    """The end of a look that brought nothing. `code` says why (`nothing-newer`, `unreachable`, `expired`,
    `rolled-back`, `unsigned`, `damaged`, `invalid`, `other-program`, `samples-differ`, `trial-killed`, `not-tried`,
    `refused`, `disk`), `detail` is for a technician; `request` is the last one that was asked before the look began.
    """

    code: str
    detail: str = ""
    request: Count = 0


class CasesResolved(Struct, frozen=True, tag=True):
    """What became of claims of this machine; told at each heartbeat until the journal says so."""

    resolved: tuple[Resolution, ...]


Question = SendDraft | SendIssue | SendChallenge | SendIdentity | SendClaims
"""What ends with a CentralAnswer under the same `request`."""

ToCourier = (
    SendDraft
    | SendIssue
    | SendChallenge
    | SendIdentity
    | SendClaims
    | SendEvents
    | SendHeartbeat
    | BundlesInUse
    | LookForBundle
)
FromCourier = (
    CentralAnswer | EventsAcked | EventsRefused | LinkChanged | BundleReady | BundleLooked | CasesResolved
)

TO_COURIER: Kinds[ToCourier] = Kinds(ToCourier)
FROM_COURIER: Kinds[FromCourier] = Kinds(FromCourier)
