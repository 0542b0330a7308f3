"""Identity cards as central believes them: the certificate's chain, its validity and kind, and what its key signed.

The card is PIV-style (NIST SP 800-73-4): P-256, ECDSA over a hash that the host hands it. Its certificate holds the
card's twelve digits and no person.
"""

import re
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from msgspec import Struct

from kiosk.protocol.identity import CITIZEN_CARD, STAFF_CARD

NUMBER = re.compile(r"[0-9]{12}")
# Every way in which cryptography says that bytes are no certificate of ours.
_BROKEN = (
    ValueError,
    TypeError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class CardError(Exception):
    """A card that counts for nothing; `code` is one of kiosk.protocol.identity.REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Card(Struct, frozen=True):
    """A genuine card: its number, its kind (a policy), its key, and when it can be used."""

    number: str
    policy: str
    key: ec.EllipticCurvePublicKey
    not_before: datetime
    not_after: datetime


def read_card(authority: x509.Certificate, der: bytes, now: datetime) -> Card:
    """The card with this certificate, when `authority` has signed it. Raises CardError `card-invalid`."""
    if now > authority.not_valid_after_utc:
        raise CardError("card-invalid")
    try:
        certificate = x509.load_der_x509_certificate(der)
        certificate.verify_directly_issued_by(authority)
        return _card(certificate)
    except _BROKEN as error:
        raise CardError("card-invalid") from error


def check_signature(card: Card, statement: bytes, signature: bytes) -> None:
    """Raise CardError `card-invalid` unless the card signed the 32 bytes of `statement`."""
    try:
        card.key.verify(signature, statement, ec.ECDSA(Prehashed(SHA256())))
    except (InvalidSignature, ValueError) as error:
        raise CardError("card-invalid") from error


def check_use(card: Card, now: datetime) -> None:
    """Raise CardError unless it is a citizen's card (`card-wrong-kind`) that may be used now (`card-expired`)."""
    if card.policy != CITIZEN_CARD:
        raise CardError("card-wrong-kind")
    if now < card.not_before:
        raise CardError("card-invalid")
    if now > card.not_after:
        raise CardError("card-expired")


def _card(certificate: x509.Certificate) -> Card:
    """Raises one of `_BROKEN` when the certificate is not in the shape of a card's."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("a card's key is on P-256")
    extensions = certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    basic = extensions.get_extension_for_class(x509.BasicConstraints).value
    if basic.ca or not usage.digital_signature:
        raise ValueError("a card signs for itself and for nobody else")
    policies = extensions.get_extension_for_class(x509.CertificatePolicies).value
    kinds = [policy.policy_identifier.dotted_string for policy in policies]
    numbers = [str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    if len(kinds) != 1 or kinds[0] not in (CITIZEN_CARD, STAFF_CARD):
        raise ValueError("a card is of one known kind")
    if len(numbers) != 1 or not NUMBER.fullmatch(numbers[0]):
        raise ValueError("a card has one number of twelve digits")
    return Card(numbers[0], kinds[0], key, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
