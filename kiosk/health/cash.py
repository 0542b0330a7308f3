"""How much change the machine must be able to give before it may ask for money."""

from msgspec import Struct

from kiosk.order.policies import payable


class CashLevels(Struct, frozen=True):
    """What the cash devices hold and take: coins left in the hopper and their value, and the coins accepted (KRW).

    `remembers`: the acceptor can say after a power cut what fell; else one coin may be in doubt, which the screen says.
    """

    hopper_coins: int
    hopper_coin: int
    denominations: tuple[int, ...]
    remembers: bool = True

    def refundable(self) -> int:
        """KRW that the hopper can pay out."""
        return self.hopper_coins * self.hopper_coin


def worst_refund(fee: int, denominations: tuple[int, ...]) -> int:
    """The most (KRW) that may have to be given back for a fee: everything that can be in before acceptance stops.

    The last coin may fall while `smallest` is missing, and one more may already be past the gate.
    """
    if fee <= 0 or not denominations:
        return 0
    return fee - min(denominations) + 2 * max(denominations)


def affordable(fee: int, levels: CashLevels) -> bool:
    """Whether everything put in for this fee could be given back (the machine must never owe what it can't pay)."""
    enough = worst_refund(fee, levels.denominations) <= levels.refundable()
    return enough and payable(fee, levels.hopper_coin)
