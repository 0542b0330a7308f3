"""What a payment by card is: one attempt at the terminal, what is reserved, captured, given back. Stored in the order.

No card number, no name, nothing printed on a card: the terminal's own receipt number is all that names the payment.
"""

from enum import StrEnum

from msgspec import Struct


class CardState(StrEnum):
    """Where the money on the card stands. A `?` is an intent: stored before the terminal is told."""

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
    """One attempt. `key` is our name for it, `amount` (KRW) what was asked for.

    `terminal` is the terminal asked and `before` the receipt numbers of reservations that were open there, both stored
    with CARD?. `receipt` is the terminal's number of the reservation. `wanted` is stored with CAPTURE?; `captured` and
    `reversed` are proved. `reason` says why nothing was taken.
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
        """Whether something is still to be captured or given back."""
        return self.state in HOLDING
