"""The demonstration's identity cards as files: what the card simulator needs to be that card.

A file holds a private key and a PIN in clear; only a card that is simulated may exist like this.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from central import key_files
from central.authority import pki
from central.authority.pki import Identity
from central.key_files import write_private
from central.registers.residents import known
from kiosk.protocol.identity import CITIZEN_CARD, STAFF_CARD

TRIES = 3
FIRST_CARD = "citizen-1"  # written before all others; whose cards they are is read from it
STAFF_NUMBER = "000000900001"
TRANSIT_NUMBER = "000000800001"
_KINDS = {"citizen": CITIZEN_CARD, "staff": STAFF_CARD}
_SINCE = timedelta(days=400)
_EXPIRED_SINCE = timedelta(days=pki.CARD_DAYS + 30)
# As the dock shows it to whoever plays the citizen: short, Korean and English.
_ABOUT = {
    "citizen-1": "네 식구, 차 두 대 · family of four, two cars",
    "citizen-2": "아홉 식구 · nine people",
    "citizen-3": "혼자 삶 · lives alone",
    "citizen-4": "열여섯 살 · sixteen",
    "citizen-5": "사망 · deceased",
    "citizen-6": "주소 보호 · protected",
    "citizen-7": "전출 중 · moving away",
    "citizen-8": "정정 중 · under change",
    "citizen-9": "긴 이름 · long name",
    "citizen-10": "드문 한자 · rare hanja",
    "expired": "기한 지남 · expired",
    "lost": "분실 신고됨 · lost",
    "newer": "다시 받은 것 · newer one",
    "unknown": "모르는 번호 · unknown",
    "staff": "직원 카드 · staff card",
    "transit": "교통카드 · transit card",
}
_SPECIAL = {known.EXPIRED: "expired", known.LOST: "lost", known.NEWER: "newer", known.NOBODY: "unknown"}


class CardFile(Struct, frozen=True):
    """One card. `kind` is citizen, staff or transit; a transit card has neither key nor certificate.

    `face` is the name printed on it, `about` what it is good for; whoever plays its holder reads them, no reader can.
    """

    label: str
    kind: str
    number: str
    pin: str
    tries: int
    key_pem: str = ""
    certificate_pem: str = ""
    face: str = ""
    about: str = ""


def demonstration_cards(authority: Identity, now: datetime) -> list[CardFile]:
    """The well-known people's cards, and those that are refused."""
    plain = [f"{index:012d}" for index in range(1, 11)]
    cards = [citizen_card(authority, number, now) for number in (*plain, *_SPECIAL)]
    staff = _card(authority, "staff", "staff", STAFF_NUMBER, now - _SINCE)
    pin, about = pin_of(TRANSIT_NUMBER), _ABOUT["transit"]
    transit = CardFile("transit", "transit", TRANSIT_NUMBER, pin, TRIES, about=about)
    return [*cards, staff, transit]


def with_faces(cards: list[CardFile], names: Mapping[str, str]) -> list[CardFile]:
    """The cards with the name of their holder on them, where `names` has one for their number."""
    return [msgspec.structs.replace(card, face=names.get(card.number, "")) for card in cards]


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
        key_pem=key_files.key_pem(key).decode(),
        certificate_pem=key_files.certificate_pem(certificate).decode(),
        about=_ABOUT.get(label, ""),
    )
