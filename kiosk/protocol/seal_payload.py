"""What a seal says, without the means to sign or judge one: who only prints it loads no cryptography."""

from typing import Final

from msgspec import Struct

PREFIX: Final = "KC1:"
CONTENT_BYTES: Final = 16


class SealPayload(Struct, frozen=True):
    """What a seal says. Times are seconds since 1970; `number` has 16 digits; `content` is 32 hex digits.

    `subject` is what the certificate is about, as printed: for a parcel its location and its lot.
    `template` names the form and its version, e.g. `land/1`.
    """

    issuer: str
    issued_at: int
    expires_at: int
    number: str
    type_code: str
    pages: int
    content: str
    kiosk: str
    subject: tuple[str, ...]
    template: str


def content_prefix(content_hash: str) -> str:
    """The part of a content hash (64 hex digits) that a seal carries: its first 16 bytes, 32 hex digits."""
    return content_hash[: 2 * CONTENT_BYTES]
