"""The virtual card: bytes in, bytes out. A PIV card (NIST SP 800-73-4 part 2) with one key, P-256, in slot 9A.

Selection, the verified PIN and half-done chains are volatile; the tries left are not.
"""

import hashlib
import hmac
from functools import reduce
from operator import xor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.card_apdu import Command, Dialogue, Refused, Sw
from simulators.card_file import CardFile
from simulators.card_objects import AID, EC_P256, RID, objects, property_template
from simulators.card_tlv import BadTlv, read_tlv, tlv
from simulators.memory import Memory

_SELECT, _GET_DATA, _VERIFY, _SIGN = 0xA4, 0xCB, 0x20, 0x87
_PIN_REFERENCE, _AUTHENTICATION_KEY = 0x80, 0x9A
_PIN_BYTES, _HASH_BYTES = 8, 32
_TEMPLATE, _CHALLENGE, _RESPONSE = 0x7C, 0x81, 0x82


def _atr(historical: bytes) -> bytes:
    """Answer to reset (ISO/IEC 7816-3 §8): direct convention, T=1, these historical bytes, check byte."""
    body = bytes((0x80 | len(historical), 0x01)) + historical
    return b"\x3b" + body + bytes((reduce(xor, body),))


# Compact TLV: card capabilities (selects by whole and partial name; chains commands), then the issuer's own word.
IDENTITY_ATR = _atr(bytes.fromhex("8073C0218053") + b"CGS")
TRANSIT_ATR = _atr(bytes.fromhex("8053") + b"CGT")


def card_memory(path: Path | None, card: CardFile) -> Memory:
    """The tries left. A new card under an old label (another number or key) starts with all of its own."""
    memory = Memory(path, issue="", tries=0)
    if memory.text("issue") != _issue(card):
        memory.keep(issue=_issue(card), tries=card.tries)
    return memory


def tries_left(path: Path, card: CardFile) -> int:
    """What `card_memory` of this card would say, without making it one."""
    memory = Memory(path, issue="", tries=0)
    return memory.number("tries") if memory.text("issue") == _issue(card) else card.tries


def _issue(card: CardFile) -> str:
    return hashlib.sha256(f"{card.number} {card.key_pem}".encode()).hexdigest()


class Chip:
    """One card. `answer` takes any bytes and gives a response APDU; it never raises and is never empty."""

    def __init__(self, card: CardFile, memory: Memory) -> None:
        """Raises BadCard when key or certificate cannot be read."""
        self.card = card
        self.atr = IDENTITY_ATR if card.identifies else TRANSIT_ATR
        self._memory = memory
        self._objects: dict[int, bytes] = {}
        if card.identifies:
            self._key = card.key()
            certificate = card.certificate()
            expires = certificate.not_valid_after_utc.date()
            self._objects = objects(card.number, certificate.public_bytes(Encoding.DER), expires)
        self._dialogue = Dialogue(self._perform)
        self.reset()

    def reset(self) -> None:
        """The power went, or the reset line was pulled."""
        self._selected = False
        self._verified = False
        self._dialogue.reset()

    @property
    def tries(self) -> int:
        """Wrong PINs that are still allowed."""
        return self._memory.number("tries")

    @property
    def blocked(self) -> bool:
        """Whether no PIN opens it any more."""
        return self.card.identifies and self.tries == 0

    def unblock(self) -> None:
        """What an office does with its own keys: all tries are there again."""
        self._memory.keep(tries=self.card.tries)

    def block(self) -> None:
        """What somebody does who types wrong PINs elsewhere until there is no try left."""
        self._memory.keep(tries=0)

    def answer(self, apdu: bytes) -> bytes:
        """The response APDU: at most 256 bytes of data and a status word."""
        return self._dialogue.answer(apdu)

    def _perform(self, command: Command) -> bytes:
        if command.ins == _SELECT:
            return self._select(command)
        known = {_GET_DATA: self._get_data, _VERIFY: self._verify, _SIGN: self._sign}
        if command.ins not in known:
            raise Refused(Sw.NO_INSTRUCTION)
        if not self._selected:
            raise Refused(Sw.CONDITIONS)
        return known[command.ins](command)

    def _select(self, command: Command) -> bytes:
        """By name, whole or cut at its right. Selecting it again takes no verified PIN away (part 2 §3.1.1)."""
        if (command.p1, command.p2) != (0x04, 0x00):
            raise Refused(Sw.BAD_PARAMETERS)
        named = len(command.data) >= len(RID) and AID.startswith(command.data)
        if not named or not self.card.identifies:
            raise Refused(Sw.NOT_FOUND)
        self._selected = True
        return property_template()

    def _get_data(self, command: Command) -> bytes:
        """A data object by its tag (part 2 §3.1.2)."""
        if (command.p1, command.p2) != (0x3F, 0xFF):
            raise Refused(Sw.BAD_PARAMETERS)
        wanted = _read(command.data)
        if len(wanted) != 1 or wanted[0][0] != 0x5C:
            raise Refused(Sw.BAD_DATA)
        found = self._objects.get(int.from_bytes(wanted[0][1], "big"))
        if found is None:
            raise Refused(Sw.NOT_FOUND)
        return found

    def _verify(self, command: Command) -> bytes:
        """The PIN, padded with FF; without one, how many tries are left; P1 FF forgets it (part 2 §3.2.1)."""
        if command.p2 != _PIN_REFERENCE:
            raise Refused(Sw.NO_REFERENCE)
        if command.p1 == 0xFF and not command.data:
            self._verified = False
            return b""
        if command.p1 != 0:
            raise Refused(Sw.BAD_PARAMETERS)
        if not command.data:
            if self._verified:
                return b""
            raise Refused(Sw.WRONG_PIN + self.tries if self.tries else Sw.BLOCKED)
        self._check_pin(command.data)
        return b""

    def _check_pin(self, given: bytes) -> None:
        if self.tries == 0:
            raise Refused(Sw.BLOCKED)
        digits = given.rstrip(b"\xff")
        # What cannot be a PIN costs no try.
        if len(given) != _PIN_BYTES or len(digits) < 6 or not digits.isdigit():
            raise Refused(Sw.BAD_DATA)
        # The try is gone before the PIN is looked at: who pulls the card in between has had it.
        self._verified = False
        self._memory.keep(tries=self.tries - 1)
        if not hmac.compare_digest(digits, self.card.pin.encode()):
            raise Refused(Sw.WRONG_PIN + self.tries)
        self._memory.keep(tries=self.card.tries)
        self._verified = True

    def _sign(self, command: Command) -> bytes:
        """GENERAL AUTHENTICATE with a hash of 32 bytes: an ECDSA signature, DER (part 2 §3.2.4, A.3)."""
        if (command.p1, command.p2) != (EC_P256, _AUTHENTICATION_KEY):
            raise Refused(Sw.BAD_PARAMETERS)
        asked = _read(command.data)
        if [tag for tag, _ in asked] != [_TEMPLATE]:
            raise Refused(Sw.BAD_DATA)
        fields = dict(_read(asked[0][1]))
        if (
            fields.get(_RESPONSE) != b""
            or len(fields.get(_CHALLENGE, b"")) != _HASH_BYTES
            or len(fields) != 2
        ):
            raise Refused(Sw.BAD_DATA)
        if not self._verified:
            raise Refused(Sw.NOT_ALLOWED)
        signature = self._key.sign(fields[_CHALLENGE], ECDSA(Prehashed(SHA256())))
        return tlv(_TEMPLATE, tlv(_RESPONSE, signature))


def _read(data: bytes) -> list[tuple[int, bytes]]:
    try:
        return read_tlv(data)
    except BadTlv:
        raise Refused(Sw.BAD_DATA) from None
