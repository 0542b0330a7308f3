"""The slip that leads to the counter: what could not be had here, and where to go. Neither who asked nor why."""

from msgspec import Struct

from drivers.contract import ReceiptLine
from kiosk.words.receipt import BLANK, RULE
from kiosk.words.refusals import known, support_number
from kiosk.words.words import Words


class GuideFacts(Struct, frozen=True):
    """What the slip says. `at` as it is to be read; `register` tells which counter; `code` is one of refusals.py.

    Only the code's number is printed: the clerk knows what it means, and whoever finds the slip does not.
    """

    certificate: str
    register: str
    personal: bool
    code: str
    at: str
    site: str
    machine: str
    help_phone: str


def guide(facts: GuideFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """The slip, line by line."""
    by_person = "person" if facts.personal else "anybody"
    return (
        ReceiptLine(words.say("guide.heading"), bold=True, size=2, align="centre"),
        BLANK,
        ReceiptLine(facts.certificate, bold=True, align="centre"),
        ReceiptLine(words.say("guide.not-here"), align="centre"),
        RULE,
        ReceiptLine(
            words.say("guide.where"), right=words.first(f"guide.at.{facts.register}", "guide.at.other")
        ),
        ReceiptLine(words.say("guide.bring"), right=words.say(f"guide.bring-{by_person}")),
        ReceiptLine(words.say("guide.number"), right=support_number(known(facts.code)), bold=True),
        RULE,
        ReceiptLine(words.say("receipt.at"), right=facts.at),
        ReceiptLine(words.say("receipt.machine"), right=facts.machine),
        ReceiptLine(facts.site, align="centre"),
        ReceiptLine(words.say("receipt.phone"), right=facts.help_phone),
    )
