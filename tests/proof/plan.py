"""What is searched: in each run of the tests, and, with more of everything, by `make proof`."""

from msgspec import Struct

from tests.proof.world import Setting


class Part(Struct, frozen=True):
    """One search with its name."""

    name: str
    setting: Setting


QUICK = (
    Part("one line, a power cut or a crash", Setting()),
    Part("two lines under one payment, a power cut or a crash", Setting(fees=(1, 1))),
    Part(
        "money of an earlier order, paid out to who is identified again", Setting(fees=(), owed=2, losses=2)
    ),
)
UPS = Part("one line, and a UPS that says anything at any time", Setting(purse=1, ups=True))
LONG = (
    Part("one line, three losses, and a UPS that says anything", Setting(losses=3, ups=True)),
    Part("one line, three losses", Setting(losses=3)),
    Part("two coins, two sheets, three losses", Setting(fees=(2,), sheets=2, purse=3, losses=3)),
    Part("two lines, three losses", Setting(fees=(1, 1), losses=3)),
    Part("one line, questions that are answered twice", Setting(purse=1, questions=2)),
    Part("one line, a loss, and a device process that dies or a presenter that is reset", Setting(faults=1)),
    Part("one line, nothing of the saga left out of the state", Setting(words_kept=True)),
)
"""`make proof` searches these after the quick ones."""

CHEAPER = (
    Part("an acceptor that forgets", Setting(lasting_accepts=False)),
    Part("a hopper that forgets", Setting(lasting_payouts=False)),
)
"""Machines whose policy holds: at most one coin in doubt, and the order is DISPUTED."""

WITHOUT = (
    Part("a lasting accept count", Setting(lasting_accepts=False, believes_all=True)),
    Part("the wait after closing the acceptor", Setting(drains=False)),
    Part("a lasting payout count", Setting(lasting_payouts=False, believes_all=True)),
    Part("tombstones at central", Setting(tombstones=False)),
    Part("redemptions that central knows to be over", Setting(fees=(), owed=2, losses=2, tombstones=False)),
    Part("the rule that nothing leaves after boot", Setting(keeps_to_boot_rule=False)),
    Part("sensors read after the sheets are counted", Setting(fresh_sensors=False)),
    Part('"still paying" while a payout is on its way', Setting(tells_payout_to_come=False)),
)
"""What no rule of an order can mend, or a machine that does not know of it: the search has to find who loses."""
