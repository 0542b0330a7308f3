"""The rules: which devices and levels a certificate type needs in order to be sold now.

A citizen is never asked for money that could not be given back, nor for a choice that could not be printed.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from drivers.contract import Severity, Status
from kiosk.catalogue.catalogue import Catalogue, CertificateType
from kiosk.health.cash import CashLevels, affordable, cash_mode
from kiosk.health.parts import (
    CASH_DEVICES,
    LOOKED_AT,
    NEEDED,
    PARTS,
    PAYMENT_DEVICES,
    SILENT,
    STATE_REASONS,
    Looked,
    Need,
)
from kiosk.order.change import CashMode
from kiosk.protocol.central import TypeHealth

STARTING = "starting"
"""It has not said how it is yet, and is still waited for. Never for longer than a start takes (kiosk.health.start)."""


class MachineState(StrEnum):
    """The whole machine in one word."""

    READY = "ready"
    DEGRADED = "ready-degraded"
    OUT_OF_SERVICE = "out-of-service"


SERVING = "serving"
"""What the machine says of itself to central while somebody is there, whatever else it could say."""
TOLD_STATES = (*MachineState, SERVING)
"""Every state that a heartbeat can tell."""


class Ailment(Struct, frozen=True):
    """What does not work: a device, the link, the worker or an order left open; and why, a `reason.*` key."""

    device: str
    reason: str


UNRESOLVED = Ailment("order", "unresolved")
"""An order of somebody who has left still waits for a device's evidence; nothing is sold before it is closed."""
CARD_UNRESOLVED = Ailment("terminal", "unresolved")
"""A payment by card still waits for the terminal's word: no other card is taken before it, but cash is."""
WORKER_STARTING, WORKER_SILENT = Ailment("worker", STARTING), Ailment("worker", SILENT)
"""There is none: the next one is only just getting ready, or has been away for longer than that takes."""
STALE = Ailment("catalogue", "catalogue-stale")
"""The catalogue and its forms are past their own term."""


class Health(Struct, frozen=True):
    """What can be sold now. `types` has every type of the catalogue, in its order; `reason` keys are `why.*` messages.

    `cash` are the levels that the sums on the screen are held against; None while they are not known.
    `card`: the payment terminal works. `waking`: the start is not over, so that not all is known that ails it.
    """

    state: MachineState = MachineState.OUT_OF_SERVICE
    types: tuple[TypeHealth, ...] = ()
    ailments: tuple[Ailment, ...] = (WORKER_STARTING,)
    cash: CashLevels | None = None
    card: bool = False
    waking: bool = False

    def of(self, type_code: str) -> TypeHealth:
        """The health of one type; one that is not listed can't be sold."""
        for kind in self.types:
            if kind.type_code == type_code:
                return kind
        return TypeHealth(type_code, sellable=False, reason="starting")

    @property
    def pays_back(self) -> bool:
        """Whether money that is owed could be looked for and paid now, to who shows a card. Paper is not needed."""
        unwell = {ailment.device for ailment in self.ailments}
        lacking = any(PARTS[name].pays_back for name in unwell)
        return not lacking and self.cash is not None and self.cash.refundable() > 0

    def affords(self, fee: int) -> bool:
        """Whether an order of this fee (KRW) can be paid, and be given back in full, now."""
        return fee <= 0 or bool(self.means(fee))

    def means(self, fee: int) -> tuple[str, ...]:
        """How this fee can be paid now, so that all of it could be given back: cash, card."""
        cash = self.cash_mode(fee) is not CashMode.NONE
        return (*(("cash",) if cash else ()), *(("card",) if self.card else ()))

    def cash_mode(self, fee: int) -> CashMode:
        """How an order of this fee (KRW) could be paid in cash now: in any way, in the exact sum only, not at all."""
        down = any(ailment.device in CASH_DEVICES for ailment in self.ailments)
        return cash_mode(fee, None if down else self.cash)


def health(
    catalogue: Catalogue,
    statuses: Mapping[str, Status],
    *,
    online: bool,
    starting: tuple[Ailment, ...] = (),
    besides: tuple[Ailment, ...] = (),
    cash: CashLevels | None,
    minute: int,
) -> Health:
    """Judge the machine. `statuses` by device name; `minute` of the day in Seoul (0..1439) for the registers' hours.

    `starting`: who is waited for since the start (kiosk.health.start); while anybody is, nothing is sold, whatever the
    others can do. `besides`: what ails it besides its devices and the link (WORKER_SILENT, UNRESOLVED, STALE). A
    machine that was built with a payment terminal has its status whatever it is.
    """
    terminal = "terminal" in statuses
    found = _ailments(catalogue, statuses, online=online)
    ailments = _but_starting((*found, *besides), starting)
    if cash is None:
        ailments += _uncounted(ailments)
    ill = {ailment.device for ailment in ailments}
    card = terminal and ill.isdisjoint(PAYMENT_DEVICES)
    types = (
        tuple(TypeHealth(kind.code, sellable=False, reason=STARTING) for kind in catalogue.types)
        if starting
        else tuple(_judge(kind, ailments, cash, minute, card=card) for kind in catalogue.types)
    )
    sellable = [kind for kind in types if kind.sellable]
    if not sellable:
        state = MachineState.OUT_OF_SERVICE
    elif ailments or len(sellable) < len(types):
        state = MachineState.DEGRADED
    else:
        state = MachineState.READY
    return Health(state, types, ailments, cash, card, bool(starting))


def _ailments(catalogue: Catalogue, statuses: Mapping[str, Status], *, online: bool) -> tuple[Ailment, ...]:
    by_card = any(kind.identification == "card" for kind in catalogue.types)
    found = []
    for device in LOOKED_AT:
        if _is_looked_at(device, statuses, by_card=by_card):
            reason = device_reason(statuses.get(device))
            if reason:
                found.append(Ailment(device, reason))
    if not online:
        found.append(Ailment("link", "offline"))
    return tuple(found)


def _is_looked_at(name: str, statuses: Mapping[str, Status], *, by_card: bool) -> bool:
    match PARTS[name].looked:
        case Looked.ALWAYS:
            return True
        case Looked.BY_CARD:
            return by_card
        case Looked.TOLD_OF:
            return name in statuses
        case Looked.NEVER:
            return False


def _but_starting(ailments: tuple[Ailment, ...], starting: tuple[Ailment, ...]) -> tuple[Ailment, ...]:
    """Of what is getting ready it is not known yet what ails it."""
    waited_for = {ailment.device for ailment in starting}
    return (*starting, *(ailment for ailment in ailments if ailment.device not in waited_for))


def _uncounted(ailments: tuple[Ailment, ...]) -> tuple[Ailment, ...]:
    """Nothing ails the cash devices, and they have not said how much they hold."""
    ill = {ailment.device for ailment in ailments}
    return (Ailment("hopper", SILENT),) if ill.isdisjoint(CASH_DEVICES) else ()


def _judge(
    kind: CertificateType, ailments: tuple[Ailment, ...], cash: CashLevels | None, minute: int, *, card: bool
) -> TypeHealth:
    """The first reason, in the order in which a citizen would want to hear it, or sellable. Who can pay by card needs
    nothing of the cash devices.
    """
    paid = kind.fee.base > 0 and not card
    needs = NEEDED[Need.EVERYTHING]
    if paid:
        needs |= NEEDED[Need.CASH]
    if kind.identification == "card":
        needs |= NEEDED[Need.PERSON]
    reason = ""
    if not kind.hours.open_at(minute):
        reason = "closed-hours"
    elif blocking := next((ailment for ailment in ailments if ailment.device in needs), None):
        reason = type_reason(blocking)
    elif paid and (cash is None or not affordable(kind.fee.base, cash)):
        reason = "no-change"
    return TypeHealth(kind.code, sellable=not reason, reason=reason)


def device_reason(status: Status | None) -> str:
    """Why a device can't be used: its first error's code, else a word for its state; "" when it can."""
    if status is None:
        return SILENT
    if not STATE_REASONS[status.state]:
        return ""
    for reason in status.reasons:
        if reason.severity in (Severity.ERROR, Severity.SECURITY):
            return reason.code.value
    return STATE_REASONS[status.state]


def type_reason(ailment: Ailment) -> str:
    """An ailment as the reason why a certificate can't be had, in a citizen's terms (`why.*`)."""
    part = PARTS[ailment.device]
    return part.whys.get(ailment.reason) or part.why or ailment.reason
