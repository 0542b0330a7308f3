"""Payments by card: what the terminal is about to be told, and what it proved. KRW."""

from typing import ClassVar

from kiosk.protocol.journal.fact import Fact, Name, Sum


class CardFact(Fact, frozen=True):
    """One payment of an order, and the terminal's receipt number for it (0: none yet)."""

    order: Name
    payment: Name
    receipt: Sum


class CardIntent(CardFact, frozen=True):
    """The terminal (by serial) is about to ask for a card and reserve `amount`."""

    kind: ClassVar = "card-intent"
    amount: Sum
    terminal: Name


class CardAuthorised(CardFact, frozen=True):
    """`amount` is reserved on the card."""

    kind: ClassVar = "card-authorised"
    amount: Sum


class CardNotTaken(CardFact, frozen=True):
    """It is proved that nothing is reserved."""

    kind: ClassVar = "card-not-taken"
    reason: Name


class CardWaits(CardFact, frozen=True):
    """Only the terminal's answer is missing. The order waits for it; other orders may begin."""

    kind: ClassVar = "card-waits"


class CardCaptureIntent(CardFact, frozen=True):
    """The terminal is about to charge `amount` for the delivered copies and to give the rest back."""

    kind: ClassVar = "card-capture-intent"
    amount: Sum


class CardReverseIntent(CardFact, frozen=True):
    """The terminal is about to give the whole sum back. `amount`, the sum to charge, is 0."""

    kind: ClassVar = "card-reverse-intent"
    amount: Sum


class CardCaptured(CardFact, frozen=True):
    """`captured` was charged, `reversed` went back."""

    kind: ClassVar = "card-captured"
    captured: Sum
    reversed: Sum


class CardReversed(CardFact, frozen=True):
    """The whole sum went back."""

    kind: ClassVar = "card-reversed"
    captured: Sum
    reversed: Sum


class CardDisputed(CardFact, frozen=True):
    """Nobody can prove whether `amount` was charged or went back."""

    kind: ClassVar = "card-disputed"
    amount: Sum
