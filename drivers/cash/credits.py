"""Which coins were accepted, from an event counter that wraps and a lifetime counter that does not lie. Pure.

ccTalk header 229 keeps the newest five events and a counter 1..255 (255 is followed by 1; 0 means that the device was
reset). Header 225 counts accepted coins for life (24 bits). Values come from the events, how many there were from 225.
"""

from msgspec import Struct

from drivers.contract import CoinPosition, CoinRejected, Credited, CreditsLost

BUFFERED_EVENTS = 5
_LIFETIME_MODULUS = 1 << 24
_PLAUSIBLE_COINS = 1 << 20

CashEvent = Credited | CreditsLost | CoinRejected


class Fresh(Struct, frozen=True):
    """New events, oldest first, as (counter after it, A, B). `missed` older ones are no longer in the buffer."""

    events: tuple[tuple[int, int, int], ...]
    missed: int
    reset: bool


def parse_credit_buffer(data: bytes) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Counter and the (A, B) pairs, newest first, of an answer to header 229 (11 bytes)."""
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
    """Coins between two readings of a 24-bit counter; None when it went back, so it does not survive power loss."""
    difference = (later - earlier) % _LIFETIME_MODULUS
    return difference if difference < _PLAUSIBLE_COINS else None


class Credits:
    """The running account of one acceptor: turns device readings into events with positions, remembers the unbooked."""

    def __init__(self, position: CoinPosition, values: dict[int, int]) -> None:
        self.position = position
        self.values = values
        self._unbooked: list[Credited | CreditsLost] = []

    def take(self, data: bytes, *, recovered: bool = False) -> tuple[list[CashEvent], Fresh]:
        """Account for an answer to header 229. Coins of unknown channels are counted as lost: nobody knows their value.

        After a `reset` or with `missed` events the caller reads header 225, then calls `settle`.
        """
        counter, pairs = parse_credit_buffer(data)
        fresh = fresh_events(self.position.events, counter, pairs)
        told: list[CashEvent] = []
        for at, channel, detail in fresh.events:
            if channel == 0:
                self._move(events=at)
                if detail:
                    told.append(CoinRejected(detail))
                continue
            self._move(events=at, coins=1)
            value = self.values.get(channel)
            told.append(
                CreditsLost(1, self.position) if value is None else Credited(value, self.position, recovered)
            )
        self._move(events=counter)
        self._unbooked += [event for event in told if not isinstance(event, CoinRejected)]
        return told, fresh

    def missing(self, accepted: int) -> int | None:
        """How many coins header 225 knows and nobody has accounted for; None when that counter went back."""
        ahead = lifetime_since(accepted, self.position.accepted)
        if ahead is not None and ahead <= BUFFERED_EVENTS:
            # Coins that we saw and that reading of the counter did not yet.
            return 0
        return lifetime_since(self.position.accepted, accepted)

    def settle(self, accepted: int, lost: int) -> list[CashEvent]:
        """Report `lost` coins and take the device's lifetime counter as ours."""
        self.position = CoinPosition(self.position.serial, self.position.events, accepted)
        if not lost:
            return []
        event = CreditsLost(lost, self.position)
        self._unbooked.append(event)
        return [event]

    def book(self, position: CoinPosition) -> None:
        """Core has committed everything up to `position`."""
        self._unbooked = self.past(position)

    def past(self, position: CoinPosition) -> list[Credited | CreditsLost]:
        """What was reported after `position` and not booked."""
        if position.serial != self.position.serial:
            return []
        return [event for event in self._unbooked if _after(event.position, position)]

    def _move(self, *, events: int, coins: int = 0) -> None:
        accepted = (self.position.accepted + coins) % _LIFETIME_MODULUS
        self.position = CoinPosition(self.position.serial, events, accepted)


def _after(later: CoinPosition, earlier: CoinPosition) -> bool:
    return lifetime_since(earlier.accepted, later.accepted) not in (None, 0)
