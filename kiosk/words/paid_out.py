"""The paper of a redemption: what came out of the machine, and what is owed still. No name, no earlier order."""

from msgspec import Struct

from drivers.contract import ReceiptLine
from kiosk.words.receipt import BLANK, RULE, order_lines
from kiosk.words.words import Words


class PaidOutFacts(Struct, frozen=True):
    """What the paper says. Sums in KRW; `at` as it is to be read ("2026-11-23 14:32"); `left` is owed as before.

    `disputed`: how much came out could not be proved, and is being looked into.
    """

    order: str
    at: str
    site: str
    machine: str
    help_phone: str
    paid: int
    left: int = 0
    disputed: bool = False


def paid_out(facts: PaidOutFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """The paper, line by line."""
    sums = [ReceiptLine(words.say("receipt.returned"), right=words.won(facts.paid), bold=True)]
    if facts.disputed:
        sums.append(ReceiptLine(words.say("receipt.owed"), right=words.say("receipt.looked-into"), bold=True))
    elif facts.left:
        sums.append(ReceiptLine(words.say("receipt.owed"), right=words.won(facts.left), bold=True))
    return (
        ReceiptLine(words.say("receipt.paid-out-title"), bold=True, size=2, align="centre"),
        BLANK,
        ReceiptLine(facts.site, align="centre"),
        ReceiptLine(words.say("receipt.machine"), right=facts.machine),
        ReceiptLine(words.say("receipt.at"), right=facts.at),
        *order_lines(facts.order, words),
        RULE,
        *sums,
        RULE,
        ReceiptLine(words.say("receipt.thanks"), align="centre"),
        ReceiptLine(words.say("receipt.phone"), right=facts.help_phone),
    )
