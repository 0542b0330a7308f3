"""The authority's data folder: which files it holds, made once, and the keys that a running server uses.

keys/     ca, server, signing (ES256), sealing (X25519), cards (the card authority), subject (HMAC): mode 0600
machines/ one file a machine that was enrolled; taking it away shuts the machine out
central.db, register.db, residents.db
"""

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Struct

from central.authority import pki
from central.authority.pki import Identity, PkiError, load_ec_key, read_or_make, write_private
from central.registers.district import ISSUER, OFFICE
from kiosk.protocol import sealing
from kiosk.protocol.trust import ANY_TYPE, SigningKey, TrustList, kid_of, spki_of, trust_json

SIGNING_DAYS = 730
TRUST_DAYS = 365
SUBJECT_KEY_BYTES = 32
CARD_AUTHORITY = "Changgu demonstration card CA"
_RENEW_BEFORE = timedelta(days=30)
KIOSK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")


class Folder(Struct, frozen=True):
    """Where everything is."""

    data: Path

    @property
    def database(self) -> Path:
        """Central's own database."""
        return self.data / "central.db"

    @property
    def register(self) -> Path:
        """The land register."""
        return self.data / "register.db"

    @property
    def residents(self) -> Path:
        """The resident register."""
        return self.data / "residents.db"

    @property
    def records(self) -> Path:
        """The registers in item form."""
        return self.data / "records.db"

    @property
    def bundles(self) -> Path:
        """What is published to the machines, signed."""
        return self.data / "bundles"

    @property
    def required(self) -> Path:
        """What is asked of the machines' bundles."""
        return self.data / "required.json"

    @property
    def types(self) -> Path:
        """Certificate types that were added to those of certs_templates/."""
        return self.data / "types"

    @property
    def machines(self) -> Path:
        """One file a machine."""
        return self.data / "machines"

    def key(self, name: str) -> Path:
        """A file of the keys folder."""
        return self.data / "keys" / name


class SigningTerm(Struct, frozen=True):
    """In which period the signing key may seal, seconds since 1970."""

    not_before: int
    not_after: int


class Enrolment(Struct, frozen=True):
    """A machine's file: whose certificate counts."""

    kiosk: str
    serial: str
    enrolled_at: str
    not_after: str


class Keys(Struct, frozen=True):
    """What a running server signs and opens with, whose cards it believes, and what it makes pseudonyms with."""

    signing: ec.EllipticCurvePrivateKey
    kid: str
    sealing: X25519PrivateKey
    trust: TrustList
    cards: x509.Certificate
    subject: bytes


def make_folder(folder: Folder, now: datetime) -> None:
    """Make what is missing and renew the server's certificate when it is due; what is there stays."""
    for part in (folder.data, folder.data / "keys", folder.machines):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("ca.key", "server.key", "signing.key", "cards.key"):
        read_or_make(folder.key(name), pki.new_ec_key)
    read_or_make(folder.key("sealing.key"), _new_sealing_key)
    read_or_make(folder.key("subject.key"), lambda: secrets.token_bytes(SUBJECT_KEY_BYTES))
    term = SigningTerm(int(now.timestamp()), int((now + timedelta(days=SIGNING_DAYS)).timestamp()))
    read_or_make(folder.key("signing.json"), lambda: msgspec.json.encode(term))
    ca_key = load_ec_key(folder.key("ca.key"))
    read_or_make(folder.key("ca.pem"), lambda: pki.certificate_pem(pki.make_ca(ca_key, now)))
    cards_key = load_ec_key(folder.key("cards.key"))
    read_or_make(
        folder.key("cards.pem"), lambda: pki.certificate_pem(pki.make_ca(cards_key, now, CARD_AUTHORITY))
    )
    _server_certificate(folder, now)


def card_authority(folder: Folder) -> Identity:
    """Who signs identity cards, with the private half. Raises PkiError."""
    return Identity(_certificate(folder.key("cards.pem")), load_ec_key(folder.key("cards.key")))


def load_keys(folder: Folder, now: datetime) -> Keys:
    """The keys for serving. Raises PkiError when one is missing, or may not sign any more."""
    signing = load_ec_key(folder.key("signing.key"))
    trust = trust_list(folder, now)
    if not trust.keys[0].not_before <= now.timestamp() <= trust.keys[0].not_after:
        raise PkiError(f"the signing key's term is over (or the clock is wrong: it says {now.isoformat()})")
    cards = _certificate(folder.key("cards.pem"))
    return Keys(signing, trust.keys[0].kid, _sealing_key(folder), trust, cards, _subject_key(folder))


def trust_list(folder: Folder, now: datetime) -> TrustList:
    """What verifiers and machines trust, as of now. Raises PkiError."""
    spki = spki_of(load_ec_key(folder.key("signing.key")).public_key())
    try:
        term = msgspec.json.decode(folder.key("signing.json").read_bytes(), type=SigningTerm)
    except (OSError, msgspec.DecodeError) as error:
        raise PkiError(f"{folder.key('signing.json')}: unusable; restore it from its backup") from error
    key = SigningKey(
        kid=kid_of(spki),
        spki=spki,
        issuer=ISSUER,
        types=(ANY_TYPE,),
        not_before=term.not_before,
        not_after=term.not_after,
        name=OFFICE,
    )
    return TrustList(
        version=1,
        issued_at=int(now.timestamp()),
        next_update=int((now + timedelta(days=TRUST_DAYS)).timestamp()),
        keys=(key,),
        sealing_key=_sealing_key(folder).public_key().public_bytes_raw(),
    )


def enrol(folder: Folder, kiosk: str, out: Path, now: datetime) -> None:
    """Give a machine its certificate and all it has to trust: kiosk.pem, kiosk.key, ca.pem, trust.json.

    An earlier certificate of the same machine stops counting. Raises PkiError.
    """
    if not KIOSK_ID.fullmatch(kiosk):
        raise PkiError(f"a machine's id is letters, digits and hyphens, 32 at most; {kiosk!r} is not")
    ca = Identity(_certificate(folder.key("ca.pem")), load_ec_key(folder.key("ca.key")))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = pki.make_kiosk(ca, kiosk, key, now)
    enrolment = Enrolment(
        kiosk=kiosk,
        serial=f"{certificate.serial_number:X}",
        enrolled_at=now.isoformat(timespec="seconds"),
        not_after=certificate.not_valid_after_utc.isoformat(timespec="seconds"),
    )
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(out / "kiosk.key", pki.key_pem(key))
    write_private(out / "kiosk.pem", pki.certificate_pem(certificate))
    write_private(out / "ca.pem", pki.certificate_pem(ca.certificate))
    write_private(out / "trust.json", trust_json(trust_list(folder, now)))
    write_private(folder.machines / f"{kiosk}.json", msgspec.json.encode(enrolment))


def enrolled(folder: Folder, kiosk: str) -> Enrolment | None:
    """The machine's enrolment as it is now, None when it has none."""
    if not KIOSK_ID.fullmatch(kiosk):
        return None
    try:
        return msgspec.json.decode((folder.machines / f"{kiosk}.json").read_bytes(), type=Enrolment)
    except (OSError, msgspec.DecodeError):
        return None


def all_enrolled(folder: Folder) -> list[str]:
    """The ids of all machines, in order."""
    names = (name.removesuffix(".json") for name in os.listdir(folder.machines) if name.endswith(".json"))
    return sorted(name for name in names if KIOSK_ID.fullmatch(name))


def _new_sealing_key() -> bytes:
    return sealing.new_key()[0].private_bytes_raw()


def _server_certificate(folder: Folder, now: datetime) -> None:
    file = folder.key("server.pem")
    if file.exists() and _certificate(file).not_valid_after_utc > now + _RENEW_BEFORE:
        return
    ca = Identity(_certificate(folder.key("ca.pem")), load_ec_key(folder.key("ca.key")))
    certificate = pki.make_server(ca, load_ec_key(folder.key("server.key")), now)
    write_private(file, pki.certificate_pem(certificate))


def _certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except OSError as error:
        raise PkiError(f"{file}: cannot be read ({error.strerror}); run `central init` first") from error
    except ValueError as error:
        raise PkiError(f"{file}: not a certificate; restore it from its backup") from error


def _subject_key(folder: Folder) -> bytes:
    file = folder.key("subject.key")
    try:
        key = file.read_bytes()
    except OSError as error:
        raise PkiError(f"{file}: cannot be read ({error.strerror}); run `central init` first") from error
    if len(key) != SUBJECT_KEY_BYTES:
        raise PkiError(f"{file}: not {SUBJECT_KEY_BYTES} bytes; restore it from its backup")
    return key


def _sealing_key(folder: Folder) -> X25519PrivateKey:
    try:
        return sealing.load_private(folder.key("sealing.key").read_bytes())
    except OSError as error:
        cause = f"cannot be read ({error.strerror}); run `central init` first"
        raise PkiError(f"{folder.key('sealing.key')}: {cause}") from error
    except sealing.SealingError as error:
        raise PkiError(f"{folder.key('sealing.key')}: {error}; restore it from its backup") from error
