"""The authority's data folder: which files it holds, made once, and the keys that a running server uses.

keys/     ca, server, signing/ (ES256), sealing (X25519), cards (the card authority), subject (HMAC): mode 0600
machines/ one file a machine that was enrolled; taking it away shuts the machine out
trust.cbor, trust-root.pem   the signed list of signing keys, and the root that has signed it
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

from central import key_files
from central.authority import pki
from central.authority.folder import Folder
from central.authority.pki import Identity
from central.authority.trust_lists import Signing, TrustLists
from central.key_files import PkiError, load_ec_key, read_or_make, write_private
from kiosk.protocol import sealing
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE

__all__ = [
    "Enrolment",
    "Folder",
    "Keys",
    "all_enrolled",
    "card_authority",
    "enrol",
    "enrolled",
    "load_keys",
    "make_folder",
]

SUBJECT_KEY_BYTES = 32
CARD_AUTHORITY = "Changgu demonstration card CA"
_RENEW_BEFORE = timedelta(days=30)
_SAID = 64  # of what is no id, so much is repeated
KIOSK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")


class Enrolment(Struct, frozen=True):
    """A machine's file: whose certificate counts."""

    kiosk: str
    serial: str
    enrolled_at: str
    not_after: str


class Keys(Struct, frozen=True):
    """What a running server signs and opens with, whose cards it believes, and what it makes pseudonyms with."""

    lists: TrustLists
    sealing: X25519PrivateKey
    cards: x509.Certificate
    subject: bytes

    @property
    def trust(self) -> TrustList:
        """The published list. Raises PkiError."""
        return self.lists.now

    def signing(self, now: datetime) -> Signing:
        """The key that seals at `now`. Raises PkiError where there is none."""
        return self.lists.signing(now)


def make_folder(folder: Folder, now: datetime) -> None:
    """Make what is missing and renew the server's certificate when it is due; what is there stays."""
    for part in (folder.data, folder.data / "keys", folder.machines):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("ca.key", "server.key", "cards.key"):
        read_or_make(folder.key(name), key_files.new_ec_key)
    read_or_make(folder.key("sealing.key"), _new_sealing_key)
    read_or_make(folder.key("subject.key"), lambda: secrets.token_bytes(SUBJECT_KEY_BYTES))
    TrustLists(folder).create(_sealing_key(folder).public_key().public_bytes_raw(), now)
    ca_key = load_ec_key(folder.key("ca.key"))
    read_or_make(folder.key("ca.pem"), lambda: key_files.certificate_pem(pki.make_ca(ca_key, now)))
    cards_key = load_ec_key(folder.key("cards.key"))
    read_or_make(
        folder.key("cards.pem"),
        lambda: key_files.certificate_pem(pki.make_ca(cards_key, now, CARD_AUTHORITY)),
    )
    _server_certificate(folder, now)


def card_authority(folder: Folder) -> Identity:
    """Who signs identity cards, with the private half. Raises PkiError."""
    return Identity(_certificate(folder.key("cards.pem")), load_ec_key(folder.key("cards.key")))


def load_keys(folder: Folder, now: datetime) -> Keys:
    """The keys for serving. Raises PkiError when one is missing, or may not sign any more."""
    lists = TrustLists(folder)
    lists.signing(now)
    return Keys(lists, _sealing_key(folder), _certificate(folder.key("cards.pem")), _subject_key(folder))


def enrol(folder: Folder, kiosk: str, out: Path, now: datetime) -> None:
    """Give a machine its certificate and all it has to trust: kiosk.pem, kiosk.key, ca.pem, the signed list, its root.

    An earlier certificate of the same machine stops counting. Raises PkiError.
    """
    if not KIOSK_ID.fullmatch(kiosk):
        said = kiosk if len(kiosk) <= _SAID else f"{kiosk[:_SAID]}…"
        raise PkiError(f"a machine's id is letters, digits and hyphens, 32 at most; {said!r} is not")
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
    # First what says whose folder it is (central/commands/places.py): it may end after any of them.
    write_private(out / "ca.pem", key_files.certificate_pem(ca.certificate))
    write_private(out / "kiosk.key", key_files.key_pem(key))
    write_private(out / "kiosk.pem", key_files.certificate_pem(certificate))
    write_private(out / ROOT_FILE, folder.trust_root.read_bytes())
    write_private(out / LIST_FILE, folder.trust_list.read_bytes())
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
    write_private(file, key_files.certificate_pem(certificate))


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
