"""What the kiosk reads in a card's certificate: what kind of card, until when, which key. Central alone trusts it."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.protocol.identity import CITIZEN_CARD


class CertificateError(Exception):
    """Not a certificate of an identity card. The message holds nothing of it."""


class CardCertificate:
    """A certificate (DER) with a P-256 key. `citizen`: its policy says a citizen's card; `valid_until_s` since 1970."""

    def __init__(self, der: bytes, key: ec.EllipticCurvePublicKey, citizen: bool, valid_until_s: int) -> None:
        self.der = der
        self.citizen = citizen
        self.valid_until_s = valid_until_s
        self._key = key

    def signed(self, statement: bytes, signature: bytes) -> bool:
        """Whether this card's key made `signature` (DER) over `statement`, a SHA-256."""
        try:
            self._key.verify(signature, statement, ec.ECDSA(Prehashed(SHA256())))
        except InvalidSignature:
            return False
        return True


def read_certificate(der: bytes) -> CardCertificate:
    """Take a certificate apart. Raises CertificateError."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
        until = int(certificate.not_valid_after_utc.timestamp())
    except x509.ExtensionNotFound:
        raise CertificateError("no policy says whose card this is") from None
    except (
        Exception
    ) as error:  # the library's parsers raise a dozen kinds, and whoever made the card may choose
        raise CertificateError(type(error).__name__) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CertificateError("no P-256 key")
    kinds = {policy.policy_identifier.dotted_string for policy in policies}
    return CardCertificate(der, key, CITIZEN_CARD in kinds, until)
