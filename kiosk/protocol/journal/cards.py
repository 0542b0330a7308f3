"""Payments by card: what the terminal is about to be told, and what it proved. KRW."""

from kiosk.protocol.journal.fact import Fact, Name, Sum


class CardFact(Fact, frozen=True):
    """One payment of an order, and the terminal's own number of it (0: none yet)."""

    order: Name
    payment: Name
    receipt: Sum


class CardIntent(CardFact, frozen=True, tag="card-intent"):
    """The terminal (by serial) is about to ask for a card and reserve `amount`."""

    amount: Sum
    terminal: Name


class CardAuthorised(CardFact, frozen=True, tag="card-authorised"):
    """`amount` is reserved on the card."""

    amount: Sum


class CardNotTaken(CardFact, frozen=True, tag="card-not-taken"):
    """Surely nothing is reserved."""

    reason: Name


class CardWaits(CardFact, frozen=True, tag="card-waits"):
    """All else is done; the order waits for the terminal beside those to come."""


class CardCaptureIntent(CardFact, frozen=True, tag="card-capture-intent"):
    """The terminal is about to charge `amount` for what was delivered, and to give the rest back."""

    amount: Sum


class CardReverseIntent(CardFact, frozen=True, tag="card-reverse-intent"):
    """The terminal is about to give all back."""

    amount: Sum


class CardCaptured(CardFact, frozen=True, tag="card-captured"):
    """`captured` was charged, `reversed` went back."""

    captured: Sum
    reversed: Sum


class CardReversed(CardFact, frozen=True, tag="card-reversed"):
    """All went back."""

    captured: Sum
    reversed: Sum


class CardDisputed(CardFact, frozen=True, tag="card-disputed"):
    """Nobody can prove what became of `amount`."""

    amount: Sum
