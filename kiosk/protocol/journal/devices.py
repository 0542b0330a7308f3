"""Devices and their lifetime counters, beside the orders: what is there, what moved for nobody, what hoppers hold."""

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Sum

Reading = tuple[Name, Sum | None]
"""A device's serial and its lifetime count; None: it could not tell."""


class AcceptorKnown(Fact, frozen=True, tag="acceptor-known"):
    """The machine's first coin acceptor, by serial."""

    serial: Name


class ValidatorKnown(Fact, frozen=True, tag="validator-known"):
    """The machine's first note validator, by serial."""

    serial: Name


class CountersKnown(Fact, frozen=True, tag="counters-known"):
    """Lifetime counters are watched from here on."""

    counters: dict[Name, Reading]


class DeviceExchanged(Fact, frozen=True, tag="device-exchanged"):
    """Another device is there: the counter `what` of the one `before` and of the one `now`."""

    what: Name
    before: Reading
    now: Reading


class CounterImplausible(Fact, frozen=True, tag="counter-implausible"):
    """The counter `what` made a step that no coin and no sheet can have made."""

    what: Name
    before: Reading
    now: Reading


class Surplus(Fact, frozen=True, tag="surplus"):
    """Something moved that belongs to no order: `what` is coin, note, unknown-coin, unknown-note, coin-out, sheet or
    retract.

    `value` (KRW) or `count` where its device told of it; `amount` where only its counter did, from `before` to `now`.
    """

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


class HopperKnown(HopperFact, frozen=True, tag="hopper-known"):
    """A hopper that forgot its count is booked by its new one."""


class HopperFilled(HopperFact, frozen=True, tag="hopper-filled"):
    """A person counted what is in it; or the settings say it, of the first hopper in that place."""


class HopperUncounted(HopperFact, frozen=True, tag="hopper-uncounted"):
    """Another hopper was put in, and nobody has said what it holds."""


class HopperForgot(HopperFact, frozen=True, tag="hopper-forgot"):
    """The hopper's count went back: it forgot it."""


class PaperFound(Fact, frozen=True, tag="paper-found"):
    """Paper of no order lies in the presenter's path or mouth; it is pulled in."""

    path: bool
    mouth: bool
