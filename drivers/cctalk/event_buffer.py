"""The event buffer and the lifetime count of a device that takes money, alike for coins and notes. Pure.

ccTalk headers 229 (coins) and 159 (notes) keep the newest five events and a counter 1..255 (255 is followed by 1; 0
means that the device was reset). Header 225 counts coins or notes for life (24 bits).
"""

from typing import Final

from msgspec import Struct

from drivers.contract import SPAN_24

BUFFERED_EVENTS = 5
# Nobody takes so much money before core books it; a device that says so must not fill the memory.
MOST_UNBOOKED = 1_000
# ccTalk's lifetime counts have three bytes.
SPAN: Final = SPAN_24
_PLAUSIBLE_PIECES = 1 << 20


class Fresh(Struct, frozen=True):
    """New events, oldest first, as (counter after it, A, B). `missed` older ones are no longer in the buffer."""

    events: tuple[tuple[int, int, int], ...]
    missed: int
    reset: bool


def parse_event_buffer(data: bytes) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Counter and the (A, B) pairs, newest first, of an answer to header 229 or 159 (11 bytes)."""
    return data[0], tuple((data[i], data[i + 1]) for i in range(1, 2 * BUFFERED_EVENTS, 2))


def fresh_events(last: int, counter: int, newest_first: tuple[tuple[int, int], ...]) -> Fresh:
    """What happened since the counter stood at `last`. A counter of 0 after another value is a reset."""
    if counter == 0:
        return Fresh((), 0, reset=last != 0)
    delta = counter - last if counter >= last else counter - last + 255
    seen = newest_first[: min(delta, BUFFERED_EVENTS)]
    events = tuple((_back(counter, age), a, b) for age, (a, b) in enumerate(seen))
    return Fresh(events[::-1], delta - len(seen), reset=False)


def _back(counter: int, steps: int) -> int:
    """The counter `steps` events earlier: 1 follows 255, and 0 follows only a reset."""
    return (counter - steps - 1) % 255 + 1


def lifetime_since(earlier: int, later: int) -> int | None:
    """Coins or notes between two readings of that count; None when it went back, so it does not survive power loss."""
    difference = (later - earlier) % SPAN
    return difference if difference < _PLAUSIBLE_PIECES else None


def lifetime_after(reading: int, pieces: int) -> int:
    """Where that counter stands so many coins or notes later."""
    return (reading + pieces) % SPAN
