"""Which coins were accepted, from an event counter that wraps and a lifetime counter that does not lie. Pure.

Values come from the events (ccTalk header 229), how many there were from the count of accepted coins (225).
"""

from drivers.cctalk.event_buffer import (
    BUFFERED_EVENTS,
    MOST_UNBOOKED,
    SPAN,
    Fresh,
    fresh_events,
    lifetime_after,
    lifetime_since,
    parse_event_buffer,
)
from drivers.contract import CoinPosition, CoinRejected, Credited, CreditsLost

CashEvent = Credited | CreditsLost | CoinRejected


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
        counter, pairs = parse_event_buffer(data)
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
        for event in told:
            if not isinstance(event, CoinRejected):
                self._keep(event)
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
        self.position = CoinPosition(self.position.serial, self.position.events, accepted, SPAN)
        if not lost:
            return []
        event = CreditsLost(lost, self.position)
        self._keep(event)
        return [event]

    def _keep(self, event: Credited | CreditsLost) -> None:
        """Too many: of the oldest two only how many coins they were is kept."""
        self._unbooked.append(event)
        if len(self._unbooked) > MOST_UNBOOKED:
            first, second = self._unbooked[:2]
            self._unbooked[:2] = [CreditsLost(_coins(first) + _coins(second), second.position)]

    def book(self, position: CoinPosition) -> None:
        """Core has committed everything up to `position`."""
        self._unbooked = self.past(position)

    def past(self, position: CoinPosition) -> list[Credited | CreditsLost]:
        """What was reported after `position` and not booked."""
        if position.serial != self.position.serial:
            return []
        return [event for event in self._unbooked if _after(event.position, position)]

    def _move(self, *, events: int, coins: int = 0) -> None:
        accepted = lifetime_after(self.position.accepted, coins)
        self.position = CoinPosition(self.position.serial, events, accepted, SPAN)


def _coins(event: Credited | CreditsLost) -> int:
    return event.count if isinstance(event, CreditsLost) else 1


def _after(later: CoinPosition, earlier: CoinPosition) -> bool:
    return lifetime_since(earlier.accepted, later.accepted) not in (None, 0)
