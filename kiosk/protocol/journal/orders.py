"""Orders and redemptions: how they open, what is put in and paid out, how they end. KRW."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Sum

Line = tuple[Sum, Sum, Name, Sum, Sum]
"""Line, copy, certificate type, sheets, fee."""
Claim = tuple[Name, Name, Sum]
"""The machine and the order that it is owed for, and how much."""


class OrderOpened(Fact, frozen=True, tag="order-opened"):
    """An order is open, and `fee` is asked for; `lines`: each copy.

    `holder`: the pseudonym of who was identified.
    """

    order: Name
    fee: Sum
    lines: tuple[Line, ...]
    holder: Name | UnsetType = UNSET


class OrderClosed(Fact, frozen=True, tag="order-closed"):
    """The end of an order or redemption: `fee` kept, `credit` in, `paid` out, `claim` owed.

    `captured` and `reversed` on a card. `holder` where something is owed to, or in doubt for, who was identified.
    `redeems`: it was about claims of earlier orders, not about papers.
    """

    order: Name
    outcome: Annotated[str, Meta(min_length=1, max_length=200)]
    fee: Sum
    credit: Sum
    paid: Sum
    claim: Sum
    reason: Name = ""
    captured: Sum | UnsetType = UNSET
    reversed: Sum | UnsetType = UNSET
    holder: Name | UnsetType = UNSET
    redeems: bool | UnsetType = UNSET


class RedeemIntent(Fact, frozen=True, tag="redeem-intent"):
    """Central is asked to hold what is owed to `holder`, at most `most`."""

    order: Name
    most: Sum
    holder: Name


class RedeemHeld(Fact, frozen=True, tag="redeem-held"):
    """Central holds `amount` for this redemption, of these `claims`."""

    order: Name
    amount: Sum
    claims: tuple[Claim, ...]


class Credit(Fact, frozen=True, tag="credit"):
    """A coin of `value` fell in; `credit` is what the order has now."""

    order: Name
    value: Sum
    credit: Sum


class CoinsUnknown(Fact, frozen=True, tag="coins-unknown"):
    """The acceptor counted `count` coins whose value nobody knows."""

    order: Name
    count: Sum


class CreditDisputed(Fact, frozen=True, tag="credit-disputed"):
    """What fell in can't be proved: another `acceptor` is there, or `doubt_coins` may have been forgotten."""

    order: Name
    acceptor: Name | UnsetType = UNSET
    doubt_coins: Sum | UnsetType = UNSET


class AcceptsDisputed(Fact, frozen=True, tag="accepts-disputed"):
    """The acceptor's lifetime count `accepted` contradicts what it told of."""

    order: Name
    accepted: Sum


class NoteIntent(Fact, frozen=True, tag="note-intent"):
    """A note of `value` is about to be stacked."""

    order: Name
    key: Name
    value: Sum


class NoteCredit(Fact, frozen=True, tag="note-credit"):
    """A note of `value` is in the stacker; `credit` is what the order has now."""

    order: Name
    value: Sum
    credit: Sum


class NoteReturned(Fact, frozen=True, tag="note-returned"):
    """The note went back to the person."""

    order: Name
    key: Name


class NoteDoubt(Fact, frozen=True, tag="note-doubt"):
    """Nobody can prove where the note is: `value` is owed until a person has looked."""

    order: Name
    key: Name
    value: Sum


class NotesUnknown(Fact, frozen=True, tag="notes-unknown"):
    """The validator counted `count` notes whose value nobody knows: `value` is the most that they may be worth.

    Older machines did not write `value`.
    """

    order: Name
    count: Sum
    value: Sum | UnsetType = UNSET


class PayIntent(Fact, frozen=True, tag="pay-intent"):
    """`coins` are about to be paid out of `hopper`, whose lifetime count stands at `dispensed_before`."""

    order: Name
    key: Name
    coins: Sum
    dispensed_before: Sum
    hopper: Sum = 0


class Paid(Fact, frozen=True, tag="paid"):
    """By the hopper's own count `coins` of the `wanted` came out, worth `value`."""

    order: Name
    key: Name
    coins: Sum
    wanted: Sum
    value: Sum = 0


class PayoutDisputed(Fact, frozen=True, tag="payout-disputed"):
    """What the hopper says can't be of this payout: `doubt_coins` may be out."""

    order: Name
    key: Name
    doubt_coins: Sum | UnsetType = UNSET


class PositionTold(Fact, frozen=True, tag="position-told"):
    """Nothing of the order changed, and a device's events are booked further."""

    order: Name
