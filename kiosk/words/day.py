"""The summary of a closed day (마감): for whoever counts the money at the machine. Nothing of anybody."""

from msgspec import Struct

from drivers.contract import ReceiptLine
from kiosk.words.receipt import BLANK, RULE
from kiosk.words.words import Words


class DayCount(Struct, frozen=True):
    """One device: `what` is coins-in, notes, coins-out, sheets or retracts. `counted` None: not known, `why` says why.

    `nobodys` of the expected belong to no order.
    """

    what: str
    expected: int
    counted: int | None
    why: str = ""
    nobodys: int = 0


class DayFacts(Struct, frozen=True):
    """What the paper says. Sums in KRW; `since` and `until` as they are to be read ("2026-11-25 02:00"), "" for never.

    `sums` are taken, card, fee, paid, claims, surplus; `open_claims` is all that is owed now.
    """

    number: int
    since: str
    until: str
    site: str
    machine: str
    orders: int
    counts: tuple[DayCount, ...]
    sums: dict[str, int]
    open_claims: int


def day_summary(facts: DayFacts, words: Words) -> tuple[ReceiptLine, ...]:
    """The summary, line by line. A difference stands beside what was expected; nothing is evened out."""
    differs = any(count.counted not in (None, count.expected) for count in facts.counts)
    stray = any(count.nobodys for count in facts.counts)
    verdict = "differs" if differs else "stray" if stray else "agrees"
    return (
        ReceiptLine(words.say("day.heading"), bold=True, size=2, align="centre"),
        BLANK,
        ReceiptLine(facts.site, align="centre"),
        ReceiptLine(words.say("receipt.machine"), right=facts.machine),
        ReceiptLine(words.say("day.number"), right=f"{facts.number:,}"),
        ReceiptLine(words.say("day.since"), right=facts.since or words.say("day.never")),
        ReceiptLine(words.say("day.until"), right=facts.until),
        RULE,
        ReceiptLine(words.say("day.orders"), right=f"{facts.orders:,}"),
        *(
            ReceiptLine(words.say(f"day.sum.{name}"), right=words.won(sum_))
            for name, sum_ in facts.sums.items()
        ),
        ReceiptLine(words.say("day.sum.open-claims"), right=words.won(facts.open_claims)),
        RULE,
        *(line for count in facts.counts for line in _count(count, words)),
        RULE,
        ReceiptLine(words.say(f"day.{verdict}"), bold=verdict != "agrees", align="centre"),
    )


def _count(count: DayCount, words: Words) -> tuple[ReceiptLine, ...]:
    lines = _compared(count, words)
    if count.nobodys:
        return (*lines, ReceiptLine("  " + words.say("day.nobodys", n=count.nobodys)))
    return lines


def _compared(count: DayCount, words: Words) -> tuple[ReceiptLine, ...]:
    name = words.say(f"day.count.{count.what}")
    if count.counted is None:
        unknown = words.say("day.unknown", n=count.expected, why=words.say(f"day.why.{count.why}"))
        return (ReceiptLine(name), ReceiptLine("  " + unknown))
    if count.counted == count.expected:
        return (ReceiptLine(name, right=f"{count.counted:,}"),)
    both = words.say("day.both", expected=count.expected, counted=count.counted)
    apart = count.counted - count.expected
    return (ReceiptLine(name, right=f"{apart:+,}", bold=True), ReceiptLine("  " + both))
