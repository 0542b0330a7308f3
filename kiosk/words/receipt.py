"""The paper of an order, receipt or refund slip. No personal data, no parcel: what, how many, how much."""

from msgspec import Struct

from drivers.contract import ReceiptLine
from kiosk.protocol.spoken import spoken
from kiosk.words.words import Words


class ReceiptItem(Struct, frozen=True):
    """One line of the order. `fee_each` (KRW), `sheets`: of one copy; `delivered` of `copies` were handed over.

    `waived`: others pay for it. Why this person does not is nobody's business who finds the paper.
    """

    name: str
    copies: int
    delivered: int
    sheets: int
    fee_each: int
    waived: bool = False


class ReceiptFacts(Struct, frozen=True):
    """What the paper says. Sums in KRW; `at` as it is to be read ("2026-11-23 14:32"); `claim` is what is still owed.

    `disputed`: what is owed is not known and is being looked into. `claim_code` is printed where money is owed.
    `by_card`: a card paid; of what was `reserved` on it, `given_back` is free again. Nothing names the card.
    `at_card`: the payer was identified, and gets it at any machine; else the paper has to be taken to the office.
    """

    order: str
    at: str
    site: str
    machine: str
    help_phone: str
    items: tuple[ReceiptItem, ...]
    inserted: int
    kept: int
    returned: int
    claim: int = 0
    claim_code: str = ""
    disputed: bool = False
    by_card: bool = False
    reserved: int = 0
    given_back: int = 0
    at_card: bool = False


RULE = ReceiptLine(rule=True)
BLANK = ReceiptLine()


def receipt(facts: ReceiptFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """The receipt; with money still owed it is headed as a refund slip and says how to get it."""
    owed = bool(facts.claim or facts.disputed)
    title = words.say("receipt.claim-title" if owed else "receipt.title")
    return (
        ReceiptLine(title, bold=True, size=2, align="centre"),
        BLANK,
        ReceiptLine(facts.site, align="centre"),
        ReceiptLine(words.say("receipt.machine"), right=facts.machine),
        ReceiptLine(words.say("receipt.at"), right=facts.at),
        *order_lines(facts.order, words),
        RULE,
        *(line for item in facts.items for line in _item(item, words)),
        RULE,
        *_sums(facts, words),
        RULE,
        *(_claim(facts, words) if owed else (ReceiptLine(words.say("receipt.thanks"), align="centre"),)),
        ReceiptLine(words.say("receipt.phone"), right=facts.help_phone),
    )


def order_lines(order: str, words: Words) -> tuple[ReceiptLine, ...]:
    """The number to say on the telephone; below it the key under which the books have the order."""
    return (
        ReceiptLine(words.say("receipt.order"), right=spoken(order), bold=True),
        ReceiptLine(right=order),
    )


def _item(item: ReceiptItem, words: Words) -> tuple[ReceiptLine, ...]:
    """What was handed over at its fee; what was not, as not issued."""
    lines = []
    if item.delivered:
        head = words.say("receipt.line", name=item.name, copies=item.delivered)
        lines.append(ReceiptLine(head, right=words.won(item.fee_each * item.delivered)))
        lines.append(ReceiptLine("  " + _detail(item, words)))
    if missing := item.copies - item.delivered:
        head = words.say("receipt.line", name=item.name, copies=missing)
        lines.append(ReceiptLine(head, right=words.say("receipt.voided")))
    return tuple(lines)


def _detail(item: ReceiptItem, words: Words) -> str:
    if item.waived:
        return words.say("receipt.line-waived", sheets=item.sheets)
    return words.say("receipt.line-detail", sheets=item.sheets, fee=item.fee_each)


def _sums(facts: ReceiptFacts, words: Words) -> list[ReceiptLine]:
    if facts.by_card:
        return _card_sums(facts, words)
    lines = [
        ReceiptLine(words.say("receipt.fee"), right=words.won(facts.kept), bold=True),
        ReceiptLine(
            f"{words.say('receipt.inserted')} ({words.say('receipt.cash')})", right=words.won(facts.inserted)
        ),
        ReceiptLine(words.say("receipt.returned"), right=words.won(facts.returned)),
    ]
    if facts.claim:
        lines.append(ReceiptLine(words.say("receipt.owed"), right=words.won(facts.claim), bold=True))
    elif facts.disputed:
        lines.append(
            ReceiptLine(words.say("receipt.owed"), right=words.say("receipt.looked-into"), bold=True)
        )
    return lines


def _card_sums(facts: ReceiptFacts, words: Words) -> list[ReceiptLine]:
    paid_how = f"{words.say('receipt.fee')} ({words.say('receipt.card')})"
    lines = [
        ReceiptLine(words.say("payment.reserved"), right=words.won(facts.reserved)),
        ReceiptLine(paid_how, right=words.won(facts.kept), bold=True),
    ]
    if facts.given_back:
        lines.append(ReceiptLine(words.say("payment.given-back"), right=words.won(facts.given_back)))
    if facts.disputed:
        lines.append(
            ReceiptLine(words.say("receipt.owed"), right=words.say("receipt.looked-into"), bold=True)
        )
    return lines


def _claim(facts: ReceiptFacts, words: Words) -> tuple[ReceiptLine, ...]:
    how = _how(facts, words)
    if not facts.claim_code:
        return how
    return (
        ReceiptLine(words.say("receipt.claim-code"), align="centre"),
        ReceiptLine(facts.claim_code, bold=True, size=2, align="centre"),
        *how,
    )


def _how(facts: ReceiptFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """Who was identified shows the card again; who was not goes where people are. In doubt, somebody calls back."""
    if facts.disputed:
        return (ReceiptLine(words.say("receipt.claim-how"), align="centre"),)
    way = "card" if facts.at_card else "counter"
    return tuple(ReceiptLine(words.say(f"receipt.claim-{way}-{line}"), align="centre") for line in (1, 2))
