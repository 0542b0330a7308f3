"""Devices and their lifetime counters, beside the orders: what is there, what moved for nobody, what hoppers hold."""

from typing import ClassVar

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Part, Sum


class Reading(Part, frozen=True):
    """A device's serial and its lifetime count; None: it could not tell."""

    serial: Name
    value: Sum | None


class AcceptorKnown(Fact, frozen=True):
    """The machine's first coin acceptor, by serial."""

    kind: ClassVar = "acceptor-known"
    serial: Name


class ValidatorKnown(Fact, frozen=True):
    """The machine's first note validator, by serial."""

    kind: ClassVar = "validator-known"
    serial: Name


class CountersKnown(Fact, frozen=True):
    """From this row on, core watches the lifetime counters."""

    kind: ClassVar = "counters-known"
    counters: dict[Name, Reading]


class DeviceExchanged(Fact, frozen=True):
    """Another device is connected. `before` and `now`: the counter `what` of the old and of the new device.

    `what` is coin, note, hopper, hopper_2, printer or presenter.
    """

    kind: ClassVar = "device-exchanged"
    what: Name
    before: Reading
    now: Reading


class CounterImplausible(Fact, frozen=True):
    """The counter `what` (as in device-exchanged) made a step that no coin and no sheet can have made."""

    kind: ClassVar = "counter-implausible"
    what: Name
    before: Reading
    now: Reading


class Surplus(Fact, frozen=True):
    """A coin, note or sheet moved that belongs to no order. `what` is coin, note, unknown-coin, unknown-note,
    coin-out, sheet or retract.

    `value` (KRW) or `count` if the device reported it; `amount` if only its counter shows it, from `before`
    to `now`.
    """

    kind: ClassVar = "surplus"
    what: Name
    value: Sum | UnsetType = UNSET
    count: Sum | UnsetType = UNSET
    amount: Sum | UnsetType = UNSET
    before: Reading | UnsetType = UNSET
    now: Reading | UnsetType = UNSET


class HopperFact(Fact, frozen=True):
    """A hopper by serial and number (from 0), and how many coins it holds."""

    serial: Name
    coins: Sum
    hopper: Sum = 0


class HopperKnown(HopperFact, frozen=True):
    """A hopper has lost its lifetime count. From this row on, core computes its contents from the new count."""

    kind: ClassVar = "hopper-known"


class HopperFilled(HopperFact, frozen=True):
    """A person counted the coins in the hopper. For the first hopper in a place the settings say the number."""

    kind: ClassVar = "hopper-filled"


class HopperUncounted(HopperFact, frozen=True):
    """Another hopper is connected, and no person has counted its coins."""

    kind: ClassVar = "hopper-uncounted"


class HopperForgot(HopperFact, frozen=True):
    """The hopper's count went back: the hopper has lost it."""

    kind: ClassVar = "hopper-forgot"


class PaperFound(Fact, frozen=True):
    """Paper of no open order lies in the presenter's path or mouth; the presenter is about to pull it in."""

    kind: ClassVar = "paper-found"
    path: bool
    mouth: bool
