"""The machine itself: its starts and supply, what it serves from, what central says of its journal, one question."""

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Sum


class Boot(Fact, frozen=True, tag="boot"):
    """Core has started."""


class PowerFact(Fact, frozen=True):
    """What the UPS said: what feeds the machine, the battery's charge in percent and what it is good for in seconds."""

    supply: Name
    charge: int | None
    runtime_s: int | None


class PowerGood(PowerFact, frozen=True, tag="power-good"):
    """The mains are back."""


class PowerEnding(PowerFact, frozen=True, tag="power-ending"):
    """The machine runs on its battery, and takes up nothing new."""


class PowerHalting(PowerFact, frozen=True, tag="power-halting"):
    """The machine is about to turn itself off."""


class HaltAsked(PowerFact, frozen=True, tag="halt-asked"):
    """The system was told to turn off."""


class HaltRefused(PowerFact, frozen=True, tag="halt-refused"):
    """The system did not turn off."""

    code: Name
    detail: str


class BundleActivated(Fact, frozen=True, tag="bundle-activated"):
    """The machine serves from bundle `kit`; from `before` until now."""

    kit: Name
    before: Name


class BundleProved(Fact, frozen=True, tag="bundle-proved"):
    """A worker got ready with bundle `kit`."""

    kit: Name


class BundleRefused(Fact, frozen=True, tag="bundle-refused"):
    """Bundle `kit` gave way, or could not be opened. `back_to`: what the machine serves from instead."""

    kit: Name
    why: Name
    back_to: Name | UnsetType = UNSET


class BundleNotTaken(Fact, frozen=True, tag="bundle-not-taken"):
    """The courier could not bring what was published."""

    why: Name


class ChainRefused(Fact, frozen=True, tag="chain-refused"):
    """Central does not take the journal."""

    code: Name


class CaseResolved(Fact, frozen=True, tag="case-resolved"):
    """Central says what became of a claim of `order`: paid, or decided. `amount` (KRW) is still owed."""

    case: Sum
    order: Name
    verdict: Name
    amount: Sum


class Survey(Fact, frozen=True, tag="survey"):
    """The one question's answer, 1 (bad) to 5 (good). Nothing ties it to a person."""

    score: Sum
