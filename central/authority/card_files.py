"""The demonstration's identity cards as files: what the card simulator needs to be that card.

A file holds a private key and a PIN in clear; only a card that is simulated may exist like this.
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from central.authority import pki
from central.authority.pki import Identity, write_private
from central.registers.residents import known
from kiosk.protocol.identity import CITIZEN_CARD, STAFF_CARD

TRIES = 3
STAFF_NUMBER = "000000900001"
TRANSIT_NUMBER = "000000800001"
_KINDS = {"citizen": CITIZEN_CARD, "staff": STAFF_CARD}
_SINCE = timedelta(days=400)
_EXPIRED_SINCE = timedelta(days=pki.CARD_DAYS + 30)
_SPECIAL = {known.EXPIRED: "expired", known.LOST: "lost", known.NEWER: "newer", known.NOBODY: "unknown"}


class CardFile(Struct, frozen=True):
    """One card. `kind` is citizen, staff or transit; a transit card has neither key nor certificate."""

    label: str
    kind: str
    number: str
    pin: str
    tries: int
    key_pem: str = ""
    certificate_pem: str = ""


def demonstration_cards(authority: Identity, now: datetime) -> list[CardFile]:
    """The well-known people's cards, and those that are refused."""
    plain = [f"{index:012d}" for index in range(1, 11)]
    cards = [citizen_card(authority, number, now) for number in (*plain, *_SPECIAL)]
    staff = _card(authority, "staff", "staff", STAFF_NUMBER, now - _SINCE)
    return [*cards, staff, CardFile("transit", "transit", TRANSIT_NUMBER, pin_of(TRANSIT_NUMBER), TRIES)]


def citizen_card(authority: Identity, number: str, now: datetime) -> CardFile:
    """The card with this number, given out a while ago."""
    label = _SPECIAL.get(number, f"citizen-{int(number)}")
    age = _EXPIRED_SINCE if number == known.EXPIRED else _SINCE
    return _card(authority, label, "citizen", number, now - age)


def pin_of(number: str) -> str:
    """The PIN that a demonstration card is given: six digits, another one for each card."""
    return f"{(int(number) * 7919 + 115_537) % 1_000_000:06d}"


def write_cards(out: Path, cards: list[CardFile]) -> None:
    """One file a card, `LABEL.json`."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for card in cards:
        write_private(out / f"{card.label}.json", msgspec.json.format(msgspec.json.encode(card)))


def _card(authority: Identity, label: str, kind: str, number: str, since: datetime) -> CardFile:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = pki.make_card(authority, number, _KINDS[kind], key, since)
    return CardFile(
        label=label,
        kind=kind,
        number=number,
        pin=pin_of(number),
        tries=TRIES,
        key_pem=pki.key_pem(key).decode(),
        certificate_pem=pki.certificate_pem(certificate).decode(),
    )
