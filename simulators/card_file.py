"""The cards in the drawer: RUN/sim/cards/<label>.json, as the card office leaves them for the desk."""

import re
from pathlib import Path
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_NUMBER = re.compile(r"[0-9]{12}")
_PIN = re.compile(r"[0-9]{6,8}")
_MAX_TRIES = 15


class BadCard(Exception):
    """There is no such card, or its file makes no card; the text says why."""


class CardFile(Struct, frozen=True):
    """A card as it was handed out. A `transit` card has no PIV application: no key, no certificate.

    `number` has 12 digits, `pin` 6 to 8, `tries` is how many wrong PINs in a row block it. `key_pem` is PKCS #8.
    `face` is the name printed on it and `about` what is worth knowing of it: for the eye, neither is on the chip.
    """

    label: str
    kind: Literal["citizen", "staff", "transit"]
    number: str
    pin: str = ""
    tries: int = 3
    key_pem: str = ""
    certificate_pem: str = ""
    face: str = ""
    about: str = ""

    @property
    def identifies(self) -> bool:
        """Whether there is a PIV application on it."""
        return self.kind != "transit"

    def key(self) -> EllipticCurvePrivateKey:
        """The chip's own key, on P-256. Raises BadCard."""
        try:
            key = load_pem_private_key(self.key_pem.encode(), None)
        except (ValueError, TypeError) as error:
            raise BadCard(f"{self.label} has no readable key ({error})") from None
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise BadCard(f"{self.label} has a key that is not on P-256")
        return key

    def certificate(self) -> x509.Certificate:
        """The certificate on the chip. Whether it belongs to the key, or to anybody, is not the card's business."""
        try:
            return x509.load_pem_x509_certificate(self.certificate_pem.encode())
        except ValueError as error:
            raise BadCard(f"{self.label} has no readable certificate ({error})") from None


def labels(folder: Path) -> list[str]:
    """The cards that are in `folder`, by label."""
    return sorted(file.stem for file in folder.glob("*.json") if _LABEL.fullmatch(file.stem))


def read_card(folder: Path, label: str) -> CardFile:
    """The card `label` from `folder`. Raises BadCard."""
    if not _LABEL.fullmatch(label):
        raise BadCard("a card's label is 1 to 40 letters, digits, - and _")
    try:
        card = msgspec.json.decode((folder / f"{label}.json").read_bytes(), type=CardFile)
    except OSError:
        raise BadCard(f"there is no card {label!r} in {folder}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadCard(f"{label}.json is no card file ({error})") from None
    if card.label != label:
        raise BadCard(f"{label}.json holds the card {card.label!r}")
    if not _NUMBER.fullmatch(card.number):
        raise BadCard(f"{label} has no number of 12 digits")
    if card.identifies and not (_PIN.fullmatch(card.pin) and 1 <= card.tries <= _MAX_TRIES):
        raise BadCard(f"{label} needs a PIN of 6 to 8 digits and 1 to {_MAX_TRIES} tries")
    return card
