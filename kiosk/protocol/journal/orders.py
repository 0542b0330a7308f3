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
    """An order is open and asks for `fee`.

    `lines`: each copy. `holder`: the pseudonym of the identified person.
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
    """Core is about to ask central to hold the sum that is owed to `holder`, at most `most`."""

    kind: ClassVar = "redeem-intent"
    order: Name
    most: Sum
    holder: Name


class RedeemHeld(Fact, frozen=True):
    """Central holds `amount` of these `claims` for this redemption."""

    kind: ClassVar = "redeem-held"
    order: Name
    amount: Sum
    claims: tuple[Claim, ...]


class Credit(Fact, frozen=True):
    """A coin of `value` was inserted; `credit` is the sum in the order now."""

    kind: ClassVar = "credit"
    order: Name
    value: Sum
    credit: Sum


class CoinsUnknown(Fact, frozen=True):
    """The acceptor counted `count` coins of unknown value."""

    kind: ClassVar = "coins-unknown"
    order: Name
    count: Sum


class CreditDisputed(Fact, frozen=True):
    """The sum of the inserted coins is not proved: another `acceptor` is there, or the acceptor may have lost
    the count of `doubt_coins`.
    """

    kind: ClassVar = "credit-disputed"
    order: Name
    acceptor: Name | UnsetType = UNSET
    doubt_coins: Sum | UnsetType = UNSET


class AcceptsDisputed(Fact, frozen=True):
    """The acceptor's lifetime count `accepted` contradicts the coins that it reported."""

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
    """A note of `value` is in the stacker; `credit` is the sum in the order now."""

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
    """Nobody can prove where the note is, or how many notes there were. `value` is owed until a person decides."""

    kind: ClassVar = "note-doubt"
    order: Name
    key: Name
    value: Sum


class NotesUnknown(Fact, frozen=True):
    """The validator counted `count` notes of unknown value; `value` is the most that they can be worth.

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
    """By the hopper's own count, `coins` of the `wanted` coins came out, worth `value`."""

    kind: ClassVar = "paid"
    order: Name
    key: Name
    coins: Sum
    wanted: Sum
    value: Sum = 0


class PayoutDisputed(Fact, frozen=True):
    """The hopper's count cannot belong to this payout: `doubt_coins` may be out."""

    kind: ClassVar = "payout-disputed"
    order: Name
    key: Name
    doubt_coins: Sum | UnsetType = UNSET


class PositionTold(Fact, frozen=True):
    """The order did not change, but core booked later events of a device."""

    kind: ClassVar = "position-told"
    order: Name
