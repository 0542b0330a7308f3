"""Orders and redemptions: how they open, what is put in and paid out, how they end. KRW."""

from typing import ClassVar

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Part, Sum


class Line(Part, frozen=True):
    """One copy as it was ordered. `line` and `copy` from 1, `fee` in KRW."""

    line: Sum
    copy: Sum
    type_code: Name
    sheets: Sum
    fee: Sum


class Claim(Part, frozen=True):
    """What is owed for `order` of the machine `kiosk` (KRW)."""

    kiosk: Name
    order: Name
    amount: Sum


class OrderOpened(Fact, frozen=True):
    """An order is open, and `fee` is asked for; `lines`: each copy.

    `holder`: the pseudonym of who was identified.
    """

    kind: ClassVar = "order-opened"
    order: Name
    fee: Sum
    lines: tuple[Line, ...]
    holder: Name | UnsetType = UNSET


class OrderClosed(Fact, frozen=True):
    """The end of an order or redemption: `fee` kept, `credit` in, `paid` out, `claim` owed (0 for a redemption: central
    owes on).

    `captured` and `reversed` on a card. `holder` where something is owed to, or in doubt for, who was identified.
    `redeems`: it was about claims of earlier orders, not about papers.
    """

    kind: ClassVar = "order-closed"
    order: Name
    outcome: Name
    fee: Sum
    credit: Sum
    paid: Sum
    claim: Sum
    reason: Name = ""
    captured: Sum | UnsetType = UNSET
    reversed: Sum | UnsetType = UNSET
    holder: Name | UnsetType = UNSET
    redeems: bool | UnsetType = UNSET


class RedeemIntent(Fact, frozen=True):
    """Central is asked to hold what is owed to `holder`, at most `most`."""

    kind: ClassVar = "redeem-intent"
    order: Name
    most: Sum
    holder: Name


class RedeemHeld(Fact, frozen=True):
    """Central holds `amount` for this redemption, of these `claims`."""

    kind: ClassVar = "redeem-held"
    order: Name
    amount: Sum
    claims: tuple[Claim, ...]


class Credit(Fact, frozen=True):
    """A coin of `value` fell in; `credit` is what the order has now."""

    kind: ClassVar = "credit"
    order: Name
    value: Sum
    credit: Sum


class CoinsUnknown(Fact, frozen=True):
    """The acceptor counted `count` coins whose value nobody knows."""

    kind: ClassVar = "coins-unknown"
    order: Name
    count: Sum


class CreditDisputed(Fact, frozen=True):
    """What fell in can't be proved: another `acceptor` is there, or `doubt_coins` may have been forgotten."""

    kind: ClassVar = "credit-disputed"
    order: Name
    acceptor: Name | UnsetType = UNSET
    doubt_coins: Sum | UnsetType = UNSET


class AcceptsDisputed(Fact, frozen=True):
    """The acceptor's lifetime count `accepted` contradicts what it told of."""

    kind: ClassVar = "accepts-disputed"
    order: Name
    accepted: Sum


class NoteIntent(Fact, frozen=True):
    """A note of `value` is about to be stacked."""

    kind: ClassVar = "note-intent"
    order: Name
    key: Name
    value: Sum


class NoteCredit(Fact, frozen=True):
    """A note of `value` is in the stacker; `credit` is what the order has now."""

    kind: ClassVar = "note-credit"
    order: Name
    value: Sum
    credit: Sum


class NoteReturned(Fact, frozen=True):
    """The note went back to the person."""

    kind: ClassVar = "note-returned"
    order: Name
    key: Name


class NoteDoubt(Fact, frozen=True):
    """Nobody can prove where the note is, or how many there were: `value` is owed until a person has looked."""

    kind: ClassVar = "note-doubt"
    order: Name
    key: Name
    value: Sum


class NotesUnknown(Fact, frozen=True):
    """The validator counted `count` notes whose value nobody knows: `value` is the most that they may be worth.

    Older machines did not write `value`.
    """

    kind: ClassVar = "notes-unknown"
    order: Name
    count: Sum
    value: Sum | UnsetType = UNSET


class PayIntent(Fact, frozen=True):
    """`coins` are about to be paid out of `hopper`, whose lifetime count stands at `dispensed_before`."""

    kind: ClassVar = "pay-intent"
    order: Name
    key: Name
    coins: Sum
    dispensed_before: Sum
    hopper: Sum = 0


class Paid(Fact, frozen=True):
    """By the hopper's own count `coins` of the `wanted` came out, worth `value`."""

    kind: ClassVar = "paid"
    order: Name
    key: Name
    coins: Sum
    wanted: Sum
    value: Sum = 0


class PayoutDisputed(Fact, frozen=True):
    """What the hopper says can't be of this payout: `doubt_coins` may be out."""

    kind: ClassVar = "payout-disputed"
    order: Name
    key: Name
    doubt_coins: Sum | UnsetType = UNSET


class PositionTold(Fact, frozen=True):
    """Nothing of the order changed, and a device's events are booked further."""

    kind: ClassVar = "position-told"
    order: Name
