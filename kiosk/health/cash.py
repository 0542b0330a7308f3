"""What the cash devices hold and take, and what can be paid in cash with that. Pure."""

from msgspec import Struct

from kiosk.order.change import CashMode, Hopper, Till, mode, opens, reach
from kiosk.order.policies import payable


class CashLevels(Struct, frozen=True):
    """Coins surely in the hopper and their value; the coins and notes that may be accepted (KRW).

    `second_coins` of `second_coin` are in a second hopper, where the machine has one (0: it has none, or not now).
    `remembers`: the acceptor can say after a power cut what fell; else one coin may be in doubt, which the screen says.
    """

    hopper_coins: int
    hopper_coin: int
    denominations: tuple[int, ...]
    notes: tuple[int, ...] = ()
    second_coins: int = 0
    second_coin: int = 0
    remembers: bool = True

    @property
    def till(self) -> Till:
        """The same as an order plans with it."""
        second = (Hopper(self.second_coin, self.second_coins),) if self.second_coin else ()
        return Till(self.denominations, self.notes, (Hopper(self.hopper_coin, self.hopper_coins), *second))

    def refundable(self) -> int:
        """The sum (KRW) up to which everything can be paid out."""
        return reach(self.till.hoppers)


def affordable(fee: int, levels: CashLevels) -> bool:
    """Whether everything put in for this fee could be given back (the machine must never owe what it can't pay)."""
    return fee <= 0 or (payable(fee, levels.hopper_coin) and opens(levels.till, fee))


def cash_mode(fee: int, levels: CashLevels | None) -> CashMode:
    """How this fee can be paid in cash now; nobody knows how much there is: not at all."""
    if fee <= 0:
        return CashMode.ANY
    return CashMode.NONE if levels is None else mode(levels.till, fee)
