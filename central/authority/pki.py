"""The demonstration's certificate authority: one CA, the server's certificate, one client certificate a machine.

ECDSA P-256 throughout. In production any EST server's CA takes this place; the shape of the certificates is the same:
a machine's id is the common name of its client certificate.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

CA_DAYS = 3650
CARD_DAYS = 3650
SERVER_DAYS = 397
KIOSK_DAYS = 365
_EARLY = timedelta(minutes=5)  # for a machine whose clock runs a little late

T = TypeVar("T")


class Identity(Struct, frozen=True):
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_ca(
    key: ec.EllipticCurvePrivateKey, now: datetime, called: str = "Changgu demonstration CA"
) -> x509.Certificate:
    """A self-signed root."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    builder = _builder(name, name, key, now, CA_DAYS, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage(ca=True), critical=True).sign(key, SHA256())


def make_server(ca: Identity, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """The certificate of the API listener, for localhost and the loopback addresses."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    hosts = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            *(x509.IPAddress(ip_address(address)) for address in ("127.0.0.1", "::1")),
        ]
    )
    builder = _leaf(ca, name, key, now, SERVER_DAYS, ExtendedKeyUsageOID.SERVER_AUTH)
    return builder.add_extension(hosts, critical=False).sign(ca.key, SHA256())


def make_kiosk(ca: Identity, kiosk: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """A machine's client certificate; its common name is the machine's id."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kiosk)])
    return _leaf(ca, name, key, now, KIOSK_DAYS, ExtendedKeyUsageOID.CLIENT_AUTH).sign(ca.key, SHA256())


def make_card(
    ca: Identity, number: str, policy: str, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    """The certificate on an identity card: it names the card by its number, nobody, and its kind by a policy.

    Good for ten years from `now`, which may lie in the past.
    """
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "행정안전부 (모의)"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, number),
        ]
    )
    kind = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)])
    builder = _leaf(ca, name, key, now, CARD_DAYS, ExtendedKeyUsageOID.CLIENT_AUTH)
    return builder.add_extension(kind, critical=False).sign(ca.key, SHA256())


def _leaf(
    ca: Identity,
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    purpose: x509.ObjectIdentifier,
) -> x509.CertificateBuilder:
    builder = _builder(name, ca.certificate.subject, key, now, days, ca.key)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(ca=False), critical=True)
    return builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLY)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority, critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
