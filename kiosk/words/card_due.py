"""The paper of an order that waits for the payment terminal's word: that it is being looked up, and how it will end.

No name, no card, no parcel. Nothing to keep it for but peace of mind: the machine books by itself.
"""

from msgspec import Struct

from drivers.contract import ReceiptLine
from kiosk.words.receipt import BLANK, RULE, order_lines
from kiosk.words.words import Words


class CardDueFacts(Struct, frozen=True):
    """What the paper says. Sums in KRW; `at` as it is to be read ("2026-11-23 14:32").

    `asked` of the terminal; `kept` is the fee of what was handed over, and the most that will be charged.
    """

    order: str
    at: str
    site: str
    machine: str
    help_phone: str
    asked: int
    kept: int = 0


def card_due(facts: CardDueFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """The paper, line by line."""
    how_it_ends = "then" if facts.kept else "none"
    said = ("why-1", "why-2", f"{how_it_ends}-1", f"{how_it_ends}-2", "do")
    return (
        ReceiptLine(words.say("receipt.card-due-title"), bold=True, size=2, align="centre"),
        BLANK,
        ReceiptLine(facts.site, align="centre"),
        ReceiptLine(words.say("receipt.machine"), right=facts.machine),
        ReceiptLine(words.say("receipt.at"), right=facts.at),
        *order_lines(facts.order, words),
        RULE,
        ReceiptLine(words.say("receipt.card-due-asked"), right=words.won(facts.asked)),
        ReceiptLine(words.say("receipt.card-due-kept"), right=words.won(facts.kept), bold=True),
        RULE,
        *(ReceiptLine(words.say(f"receipt.card-due-{line}"), align="centre") for line in said),
        ReceiptLine(words.say("receipt.phone"), right=facts.help_phone),
    )
