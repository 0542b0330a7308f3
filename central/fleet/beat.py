"""A heartbeat as central reads it: the machine's words as they came, whether or not this central knows them.

A machine may be newer than central and tell of a device, a state or a reason that has no name here; one that would be
refused for it could not tell of anything. So codes are text, what is missing has a default, and the pages say of an
unknown code that it is unknown (central/vocabulary). Field by field it is `kiosk.protocol.central.Heartbeat`; a test
holds the two together.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

_FURTHEST = 2**53  # beyond it two JSON readers may disagree on a number (RFC 8259, section 6)


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
    counters: dict[str, int] = {}
    capabilities: tuple[str, ...] = ()
    epoch: int = 0


class BeatType(Struct, frozen=True):
    """Whether a certificate type can be sold, and if not, why."""

    type_code: str
    sellable: bool
    reason: str = ""


class Beat(Struct, frozen=True):
    """One heartbeat. Without a name, a time and a state it is none."""

    kiosk: str
    at_ms: int
    state: str
    boot: str = ""
    uptime_s: int = 0
    version: str = ""
    catalogue: str = ""
    templates: str = ""
    devices: tuple[BeatDevice, ...] = ()
    types: tuple[BeatType, ...] = ()
    counters: dict[str, int] = {}
    outbox: int = 0
    oldest_outbox_s: int = 0
    journal_seq: int = 0
    journal_head: str = ""


def in_bounds(beat: Beat) -> bool:
    """Whether its numbers are such as every JSON reader reads alike, and the journal has no row before the first."""
    return beat.journal_seq >= 0 and all(-_FURTHEST < number < _FURTHEST for number in _numbers(beat))


def stored_beat(content: bytes) -> Beat | None:
    """A heartbeat out of the store; None when it is not to be read (another version wrote it, or the disk is bad)."""
    try:
        return msgspec.json.decode(content, type=Beat)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, TypeError):
        return None


def _numbers(beat: Beat) -> Iterator[int]:
    yield from (beat.at_ms, beat.uptime_s, beat.outbox, beat.oldest_outbox_s, beat.journal_seq)
    yield from beat.counters.values()
    for device in beat.devices:
        yield device.epoch
        yield from device.counters.values()
