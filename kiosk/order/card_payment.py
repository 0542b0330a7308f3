"""A payment by card: one attempt at the terminal, with the sums reserved, captured and given back.

It is stored in the order. It holds no card number, no name and nothing else that is printed on a card. Only
the terminal's own receipt number names the payment.
"""

from enum import StrEnum

from msgspec import Struct


class CardState(StrEnum):
    """The state of the money on the card.

    A `?` marks an intent, which is stored before the command is sent.
    """

    ASKED = "CARD?"
    RESERVED = "AUTHORISED"
    CAPTURING = "CAPTURE?"
    REVERSING = "REVERSE?"
    CAPTURED = "CAPTURED"
    REVERSED = "REVERSED"
    NOT_TAKEN = "NOT-TAKEN"
    DISPUTED = "DISPUTED"


HOLDING = frozenset({CardState.RESERVED, CardState.CAPTURING, CardState.REVERSING})
"""Money is, or may still be, reserved: the order can't be closed."""


class CardPayment(Struct, frozen=True):
    """One attempt. `key` is core's name for it; `amount` (KRW) is the sum that core asked for.

    `terminal` is the serial number of the terminal. `before` holds the receipt numbers of the reservations
    that were open there. Both are stored with CARD?. `receipt` is the terminal's number of the reservation.
    `wanted` (KRW) is stored with CAPTURE?. `captured` and `reversed` are proved sums. `reason` says why
    nothing was taken.
    """

    key: str
    attempt: int
    amount: int
    terminal: str
    before: tuple[int, ...] = ()
    state: CardState = CardState.ASKED
    receipt: int = 0
    captured: int = 0
    reversed: int = 0
    wanted: int = 0
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether a sum is still to be captured or given back."""
        return self.state in HOLDING
