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

    @property
    def differs(self) -> bool:
        """Whether books and device say different things."""
        return self.counted is not None and self.counted != self.expected

    @property
    def begins(self) -> bool:
        """Counted for the first time: from the next close on there is something to hold it against."""
        return self.counted is None and self.why == "first"

    @property
    def uncounted(self) -> bool:
        """Nobody knows what moved through it: that agrees with nothing."""
        return self.counted is None and not self.begins


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
        *(
            ReceiptLine(words.say(f"day.{said}"), bold=said not in _CALM, align="centre")
            for said in verdict(facts.counts)
        ),
    )


_CALM = ("agrees", "begins")


def verdict(counts: tuple[DayCount, ...]) -> tuple[str, ...]:
    """What is to be said of all devices together: that they agree only where each of them was counted and does."""
    said = {
        "differs": any(count.differs for count in counts),
        "uncounted": any(count.uncounted for count in counts),
        "begins": any(count.begins for count in counts),
        "stray": any(count.nobodys for count in counts),
    }
    return tuple(name for name, holds in said.items() if holds) or ("agrees",)


def _count(count: DayCount, words: Words) -> tuple[ReceiptLine, ...]:
    lines = _compared(count, words)
    if count.nobodys:
        return (*lines, ReceiptLine("  " + words.say("day.nobodys", n=count.nobodys)))
    return lines


def _compared(count: DayCount, words: Words) -> tuple[ReceiptLine, ...]:
    name = words.say(f"day.count.{count.what}")
    if count.counted is None:
        unknown = words.say("day.unknown", n=count.expected, why=words.say(f"day.why.{count.why}"))
        right = words.say("day.one.begins" if count.begins else "day.one.uncounted")
        return (ReceiptLine(name, right=right, bold=count.uncounted), ReceiptLine("  " + unknown))
    if not count.differs:
        return (ReceiptLine(name, right=words.say("day.one.agrees", n=count.counted)),)
    both = words.say("day.both", expected=count.expected, counted=count.counted)
    apart = words.say("day.one.differs", apart=f"{count.counted - count.expected:+,}")
    return (ReceiptLine(name, right=apart, bold=True), ReceiptLine("  " + both))
