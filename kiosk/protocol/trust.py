"""The trust list: which keys may sign seals, for whom and since when, and the key that requests are sealed to.

Signed (signed_list.py) it lives in RUN/pki and with every verifier. Times are seconds since 1970 (UTC).
"""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from msgspec import Struct

from kiosk.protocol.fault import EnvironmentFault

ANY_TYPE = "*"
_RAW_X25519_BYTES = 32


class TrustError(EnvironmentFault):
    """The list is missing or contradicts itself; the message names the entry and how to mend it."""


class SigningKey(Struct, frozen=True):
    """One key that signs seals. `kid` is 16 hex digits, `spki` DER of a P-256 key, `issuer` the seal's iss (`KR-…`).

    `name` is the authority's title for people. `types` are type codes or `*`. A seal issued in [not_before, not_after]
    and before `revoked_since` counts.
    """

    kid: str
    spki: bytes
    issuer: str
    types: tuple[str, ...]
    not_before: int
    not_after: int
    revoked_since: int | None = None
    name: str = ""

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The key itself. Raises TrustError for anything but P-256 (the only algorithm of profile 1 is ES256)."""
        try:
            key = load_der_public_key(self.spki)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise TrustError(f"signing key {self.kid}: not a public key in DER") from error
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise TrustError(f"signing key {self.kid}: not a P-256 key")
        return key

    def counts_at(self, moment: int) -> bool:
        """Whether what it signs at that moment is worth anything."""
        revoked = self.revoked_since is not None and moment >= self.revoked_since
        return self.not_before <= moment <= self.not_after and not revoked

    def signs(self, type_code: str) -> bool:
        """Whether this key may seal certificates of that type."""
        return ANY_TYPE in self.types or type_code in self.types


class TrustList(Struct, frozen=True):
    """All signing keys, and central's sealing key (raw X25519, 32 bytes). Past `next_update` it proves nothing new."""

    version: int
    issued_at: int
    next_update: int
    keys: tuple[SigningKey, ...]
    sealing_key: bytes

    def vouches(self, kid: str, now: int) -> bool:
        """Whether what the key named `kid` signs at `now` would be found genuine with this list."""
        key = self.key(kid)
        return now <= self.next_update and key is not None and key.counts_at(now)

    def key(self, kid: str) -> SigningKey | None:
        """The signing key named `kid` (16 hex digits)."""
        return next((key for key in self.keys if key.kid == kid), None)


def kid_of(spki: bytes) -> str:
    """The name of a key: the first 8 bytes of SHA-256 of its SPKI (DER), as 16 hex digits."""
    return hashlib.sha256(spki).hexdigest()[:16]


def spki_of(public: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as DER SubjectPublicKeyInfo."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def check_list(trust: TrustList) -> TrustList:
    """The list, looked at: every kid is its key's and there once, each key is P-256. Raises TrustError."""
    if len(trust.sealing_key) != _RAW_X25519_BYTES:
        raise TrustError("sealing_key: must be 32 raw bytes of an X25519 public key")
    for key in trust.keys:
        if key.kid != kid_of(key.spki):
            raise TrustError(
                f"signing key {key.kid}: its name should be {kid_of(key.spki)}, the hash of its SPKI"
            )
        key.public_key()
    if len({key.kid for key in trust.keys}) != len(trust.keys):
        raise TrustError("a signing key is listed twice")
    return trust
