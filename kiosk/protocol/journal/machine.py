"""The machine itself: its starts and supply, what it serves from, what central says of its journal, one question."""

from typing import ClassVar

from msgspec import UNSET, UnsetType, field

from kiosk.protocol.journal.fact import Fact, Name, Sum


class Boot(Fact, frozen=True):
    """Core has started."""

    kind: ClassVar = "boot"


class PowerFact(Fact, frozen=True):
    """What the UPS said: what feeds the machine, the battery's charge in percent and what it is good for in seconds."""

    supply: Name
    charge: int | None
    runtime_s: int | None


class PowerGood(PowerFact, frozen=True):
    """The mains are back, or a UPS on battery has been silent for so long that its last word counts no more."""

    kind: ClassVar = "power-good"


class PowerEnding(PowerFact, frozen=True):
    """The machine runs on its battery, and takes up nothing new."""

    kind: ClassVar = "power-ending"


class PowerHalting(PowerFact, frozen=True):
    """The machine is about to turn itself off."""

    kind: ClassVar = "power-halting"


class HaltAsked(PowerFact, frozen=True):
    """The system is about to be told to turn off."""

    kind: ClassVar = "halt-asked"


class HaltRefused(PowerFact, frozen=True):
    """The command to turn off was refused."""

    kind: ClassVar = "halt-refused"
    code: Name
    detail: str


# A bundle is written as `kit`: the first machines did so, and their rows have to be read for ever.
class BundleActivated(Fact, frozen=True):
    """The machine serves from bundle `kit`, and goes back to `before` where that fails."""

    kind: ClassVar = "bundle-activated"
    bundle: Name = field(name="kit")
    before: Name


class BundleProved(Fact, frozen=True):
    """A worker got ready with bundle `kit`."""

    kind: ClassVar = "bundle-proved"
    bundle: Name = field(name="kit")


class BundleRefused(Fact, frozen=True):
    """Bundle `kit` gave way, or could not be opened. `back_to`: what the machine serves from instead."""

    kind: ClassVar = "bundle-refused"
    bundle: Name = field(name="kit")
    why: Name
    back_to: Name | UnsetType = UNSET


class BundleNotTaken(Fact, frozen=True):
    """The courier could not bring what was published."""

    kind: ClassVar = "bundle-not-taken"
    why: Name


class ChainRefused(Fact, frozen=True):
    """Central does not take the journal."""

    kind: ClassVar = "chain-refused"
    code: Name


class CaseResolved(Fact, frozen=True):
    """Central says what became of a claim of `order`: paid, or decided. `amount` (KRW) is still owed."""

    kind: ClassVar = "case-resolved"
    case: Sum
    order: Name
    verdict: Name
    amount: Sum


class Survey(Fact, frozen=True):
    """The one question's answer, 1 (bad) to 5 (good). Nothing ties it to a person."""

    kind: ClassVar = "survey"
    score: Sum
