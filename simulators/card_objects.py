"""What can be read from a PIV card without a PIN (NIST SP 800-73-4 part 1 §3 and appendix A; part 2 §3.1.1)."""

import uuid
from datetime import date
from functools import reduce
from operator import xor

from simulators.card_tlv import tlv

RID = bytes.fromhex("A000000308")
AID = RID + bytes.fromhex("000010000100")
CHUID, CAPABILITIES, CERTIFICATE, DISCOVERY = 0x5FC102, 0x5FC107, 0x5FC105, 0x7E
EC_P256 = 0x11

_CARD_NAMES = uuid.UUID(
    "6f1c2f0e-6c0a-5d0c-9a5e-7b1e0a4e0c5d"
)  # a card's GUID is its number in this name space
_START, _SEPARATOR, _END = 0xB, 0xD, 0xF


def property_template() -> bytes:
    """The answer to SELECT: which application this is, whose, and what it calculates."""
    return tlv(
        0x61,
        tlv(0x4F, AID[len(RID) :]),
        tlv(0x79, tlv(0x4F, RID)),
        tlv(0x50, b"Changgu identity card"),
        tlv(0xAC, tlv(0x80, bytes((EC_P256,))), tlv(0x06, b"\x00")),
    )


def objects(number: str, certificate: bytes, expires: date) -> dict[int, bytes]:
    """The data objects by tag, as GET DATA answers them. `number`: 12 digits; `certificate`: DER."""
    return {
        CHUID: _chuid(number, expires),
        CAPABILITIES: _capabilities(number),
        CERTIFICATE: tlv(0x53, tlv(0x70, certificate), tlv(0x71, b"\x00"), tlv(0xFE)),
        DISCOVERY: tlv(
            DISCOVERY, tlv(0x4F, AID), tlv(0x5F2F, b"\x40\x00")
        ),  # 40: the application's own PIN only
    }


def _chuid(number: str, expires: date) -> bytes:
    """The card holder's identifier: names a card, nobody's name. It is not signed; central knows its cards."""
    guid = uuid.uuid5(_CARD_NAMES, number).bytes
    issuer_and_card = fasc_n("9999", "9999", number[-6:], "11", number[-10:], "1" + "9999" + "1")
    return tlv(
        0x53,
        tlv(0x30, issuer_and_card),
        tlv(0x34, guid),
        tlv(0x35, expires.strftime("%Y%m%d").encode()),
        tlv(0x3E),
        tlv(0xFE),
    )


def _capabilities(number: str) -> bytes:
    """The card capability container: a GSC-IS card identifier, data model 10, nothing else in use."""
    identifier = bytes.fromhex("A000000116FF02") + number.encode().rjust(14, b"0")
    fields = {0xF0: identifier, 0xF1: b"\x21", 0xF2: b"\x21", 0xF3: b"", 0xF4: b"\x00", 0xF5: b"\x10"}
    empty = (0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE)
    return tlv(0x53, *(tlv(tag, value) for tag, value in fields.items()), *(tlv(tag) for tag in empty))


def fasc_n(agency: str, system: str, credential: str, series: str, person: str, association: str) -> bytes:
    """A FASC-N, 25 bytes: 40 characters of five bits, lowest bit first, odd parity (TIG SCEPACS 2.2 §6.1).

    Agency 9999 is nobody's in particular. `series` is credential series and issue, `person` ten digits,
    `association` category, organisation and relation.
    """
    characters = [_START]
    for field in (agency, system, credential, series[0], series[1]):
        characters += [*map(int, field), _SEPARATOR]
    characters += [*map(int, person + association), _END]
    characters.append(reduce(xor, characters))
    bits = "".join(_five_bits(character) for character in characters)
    return int(bits, 2).to_bytes(25, "big")


def _five_bits(character: int) -> str:
    return f"{character:04b}"[::-1] + ("0" if character.bit_count() % 2 else "1")
