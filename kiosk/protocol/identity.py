"""What an identity card signs, and what central makes of it: bound to this request, worker, machine and order.

The statement holds central's fresh nonce, the lines that are asked for, the worker's one-time key, the machine and the
order; nobody in between can replay it, or have other papers on it. No personal data passes in clear: request and answer
are sealed (sealing.py), the card's certificate names a card, not a person.
"""

import hashlib
from typing import Final

from msgspec import Struct

from kiosk.protocol.canonical import canonical_json

NONCE_BYTES: Final = 32
TOKEN_BYTES: Final = 32
# Certificate policies (demo arc) that say whose card it is.
CITIZEN_CARD: Final = "1.3.6.1.4.1.99999.7.1"
STAFF_CARD: Final = "1.3.6.1.4.1.99999.7.2"


class AskedLine(Struct, frozen=True):
    """One line that the citizen wants in this visit. The token that identification gives is good for these only."""

    line: int
    type_code: str
    subject: dict[str, str]
    options: dict[str, str]


class ChallengeCall(Struct, frozen=True):
    """POST /v1/challenges: a nonce for one identification of this order. In clear: it is no secret."""

    kiosk: str
    order: str


class ChallengeReply(Struct, frozen=True):
    """`nonce` (32 bytes) is good once, for `valid_s` seconds: who signs it is there now."""

    nonce: bytes
    valid_s: int


class IdentityCall(Struct, frozen=True):
    """POST /v1/identities. Key `<order>-identity-<n>`. Answer: SealedAnswer, whose plaintext is IdentityAnswer."""

    kiosk: str
    order: str
    sealed: bytes


class IdentityRequest(Struct, frozen=True):
    """Worker -> central, sealed. `certificate` is the card's (DER), `signature` ECDSA P-256 over `statement` (DER)."""

    kiosk: str
    order: str
    lines: tuple[AskedLine, ...]
    worker_key: bytes
    nonce: bytes
    certificate: bytes
    signature: bytes


class Identified(Struct, frozen=True, tag=True):
    """Central -> worker, sealed. `token` goes into each draft and issue request of this order, sealed again.

    `subject` is the ledger's pseudonym of the person (hex, an HMAC at central, another one for each municipality);
    `masked_name` is for the screen (홍*동). Good until `until_s` (seconds since 1970).
    """

    token: bytes
    subject: str
    masked_name: str
    until_s: int


class NotIdentified(Struct, frozen=True, tag=True):
    """Central -> worker, sealed: why not. See REFUSALS."""

    code: str


IdentityAnswer = Identified | NotIdentified

REFUSALS: Final = (
    "card-invalid",  # not signed by the card authority, or the signature is not the card's
    "card-expired",
    "card-revoked",  # lost, or replaced by a newer one
    "card-unknown",  # genuine, and nobody's
    "card-wrong-kind",  # a staff card in a citizen's visit
    "under-age",  # below 17
    "person-deceased",
    "presence-expired",  # the nonce is too old, used, or another order's
)


def lines_hash(lines: tuple[AskedLine, ...]) -> bytes:
    """SHA-256 of what is asked for, in the order of line numbers."""
    asked = [
        [one.line, one.type_code, dict(sorted(one.subject.items())), dict(sorted(one.options.items()))]
        for one in sorted(lines, key=lambda one: one.line)
    ]
    return hashlib.sha256(canonical_json(asked)).digest()


def statement(nonce: bytes, lines: tuple[AskedLine, ...], worker_key: bytes, kiosk: str, order: str) -> bytes:
    """The 32 bytes (SHA-256) that the card signs. Raises ValueError for a nonce of another length."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    said = [nonce.hex(), lines_hash(lines).hex(), worker_key.hex(), kiosk, order]
    return hashlib.sha256(b"changgu identity 1\n" + canonical_json(said)).digest()


def pin_info(kiosk: str, order: str) -> bytes:
    """What a PIN on its way from the screen to the worker is for: the `info` that it is sealed under."""
    return b"changgu pin 1\n" + canonical_json([kiosk, order])
