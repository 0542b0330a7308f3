"""What core asks of the visit's worker. Core sees sealed bytes, sheet counts, numbers and codes, never a certificate;
and, where there are several things that one can be about, by what a citizen tells them apart (a plate).

`subject` and `options` are in clear here for types without identification only (a parcel is open data).
"""

from typing import Any, Generic, TypeVar, get_args

from msgspec import Struct

from kiosk.protocol.central import Offered
from kiosk.protocol.claims import Owed
from kiosk.protocol.frames import Kinds
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.looks import Check
from kiosk.protocol.screen import Row


class SealedRequest(Struct, frozen=True, tag=True):
    """Bytes that only central can open."""

    request: str
    sealed: bytes


class DraftReady(Struct, frozen=True, tag=True):
    """The line can be printed as it stands: `sheets` of one copy, `fee` of one copy in KRW by central's quote.

    `summary` is what the check screen may show about the subject (masked where it is a person); `notes` are message
    keys.
    """

    request: str
    line: int
    sheets: int
    fee: int
    waiver: str
    draft_hash: str
    summary: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


class DraftChoice(Struct, frozen=True, tag=True):
    """There are several things that the line could be about: `offered`, as the register tells them apart. MakeDraft
    comes again for the line then, with the key of the one that was picked. `what` as in kiosk.protocol.central.Choice.
    """

    request: str
    line: int
    what: str
    offered: tuple[Offered, ...]


class CardReady(Struct, frozen=True, tag=True):
    """A citizen's card that can sign. `tries` are left for its PIN (None: it does not tell).

    The screen seals the PIN to `pin_key` (X25519, 32 bytes) with identity.pin_info; core passes on what it can't open.
    """

    request: str
    tries: int | None
    pin_key: bytes


class HolderKnown(Struct, frozen=True, tag=True):
    """Central knows whose card it is. `subject` is the ledger's pseudonym; `masked_name` is for the screen (홍*동).

    Good for drafts and issues of the signed lines until `until_s` (seconds since 1970).
    """

    request: str
    subject: str
    masked_name: str
    until_s: int


class ClaimsKnown(Struct, frozen=True, tag=True):
    """What central holds for this redemption; without any, `code` says why. Nothing of a person is in it."""

    request: str
    held: tuple[Owed, ...] = ()
    code: str = ""


class Prepared(Struct, frozen=True, tag=True):
    """The document is rendered and read back: ready for paper."""

    request: str
    key: str
    number: str
    sheets: int
    content_hash: str


class FirstByte(Struct, frozen=True, tag=True):
    """The first byte of the document is on the printer's socket (the bench's end point)."""

    key: str


class Sent(Struct, frozen=True, tag=True):
    """The printer acknowledged the whole document (`done`), surely did not get it (`not-done`), or it is not known."""

    request: str
    key: str
    outcome: str
    detail: str = ""


class WorkRefused(Struct, frozen=True, tag=True):
    """A request ended without its result. `code` is a message key's tail (e.g. parcel-not-found, seal-invalid,
    overflow). `tries`: what a wrong PIN has left. `check`: the look at the pages that found it.
    """

    request: str
    code: str
    detail: str = ""
    tries: int | None = None
    check: Check = Check.NONE


A = TypeVar("A")


class Request(Struct, Generic[A], frozen=True):
    """A question to the worker. It answers with an A, or with WorkRefused, under the same `request`."""

    request: str


def answers_to(kind: type[Request[Any]]) -> tuple[type[Struct], ...]:
    """The types of A for that kind of question, without WorkRefused."""
    (base,) = vars(kind)["__orig_bases__"]
    (answer,) = get_args(base)
    return get_args(answer) or (answer,)


class BeginVisit(Struct, frozen=True, tag=True):
    """The visit's names. The worker makes its one-time key and is bound to this kiosk and order from here on.

    `printer` is the printer's serial, if it has said it: each prints dots in its own way.
    """

    kiosk: str
    order: str
    printer: str = ""


class OpenCard(Request[CardReady], frozen=True, tag=True):
    """Look at the card that is in `reader` since its `insertion`."""

    reader: str
    insertion: int


class SignWithCard(Request[SealedRequest], frozen=True, tag=True):
    """Let the card sign for these lines. `pin` is sealed to CardReady's key by the screen; `nonce` is central's.

    The answer is the identity request. A refusal says pin-wrong with the tries left, or the end of this card.
    """

    pin: bytes
    nonce: bytes
    lines: tuple[AskedLine, ...]


class OpenIdentity(Request[HolderKnown], frozen=True, tag=True):
    """Open central's sealed answer to the identity request."""

    sealed: bytes


class CloseCard(Struct, frozen=True, tag=True):
    """Let go of the card; what identification gave stays until the visit ends. No answer."""


class MakeDraft(Request[SealedRequest], frozen=True, tag=True):
    """Seal a draft request for one line.

    The same line may be asked for again, with `which`: the key of what the citizen picked from a DraftChoice.
    """

    line: int
    type_code: str
    subject: dict[str, str]
    options: dict[str, str]
    lang: str = "ko"
    which: str = ""


class OpenDraft(Request[DraftReady | DraftChoice], frozen=True, tag=True):
    """Open central's sealed answer to `line`, lay it out, check it."""

    line: int
    sealed: bytes


class MakeIssue(Request[SealedRequest], frozen=True, tag=True):
    """Seal the issue request for one copy of a drafted line, naming the draft's hash and sheets."""

    line: int
    copy: int
    key: str


class OpenIssue(Request[Prepared], frozen=True, tag=True):
    """Open central's sealed document, verify seal, subject and data against the draft, render, read back."""

    key: str
    number: str
    sealed: bytes


class PrintOn(Request[Sent], frozen=True, tag=True):
    """Write the prepared document as Send-Document of `job_id` on the socket that comes with this frame."""

    key: str
    job_id: int
    host: str
    path: str
    printer_uri: str


class MakeClaims(Request[SealedRequest], frozen=True, tag=True):
    """Seal the question what is owed to the holder, at most `most` KRW (claims.py)."""

    most: int


class OpenClaims(Request[ClaimsKnown], frozen=True, tag=True):
    """Open central's sealed answer to it."""

    sealed: bytes


ToWorker = (
    BeginVisit
    | OpenCard
    | SignWithCard
    | OpenIdentity
    | CloseCard
    | MakeDraft
    | OpenDraft
    | MakeIssue
    | OpenIssue
    | PrintOn
    | MakeClaims
    | OpenClaims
)
FromWorker = (
    SealedRequest
    | CardReady
    | HolderKnown
    | DraftReady
    | DraftChoice
    | ClaimsKnown
    | Prepared
    | FirstByte
    | Sent
    | WorkRefused
)

TO_WORKER: Kinds[ToWorker] = Kinds(ToWorker)
FROM_WORKER: Kinds[FromWorker] = Kinds(FromWorker)
