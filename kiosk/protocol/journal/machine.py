"""The machine itself: its starts and supply, what it serves from, what central says of its journal, one question."""

from typing import ClassVar

from msgspec import UNSET, UnsetType, field

from kiosk.protocol.journal.fact import Fact, Name, Sum


class Boot(Fact, frozen=True):
    """Core has started."""

    kind: ClassVar = "boot"


class PowerFact(Fact, frozen=True):
    """The report of the UPS: the power supply in use, the battery's charge in percent and its remaining time in
    seconds.
    """

    supply: Name
    charge: int | None
    runtime_s: int | None


class PowerGood(PowerFact, frozen=True):
    """The mains are back. Or a UPS on battery was silent for so long that its last report no longer counts."""

    kind: ClassVar = "power-good"


class PowerEnding(PowerFact, frozen=True):
    """The machine runs on its battery and starts no new visit."""

    kind: ClassVar = "power-ending"


class PowerHalting(PowerFact, frozen=True):
    """The machine is about to turn itself off."""

    kind: ClassVar = "power-halting"


class HaltAsked(PowerFact, frozen=True):
    """Core is about to tell the system to turn off."""

    kind: ClassVar = "halt-asked"


class HaltRefused(PowerFact, frozen=True):
    """The system refused the command to turn off."""

    kind: ClassVar = "halt-refused"
    code: Name
    detail: str


# A bundle is written as `kit`: the first machines did so, and their rows have to be read for ever.
class BundleActivated(Fact, frozen=True):
    """The machine serves from bundle `kit`. If that fails, it goes back to `before`."""

    kind: ClassVar = "bundle-activated"
    bundle: Name = field(name="kit")
    before: Name


class BundleProved(Fact, frozen=True):
    """A worker got ready with bundle `kit`."""

    kind: ClassVar = "bundle-proved"
    bundle: Name = field(name="kit")


class BundleRefused(Fact, frozen=True):
    """Core gave bundle `kit` up, or could not open it. `back_to`: the bundle that the machine serves from instead."""

    kind: ClassVar = "bundle-refused"
    bundle: Name = field(name="kit")
    why: Name
    back_to: Name | UnsetType = UNSET


class BundleNotTaken(Fact, frozen=True):
    """The courier could not bring the published bundle."""

    kind: ClassVar = "bundle-not-taken"
    why: Name


class ChainRefused(Fact, frozen=True):
    """Central refuses the journal."""

    kind: ClassVar = "chain-refused"
    code: Name


class CaseResolved(Fact, frozen=True):
    """Central reports the end of a claim of `order`: paid, or decided by a person. `amount` (KRW) is still owed."""

    kind: ClassVar = "case-resolved"
    case: Sum
    order: Name
    verdict: Name
    amount: Sum


class Survey(Fact, frozen=True):
    """The answer to the survey's question, 1 (bad) to 5 (good). The row names no person."""

    kind: ClassVar = "survey"
    score: Sum
