"""COSE_Sign1 with ES256 (RFC 9052), for the two documents that the authority signs: seals, and the trust list."""

from typing import Any, Final, NamedTuple

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.protocol.cbor import CborError, Sign1, decode

ES256: Final = -7
_ALG, _CONTENT_TYPE, _KID = 1, 3, 4
_HALF = 32  # bytes of r and of s


class CoseError(ValueError):
    """Not a COSE_Sign1 of the form that is read here."""


class Signed(NamedTuple):
    """A message as it came, nothing of it proved. `kid` is 16 hex digits, `kind` its content type ("" for none).

    `algorithm` is what the header claims: it is compared with the key's, never obeyed.
    """

    kid: str
    algorithm: int
    kind: str
    protected: bytes
    payload: bytes
    signature: bytes

    def fits(self, public: ec.EllipticCurvePublicKey) -> bool:
        """Whether this key has signed it."""
        if self.algorithm != ES256 or len(self.signature) != 2 * _HALF:
            return False
        r, s = (int.from_bytes(self.signature[at : at + _HALF], "big") for at in (0, _HALF))
        try:
            public.verify(
                encode_dss_signature(r, s), _to_be_signed(self.protected, self.payload), ec.ECDSA(SHA256())
            )
        except InvalidSignature:
            return False
        return True


def encode(value: object) -> bytes:
    """Deterministic CBOR (RFC 8949, section 4.2.1)."""
    return cbor2.dumps(value, canonical=True)


def sign(payload: bytes, private: ec.EllipticCurvePrivateKey, kid: str, kind: str = "") -> bytes:
    """The signed message. `kid` is 16 hex digits; `kind` keeps one sort of document from passing for another."""
    header: dict[int, Any] = {_ALG: ES256, _KID: bytes.fromhex(kid)}
    if kind:
        header[_CONTENT_TYPE] = kind
    protected = encode(header)
    r, s = decode_dss_signature(private.sign(_to_be_signed(protected, payload), ec.ECDSA(SHA256())))
    signature = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return encode(cbor2.CBORTag(18, [protected, {}, payload, signature]))


def read(message: bytes) -> Signed:
    """Take a message apart. Raises CoseError."""
    try:
        parts = decode(message)
        match parts:
            case Sign1([bytes(protected), {**rest}, bytes(payload), bytes(signature)]) if not rest:
                header = decode(protected)
            case _:
                raise CoseError("not a COSE_Sign1")
    except CborError as error:
        raise CoseError(str(error)) from error
    match header:
        case {1: int(algorithm), 4: bytes(kid), **rest} if not rest:
            return Signed(kid.hex(), algorithm, "", protected, payload, signature)
        case {1: int(algorithm), 3: str(kind), 4: bytes(kid), **rest} if not rest:
            return Signed(kid.hex(), algorithm, kind, protected, payload, signature)
        case _:
            raise CoseError("the header is not {alg, kid}")


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """RFC 9052, section 4.4."""
    return encode(["Signature1", protected, b"", payload])
