"""The rules for selling and handling money on these devices. They follow from what the devices can prove.

A device says which counts it keeps over a power cut and what its sensors can see. If a proof is missing, the
machine either risks so little at a time that a person can settle the case, or it sells nothing.
docs/orders.md gives each rule with its reason.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from drivers.contract import MOST_COINS

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
# If one of these is missing, the machine sells nothing: a certificate can't be printed as required, or nobody
# can say whether a paper was taken, is in the machine, or is in the way of the next one. Each has the
# `reason.*` that says why. One of the two counts of a printer is enough.
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


class SalePolicy(Struct, frozen=True):
    """How a machine sells.

    - `missing`: a missing capability without which the machine sells nothing.
    - `acceptor_remembers`: coins that fell in a power cut can be counted afterwards. Otherwise at most one
      coin is in doubt, and the screen says so before the first coin.
    - `hopper_remembers`: coins that were paid out in a power cut can be counted afterwards. Otherwise each
      command pays one coin, so that at most one is in doubt.
    - `printer_remembers`: sheets that came out in a power cut can be counted afterwards. Otherwise the
      document under way is in doubt.
    """

    missing: Capability | None = None
    acceptor_remembers: bool = True
    hopper_remembers: bool = True
    printer_remembers: bool = True

    @property
    def coins_per_payout(self) -> int:
        """The most coins that one command may pay."""
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
    """The capabilities of the machine, from those of its devices by name.

    Of two hoppers (`hopper`, `hopper-2`) only those count that both have.
    """
    listed = tuple(devices)
    hoppers = [words for name, words in listed if name.startswith("hopper")]
    both = frozenset.intersection(*hoppers) if hoppers else frozenset[str]()
    others = {(name, word) for name, words in listed if not name.startswith("hopper") for word in words}
    return frozenset(others | {("hopper", word) for word in both})


def accepted(denominations: tuple[int, ...], hopper_coin: int) -> tuple[int, ...]:
    """The coins (KRW) that the machine may take if one hopper pays back: the multiples of its coin."""
    return tuple(value for value in denominations if value % hopper_coin == 0)


def payable(fee: int, hopper_coin: int) -> bool:
    """Whether the change of a fee (KRW) can be paid by one hopper of this coin, whatever was put in."""
    return fee % hopper_coin == 0
