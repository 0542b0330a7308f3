"""The seal on a certificate: what the issuing authority signs, as the text of a QR code, and how anybody reads it.

`KC1:` + Base45(zlib(COSE_Sign1)), ES256, deterministic CBOR (the chain of the EU's and WHO's health certificates).
Claims: 1 issuer, 4 expiry, 6 time of issue, 7 document number (7 bytes), -70001 {0 profile, 1 type code, 2 pages,
3 first 16 bytes of the content hash, 4 kiosk, 5 [subject …], 6 template}. A photocopy carries the same valid seal: the
words for people are "contents genuine", never "original".
"""

import zlib
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from kiosk.protocol import base45, cose
from kiosk.protocol.cbor import CborError, decode
from kiosk.protocol.seal_payload import CONTENT_BYTES, PREFIX, SealPayload, content_prefix
from kiosk.protocol.trust import SigningKey, TrustError, TrustList

# Who signs or judges a seal finds what it says here too.
__all__ = [
    "MAX_TEXT",
    "PREFIX",
    "PROFILE",
    "SealPayload",
    "SealState",
    "Verdict",
    "content_prefix",
    "make_seal",
    "read_seal",
]

PROFILE = 1
MAX_TEXT = 4296  # the most alphanumeric characters that any QR code holds
MAX_INFLATED = 20_000

_ISS, _EXP, _IAT, _CTI, _FIELDS = 1, 4, 6, 7, -70001
_PROFILE, _TYPE, _PAGES, _CONTENT, _KIOSK, _SUBJECT, _TEMPLATE = range(7)
_NUMBER_BYTES, _NUMBER_DIGITS = 7, 16


class SealState(StrEnum):
    """The five verdicts, and a text that is no seal of ours at all."""

    GENUINE = "genuine"
    NOT_GENUINE = "not-genuine"
    UNKNOWN_ISSUER = "unknown-issuer"
    EXPIRED = "expired"
    LIST_TOO_OLD = "list-too-old"
    UNREADABLE = "unreadable"


class Verdict(Struct, frozen=True):
    """What a seal is worth now. `payload` is given once its signature has been proved; `reason` is for technicians."""

    state: SealState
    payload: SealPayload | None = None
    issuer_name: str = ""
    reason: str = ""


def make_seal(payload: SealPayload, private_key: ec.EllipticCurvePrivateKey, kid: str) -> str:
    """Sign: the text of the QR code. `kid` is the key's name in the trust list, 16 hex digits."""
    message = cose.sign(cose.encode(_claims(payload)), private_key, kid)
    return PREFIX + base45.encode(zlib.compress(message, 9))


def read_seal(text: str, trust: TrustList, now: int) -> Verdict:
    """Read and judge the text of a seal at `now` (seconds since 1970). Returns a verdict for any text, never raises."""
    try:
        signed = _unpack(text)
    except _Unreadable as error:
        return Verdict(SealState.UNREADABLE, reason=str(error))
    key = trust.key(signed.kid)
    if key is None:
        # A list past its date may merely not know the key yet.
        state = SealState.LIST_TOO_OLD if now > trust.next_update else SealState.UNKNOWN_ISSUER
        return Verdict(state, reason=f"no key {signed.kid} in the trust list")
    if not _signed_by(key, signed):
        return Verdict(SealState.NOT_GENUINE, reason="the signature does not fit")
    try:
        payload = _payload(signed.payload)
    except _Unreadable as error:
        return Verdict(SealState.UNREADABLE, reason=str(error))
    state, reason = _judge(payload, key, trust, now)
    return Verdict(state, payload, key.name, reason)


class _Unreadable(Exception):
    """Not a seal of this format."""


def _claims(payload: SealPayload) -> dict[int, object]:
    fields = {
        _PROFILE: PROFILE,
        _TYPE: payload.type_code,
        _PAGES: payload.pages,
        _CONTENT: bytes.fromhex(payload.content),
        _KIOSK: payload.kiosk,
        _SUBJECT: list(payload.subject),
        _TEMPLATE: payload.template,
    }
    return {
        _ISS: payload.issuer,
        _EXP: payload.expires_at,
        _IAT: payload.issued_at,
        _CTI: int(payload.number).to_bytes(_NUMBER_BYTES, "big"),
        _FIELDS: fields,
    }


def _unpack(text: str) -> cose.Signed:
    """The message in the text. Raises _Unreadable."""
    if not text.startswith(PREFIX) or len(text) > MAX_TEXT:
        raise _Unreadable("not a text that starts with KC1: and fits a QR code")
    try:
        packed = base45.decode(text[len(PREFIX) :])
        inflater = zlib.decompressobj()
        message = inflater.decompress(packed, MAX_INFLATED)
        if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
            raise _Unreadable("too long, cut off, or followed by something")
        signed = cose.read(message)
    except (zlib.error, ValueError) as error:
        raise _Unreadable(str(error)) from error
    if signed.kind:
        raise _Unreadable("signed as something else than a seal")
    return signed


def _signed_by(key: SigningKey, signed: cose.Signed) -> bool:
    try:
        return signed.fits(key.public_key())
    except TrustError:
        return False


def _payload(claims: bytes) -> SealPayload:
    """The claims as a value. Raises _Unreadable for a profile that this reader does not know."""
    try:
        value = decode(claims)
    except CborError as error:
        raise _Unreadable(str(error)) from error
    match value:
        case {
            1: str(issuer),
            4: int(expires_at),
            6: int(issued_at),
            7: bytes(number),
            -70001: {
                0: 1,
                1: str(type_code),
                2: int(pages),
                3: bytes(content),
                4: str(kiosk),
                5: list(subject),
                6: str(template),
            },
        } if len(number) == _NUMBER_BYTES and len(content) == CONTENT_BYTES and _texts(subject):
            digits = str(int.from_bytes(number, "big")).zfill(_NUMBER_DIGITS)
            return SealPayload(
                issuer=issuer,
                issued_at=issued_at,
                expires_at=expires_at,
                number=digits,
                type_code=type_code,
                pages=pages,
                content=content.hex(),
                kiosk=kiosk,
                subject=tuple(subject),
                template=template,
            )
        case _:
            raise _Unreadable(f"not the claims of profile {PROFILE}")


def _texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _judge(payload: SealPayload, key: SigningKey, trust: TrustList, now: int) -> tuple[SealState, str]:
    """What a well-signed seal is worth."""
    if payload.issuer != key.issuer or not key.signs(payload.type_code):
        return SealState.NOT_GENUINE, f"key {key.kid} may not seal {payload.type_code} for {payload.issuer}"
    if not key.not_before <= payload.issued_at <= key.not_after:
        return SealState.NOT_GENUINE, f"issued while key {key.kid} was not valid"
    if key.revoked_since is not None and payload.issued_at >= key.revoked_since:
        return SealState.NOT_GENUINE, f"issued after key {key.kid} was revoked"
    if now > trust.next_update:
        return SealState.LIST_TOO_OLD, "the trust list is past its next update"
    if now > payload.expires_at:
        return SealState.EXPIRED, "past the period in which it can be checked"
    return SealState.GENUINE, ""
