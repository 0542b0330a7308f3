"""Cards made for a test: a key, a certificate of a card authority of the moment, and the file in RUN/sim/cards."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PIN = b"123456"
# docs/protocol.md: written out here, so that the kiosk's own constants are checked by it.
POLICIES = {"citizen": "1.3.6.1.4.1.99999.7.1", "staff": "1.3.6.1.4.1.99999.7.2"}
_DAY = timedelta(days=1)
_MADE = datetime(2026, 3, 2, tzinfo=UTC)


def put_card(run: Path, label: str, kind: str = "citizen", /, **other: object) -> Path:
    """A card file of this kind in the drawer of `run`; `other` fields replace what would stand in it."""
    key_pem, certificate_pem = ("", "") if kind == "transit" else _chip(label, kind)
    fields = {"label": label, "kind": kind, "number": _number(label), "pin": PIN.decode(), "tries": 3}
    file = run / "sim" / "cards" / f"{label}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**fields, "key_pem": key_pem, "certificate_pem": certificate_pem, **other}))
    return file


def certificate_of(file: Path) -> x509.Certificate:
    """What stands on the chip."""
    return x509.load_pem_x509_certificate(json.loads(file.read_text())["certificate_pem"].encode())


def _number(label: str) -> str:
    return f"{sum(label.encode()):012d}"


@cache
def _chip(label: str, kind: str) -> tuple[str, str]:
    """Key and certificate, PEM; the certificate's policy says whose card it is."""
    policy = x509.PolicyInformation(x509.ObjectIdentifier(POLICIES[kind]), None)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "행정안전부 (모의)"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, _number(label)),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Card authority of a test")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_MADE - _DAY)
        .not_valid_after(_MADE + 3650 * _DAY)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
        .sign(authority, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret.decode(), certificate.public_bytes(Encoding.PEM).decode()
