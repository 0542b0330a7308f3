"""What may be sold on these devices, and how money is handled on them: decided by what the devices can prove.

A device says what it remembers over a power cut and what it can see. Where a proof is lacking, either so little is at
risk at a time that a person can settle it, or nothing is sold. Each rule with its reason: docs/orders.md.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

# Device and capability, as drivers name them.
ACCEPT_COUNT: Final = ("coin", "nv-accept-counter")
DISPENSE_COUNT: Final = ("hopper", "nv-dispense-counter")
PDF: Final = ("printer", "pdf")
ONE_SIDED: Final = ("printer", "one-sided")
A4: Final = ("printer", "a4")
JOBS: Final = ("printer", "jobs-by-name")
SHEET_COUNT: Final = ("printer", "nv-sheet-counter")
JOB_COUNT: Final = ("printer", "job-sheet-counter")
PATH_SENSOR: Final = ("presenter", "path-sensor")
MOUTH_SENSOR: Final = ("presenter", "mouth-sensor")
RETRACT_COUNT: Final = ("presenter", "nv-retract-counter")

Capability = tuple[str, str]
ALL: Final[frozenset[Capability]] = frozenset(
    {ACCEPT_COUNT, DISPENSE_COUNT, PDF, ONE_SIDED, A4, JOBS, SHEET_COUNT, JOB_COUNT}
    | {PATH_SENSOR, MOUTH_SENSOR, RETRACT_COUNT}
)
# Without any of these a certificate can't be printed as it has to be, or nobody can say whether a paper is in a hand,
# in the machine, or in the way of the next one; each with the `reason.*` that says why nothing is sold. Of the two
# counts of a printer one is enough.
REASONS: Final[dict[Capability, str]] = {
    PDF: "no-pdf",
    ONE_SIDED: "no-one-sided",
    A4: "no-a4",
    JOBS: "no-jobs",
    SHEET_COUNT: "no-sheet-count",
    PATH_SENSOR: "no-proof",
    MOUTH_SENSOR: "no-proof",
    RETRACT_COUNT: "no-proof",
}
# One command pays at most so many: a ccTalk hopper counts a payout in one byte.
MOST_COINS: Final = 250


class SalePolicy(Struct, frozen=True):
    """How a machine sells. `missing`: the capability for want of which it sells nothing at all.

    `acceptor_remembers`: coins that fell in a power cut can be counted afterwards; else at most one is in doubt, and
    the screen says so before the first coin. `hopper_remembers`: the same of coins paid out; else one is paid a
    command, so that at most one is in doubt. `printer_remembers`: sheets that came out in a power cut can be counted
    afterwards; else the document under way is in doubt.
    """

    missing: Capability | None = None
    acceptor_remembers: bool = True
    hopper_remembers: bool = True
    printer_remembers: bool = True

    @property
    def coins_per_payout(self) -> int:
        """Coins that one command may pay."""
        return MOST_COINS if self.hopper_remembers else 1


def policy(capabilities: Iterable[Capability]) -> SalePolicy:
    """The policy of a machine whose devices have these capabilities."""
    known = frozenset(capabilities)
    enough = known | {SHEET_COUNT} if JOB_COUNT in known else known
    return SalePolicy(
        missing=next((one for one in REASONS if one not in enough), None),
        acceptor_remembers=ACCEPT_COUNT in known,
        hopper_remembers=DISPENSE_COUNT in known,
        printer_remembers=SHEET_COUNT in known,
    )


def of_all(devices: Iterable[tuple[str, frozenset[str]]]) -> frozenset[Capability]:
    """What the machine can, of its devices by name: of two hoppers (`hopper`, `hopper-2`) what both of them can."""
    listed = tuple(devices)
    hoppers = [words for name, words in listed if name.startswith("hopper")]
    both = frozenset.intersection(*hoppers) if hoppers else frozenset[str]()
    others = {(name, word) for name, words in listed if not name.startswith("hopper") for word in words}
    return frozenset(others | {("hopper", word) for word in both})


def accepted(denominations: tuple[int, ...], hopper_coin: int) -> tuple[int, ...]:
    """The coins (KRW) that may be taken where one hopper pays all of it back: those that its coin can make up."""
    return tuple(value for value in denominations if value % hopper_coin == 0)


def payable(fee: int, hopper_coin: int) -> bool:
    """Whether the change of a fee (KRW) can be paid by one hopper of this coin, whatever was put in."""
    return fee % hopper_coin == 0
