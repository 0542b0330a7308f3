"""Keys and certificates as files: made once, complete or not there at all, readable only by their owner."""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from central.problems import SetupError
from kiosk.console.named import naming


class PkiError(SetupError):
    """Keys or certificates are missing or unusable; the message names the file and the way out."""


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read; it is there whole and durable, or not at all."""
    unfinished = file.with_name(f".{file.name}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with naming(file), os.fdopen(handle, "wb") as stream:
        os.fchmod(handle, 0o600)
        stream.write(content)
        stream.flush()
        os.fsync(handle)
    os.replace(unfinished, file)


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; made first if it isn't there."""
    if not file.exists():
        write_private(file, make())
    return file.read_bytes()


def new_ec_key() -> bytes:
    """A fresh P-256 key as PEM."""
    return key_pem(ec.generate_private_key(ec.SECP256R1()))


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as unencrypted PKCS#8 PEM (the file's mode guards it)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def load_ec_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """A P-256 key from a PEM file. Raises PkiError."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise PkiError(f"{file}: cannot be read ({error.strerror}); run `central init` first") from error
    except ValueError as error:
        raise PkiError(f"{file}: not a private key; restore it from its backup") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PkiError(f"{file}: not a P-256 key")
    return key
