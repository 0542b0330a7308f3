"""The coins that are surely in the hoppers: the last filling, less the coins paid by their own counters.

- The first hopper ever seen in a place was filled as the settings say.
- Nobody knows what any later hopper holds: core relies on none of its coins until a person has counted them.
- Coins that somebody adds do not count until a person has counted the hopper.
- If a hopper has lost its count, core takes the last known rest, less the coins that it may have paid since.
"""

from msgspec.structs import replace

from drivers import contract as device
from kiosk.health.health import Ailment
from kiosk.health.parts import UNCOUNTED
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.step import HopperFill, hopper_name
from kiosk.protocol import journal
from kiosk.settings import Settings

HOPPERS = tuple(map(hopper_name, range(2)))


OfHopper = journal.HopperKnown | journal.HopperFilled | journal.HopperUncounted | journal.HopperForgot


class Hoppers:
    """The one or two hoppers, by their number from 0."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._ledger = ledger
        # Nothing is known of a hopper that the settings did not name when core began.
        self._filled = {at: hopper.fill for at, hopper in enumerate(settings.cash.hoppers)}
        self._low = {at: hopper.low for at, hopper in enumerate(settings.cash.hoppers)}
        self._dispensed: dict[int, int] = {}
        self._spans: dict[int, int] = {}

    def known(self, hopper: int) -> bool:
        """Whether core has read the hopper's counter since it began."""
        return hopper in self._dispensed

    def read(self, reading: device.CashReading) -> None:
        """Store the hopper counts of a reading. A hopper that is not in the reading stays as it was."""
        if reading.dispensed is not None:
            self._spans[0] = reading.dispensed_span
            self._count(0, reading.hopper_serial, reading.dispensed)
        for hopper, more in enumerate(reading.more_hoppers, 1):
            if more is not None:
                self._spans[hopper] = more.span
                self._count(hopper, more.serial, more.dispensed)

    def _count(self, hopper: int, serial: str, dispensed: int) -> None:
        fill = self._ledger.hopper_fill(hopper)
        if fill is None:
            filled = self._filled.get(hopper, 0)
            self._keep(journal.HopperFilled, HopperFill(serial, filled, dispensed, hopper))
        elif fill.serial != serial:
            self._keep(journal.HopperUncounted, HopperFill(serial, 0, dispensed, hopper, uncounted=True))
        else:
            self._look_back(fill, dispensed)
        self._dispensed[hopper] = dispensed

    def _look_back(self, fill: HopperFill, dispensed: int) -> None:
        """Check whether the same hopper still counts on from its last value, and record it if not."""
        booked = self._booked(fill)
        stood = self._dispensed.get(fill.hopper, fill.dispensed if booked == fill.forgot else booked)
        if _goes_back(stood, dispensed, self._spans[fill.hopper]):
            left = max(0, _left(fill, stood, self._spans[fill.hopper]) - self._under_way(fill.hopper))
            self._keep(journal.HopperForgot, replace(fill, coins=left, dispensed=dispensed, forgot=booked))
        elif fill.forgot not in (None, booked):
            self._keep(journal.HopperKnown, replace(fill, forgot=None))

    def _booked(self, fill: HopperFill) -> int:
        """The hopper's count as last stored: with the open order, or after the last order."""
        order = self._ledger.open_order()
        told = order.counters if order is not None else None
        known = self._ledger.counters() if told is None else told
        count = known.hopper if fill.hopper == 0 else known.hopper_2
        return count.value if count is not None and count.serial == fill.serial else fill.dispensed

    def _under_way(self, hopper: int) -> int:
        """The coins of a payout command that the hopper has not answered yet."""
        order = self._ledger.open_order()
        payout = order.payout if order is not None else None
        return payout.coins if payout is not None and payout.hopper == hopper else 0

    def uncounted(self, hopper: int) -> bool:
        """Whether the hopper was exchanged and nobody has counted its coins since."""
        fill = self._ledger.hopper_fill(hopper)
        return fill is not None and fill.uncounted

    def ailments(self) -> tuple[Ailment, ...]:
        """The hoppers whose coins a person has to count before core can rely on them."""
        return tuple(Ailment(HOPPERS[at], UNCOUNTED) for at in self._filled if self.uncounted(at))

    def paid_out(self, hopper: int, paid: device.PaidOut) -> None:
        """Coins have left that hopper, by its count. If it was reset meanwhile, it has counted from 0."""
        fill, before = self._ledger.hopper_fill(hopper), self._dispensed.get(hopper)
        if fill is not None and before is not None and _goes_back(before, paid.dispensed, paid.span):
            left = max(0, _left(fill, before, paid.span) - paid.paid - paid.unpaid)
            kept = replace(fill, coins=left, dispensed=paid.dispensed, forgot=self._booked(fill))
            self._keep(journal.HopperForgot, kept)
        self._dispensed[hopper], self._spans[hopper] = paid.dispensed, paid.span

    def counted(self, hopper: int, coins: int) -> None:
        """A person has counted the coins in the hopper. Its counter must be `known`."""
        fill = self._ledger.hopper_fill(hopper)
        if fill is None:
            raise ValueError(f"nothing is known of hopper {hopper}")
        self._keep(journal.HopperFilled, HopperFill(fill.serial, coins, self._dispensed[hopper], hopper))

    def _keep(self, kind: type[OfHopper], fill: HopperFill) -> None:
        self._ledger.commit((kind(fill.serial, fill.coins, fill.hopper),), hopper=fill)

    def surely_in(self, hopper: int, status: device.Status | None) -> int | None:
        """The last filling less the coins paid out; None: not known yet.

        If the low sensor contradicts the books, core relies on none of the coins (0).
        """
        fill, dispensed = self._ledger.hopper_fill(hopper), self._dispensed.get(hopper)
        if fill is None or dispensed is None:
            return None
        left = _left(fill, dispensed, self._spans[hopper])
        low = status is not None and any(r.code is device.ReasonCode.HOPPER_LOW for r in status.reasons)
        return 0 if low and left > self._low.get(hopper, 0) else left


def _left(fill: HopperFill, dispensed: int, span: int) -> int:
    return max(0, fill.coins - (dispensed - fill.dispensed) % span)


def _goes_back(stood: int, dispensed: int, span: int) -> bool:
    """Whether a count that begins anew at `span` has gone back: then the hopper has lost it."""
    return (dispensed - stood) % span > span // 2
