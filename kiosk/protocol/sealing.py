"""Sealing a message to one key so that nobody between can read, move or replay it (HPKE base mode, RFC 9180).

X25519, HKDF-SHA256, AES-256-GCM. `info` is authenticated with the message and never sent: the sides build it from what
they believe the message is about, and a message about anything else does not open.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.protocol.canonical import canonical_json

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

PURPOSES = ("identity", "draft", "issue", "claims")


class SealingError(Exception):
    """A key that is none, or a message not sealed to this key for this purpose. Never says which part failed."""


def new_key() -> tuple[X25519PrivateKey, bytes]:
    """A fresh key: the private half, and the public half as 32 raw bytes."""
    private = X25519PrivateKey.generate()
    return private, private.public_key().public_bytes_raw()


def load_private(raw: bytes) -> X25519PrivateKey:
    """A private key from its 32 raw bytes. Raises SealingError."""
    try:
        return X25519PrivateKey.from_private_bytes(raw)
    except ValueError as error:
        raise SealingError("not an X25519 private key (32 raw bytes)") from error


def load_public(raw: bytes) -> X25519PublicKey:
    """A public key from its 32 raw bytes. Raises SealingError."""
    try:
        return X25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise SealingError("not an X25519 public key (32 raw bytes)") from error


def seal(public_raw: bytes, plaintext: bytes, info: bytes) -> bytes:
    """`plaintext` for the owner of `public_raw` alone, under `info`; 48 bytes longer. Raises SealingError."""
    key = load_public(public_raw)
    try:
        return _SUITE.encrypt(plaintext, key, info=info)
    except ValueError as error:  # a public key of low order: the shared secret would be known to all
        raise SealingError("the receiver's key is not usable") from error


def open_sealed(private: X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    """The plaintext of what `seal` made for this key under the same `info`. Raises SealingError for anything else."""
    try:
        return _SUITE.decrypt(sealed, private, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealingError("not sealed to this key for this purpose") from error


def request_info(kiosk: str, order: str, line: int, type_code: str, purpose: str) -> bytes:
    """What a worker's request to central is about; `purpose` is one of PURPOSES."""
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {PURPOSES}")
    return b"changgu request 1\n" + canonical_json([kiosk, order, line, type_code, purpose])


def answer_info(
    kiosk: str, order: str, line: int, type_code: str, purpose: str, request_sealed: bytes
) -> bytes:
    """What central's answer is about: the same, and the very request (SHA-256 of its sealed bytes) that it answers."""
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {PURPOSES}")
    asked = hashlib.sha256(request_sealed).hexdigest()
    return b"changgu answer 1\n" + canonical_json([kiosk, order, line, type_code, purpose, asked])
