"""What is searched: in each run of the tests, and, with more of everything, by `make proof`."""

from msgspec import Struct
from msgspec.structs import replace

from tests.proof.world import Setting


class Part(Struct, frozen=True):
    """One search with its name."""

    name: str
    setting: Setting


BY_NOTE = Setting(bills=1, purse=0, calm=True)
BY_CARD = Setting(means=("card",), purse=0, attempts=1, calm=True)
NOTES_ALONE = Setting(fees=(3,), bills=1, works=False, purse=1)
CARDS_ALONE = Setting(means=("cash", "card"), attempts=1, works=False, purse=1)

TABLE = (
    Part("two lines under one payment, a power cut or a crash", Setting(fees=(1, 1))),
    Part(
        "money of an earlier order, paid out to who is identified again", Setting(fees=(), owed=2, losses=2)
    ),
    Part("one line, paid with a note", BY_NOTE),
    Part("one line, paid by card", BY_CARD),
)
"""The table of states is made of these."""

QUICK = (
    Part("one line, a power cut or a crash", Setting()),
    *TABLE,
    Part("a note for a part of the sum, and no document comes", replace(NOTES_ALONE, purse=0)),
    Part("cash or card, and no document comes", CARDS_ALONE),
)
UPS = Part("one line, and a UPS that says anything at any time", Setting(purse=1, ups=True))
NOTES_LONG = replace(NOTES_ALONE, bills=2, purse=2)
CARDS_LONG = replace(BY_CARD, means=("cash", "card"), purse=1, attempts=2, losses=2)
LONG = (
    Part("one line, three losses, and a UPS that says anything", Setting(losses=3, ups=True)),
    Part("one line, three losses", Setting(losses=3)),
    Part("two coins, two sheets, three losses", Setting(fees=(2,), sheets=2, purse=3, losses=3)),
    Part("two lines, three losses", Setting(fees=(1, 1), losses=3)),
    Part("one line, questions that are answered twice", Setting(purse=1, questions=2)),
    Part("one line, a loss, and a device process that dies or a presenter that is reset", Setting(faults=1)),
    Part("one line, nothing of the saga left out of the state", Setting(words_kept=True)),
    Part("a note and a coin for one sum, and no document comes", NOTES_ALONE),
    Part("two notes and two coins, little change", NOTES_LONG),
    Part("one line, paid with a note, two losses", replace(BY_NOTE, losses=2)),
    Part("one line, paid with a note, paper and network as they like", replace(BY_NOTE, calm=False)),
    Part(
        "a note and a coin, a loss, and a cash process that dies or a validator that is reset",
        replace(NOTES_ALONE, faults=1),
    ),
    Part("two lines, paid by card, three losses", replace(BY_CARD, fees=(1, 1), losses=3)),
    Part("one line, paid by card, paper and network as they like", replace(BY_CARD, calm=False)),
    Part(
        "one line, paid by card, a terminal process that dies or another terminal",
        replace(BY_CARD, faults=1),
    ),
    Part("one line, cash or card, two attempts, two losses", CARDS_LONG),
    Part("cash or card, questions that are answered twice", replace(CARDS_ALONE, questions=2)),
)
"""`make proof` searches these after the quick ones."""

CHEAPER = (
    Part("an acceptor that forgets", Setting(lasting_accepts=False)),
    Part("a hopper that forgets", Setting(lasting_payouts=False)),
    Part(
        "a printer that counts a job's sheets, and forgets them with the job", Setting(lasting_sheets=False)
    ),
    Part("a validator that forgets", replace(NOTES_ALONE, fees=(1,), purse=0, lasting_stacks=False)),
)
"""Machines whose policy holds: at most one coin, note or document in doubt, and the order is DISPUTED."""

WITHOUT = (
    Part("a lasting accept count", Setting(lasting_accepts=False, believes_all=True)),
    Part("the wait after closing the acceptor", Setting(drains=False)),
    Part("a lasting payout count", Setting(lasting_payouts=False, believes_all=True)),
    Part("a lasting sheet count", Setting(lasting_sheets=False, believes_all=True)),
    Part("tombstones at central", Setting(tombstones=False)),
    Part("redemptions that central knows to be over", Setting(fees=(), owed=2, losses=2, tombstones=False)),
    Part("the rule that nothing leaves after boot", Setting(keeps_to_boot_rule=False)),
    Part("sensors read after the sheets are counted", Setting(fresh_sensors=False)),
    Part('"still paying" while a payout is on its way', Setting(tells_payout_to_come=False)),
    Part("a lasting count of stacked notes", replace(NOTES_ALONE, lasting_stacks=False, believes_all=True)),
    Part("NOTE? before the order to stack", replace(NOTES_ALONE, lasting_stacks=False, stores_intents=False)),
    Part('the event "stacked", the answer to the order for it', replace(NOTES_ALONE, credits_on_event=False)),
    Part("a validator that clears its path before it answers", replace(NOTES_ALONE, clears_first=False)),
    Part("coins inhibited while a note is on its way", replace(NOTES_ALONE, purse=3, coins_wait=False)),
    Part("change planned before it is owed", replace(NOTES_ALONE, bills=3, plans_change=False)),
    Part("CARD? before the terminal is asked", replace(BY_CARD, stores_intents=False)),
    Part("the terminal's list of open reservations", replace(BY_CARD, lists_open=False)),
    Part('"busy" from a terminal that is at it', replace(BY_CARD, tells_busy=False)),
    Part("a second look at a terminal at rest", replace(BY_CARD, looks_twice=False)),
    Part("what was open before CARD?", replace(BY_CARD, reads_before=False)),
    Part("the charge after delivery", replace(BY_CARD, charges_after=False)),
)
"""What no rule of an order can mend, or a machine that does not know of it: the search has to find who loses."""
