"""A heartbeat as central reads it: the machine's words as they came, whether or not this central knows them.

A machine may be newer than central and tell of a device, a state or a reason that has no name here; one that would be
refused for it could not tell of anything. So codes are text, what is missing has a default, and the pages say of an
unknown code that it is unknown (central/vocabulary). Field by field it is `kiosk.protocol.central.Heartbeat`; a test
holds the two together. For the same reason a number that can't be is None, which is unknown, and the rest is taken.
"""

import re

import msgspec
from msgspec import Struct

from kiosk.protocol.not_json import NOT_JSON

_FURTHEST = 2**53  # beyond it two JSON readers may disagree on a number (RFC 8259, section 6)
_DIGITS = 16  # of 2**53; Python refuses to read very many
# A text, ended or not, is taken in one go and never looked through again: else quotes alone would take minutes.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?', re.DOTALL)
Whole = int | None


class BeatReason(Struct, frozen=True):
    """Why a device is not simply ready."""

    code: str
    severity: str = "error"
    detail: str = ""


class BeatDevice(Struct, frozen=True):
    """A device's whole state."""

    device: str
    state: str
    reasons: tuple[BeatReason, ...] = ()
    identity: dict[str, str] = {}
    counters: dict[str, Whole] = {}
    capabilities: tuple[str, ...] = ()
    epoch: Whole = 0


class BeatType(Struct, frozen=True):
    """Whether a certificate type can be sold, and if not, why."""

    type_code: str
    sellable: bool
    reason: str = ""


class Beat(Struct, frozen=True):
    """One heartbeat. Without a name, a time and a state it is none."""

    kiosk: str
    at_ms: Whole
    state: str
    boot: str = ""
    uptime_s: Whole = 0
    version: str = ""
    catalogue: str = ""
    templates: str = ""
    devices: tuple[BeatDevice, ...] = ()
    types: tuple[BeatType, ...] = ()
    counters: dict[str, Whole] = {}
    outbox: Whole = 0
    oldest_outbox_s: Whole = 0
    journal_seq: Whole = 0
    journal_head: str = ""


def head_seq(beat: Beat) -> int | None:
    """The seq that the machine calls its journal's head; None: no journal has such a head."""
    seq = beat.journal_seq
    return seq if seq is not None and seq >= 0 else None


def known_numbers(body: bytes) -> bytes:
    """A heartbeat's JSON with null for each number that is not whole, or beyond what every reader reads alike."""
    return _TOKEN.sub(_known, body)


def stored_beat(content: bytes) -> Beat | None:
    """A heartbeat out of the store; None when it is not to be read (another version wrote it, or the disk is bad)."""
    try:
        return msgspec.json.decode(known_numbers(content), type=Beat)
    except NOT_JSON:
        return None


def _known(found: re.Match[bytes]) -> bytes:
    token = found.group()
    if token.startswith(b'"'):
        return token
    digits = token.removeprefix(b"-")
    whole = digits.isdigit() and len(digits) <= _DIGITS
    return token if whole and int(digits) < _FURTHEST else b"null"
