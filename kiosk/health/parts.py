"""The parts of a machine as data: what can't be sold while one of them fails, and what a citizen hears of it.

A row for each device and for what else a sale needs. Words for parts and reasons: kiosk/words/*.toml (the screens),
central/vocabulary (the office).
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from drivers.contract import DeviceName, DeviceState, ReasonCode

UNCOUNTED = "hopper-uncounted"
"""Another hopper was put in, and nobody has said what it holds (kiosk.core.hoppers)."""
SILENT = "silent"


class Need(StrEnum):
    """What the machine does not sell while the part fails."""

    EVERYTHING = "everything"
    CASH = "certificates paid in cash"
    PERSON = "certificates about the person who shows a card"
    NOTHING = "nothing"


class Looked(StrEnum):
    """When core looks at a device's own status. Core itself reports the parts that are no devices."""

    ALWAYS = "on each machine"
    BY_CARD = "if it sells something to a person identified by card"
    TOLD_OF = "once the device has reported"
    NEVER = "not at all"


class Part(Struct, frozen=True, kw_only=True):
    """`pays_back`: without it no claim can be paid.

    `why`: what is said (`why.*`) of a certificate that can't be had for it, "" for the reason itself. `whys`: the same
    for reasons that a citizen should hear of in other words.
    """

    need: Need
    looked: Looked = Looked.NEVER
    pays_back: bool = False
    why: str = ""
    whys: dict[str, str] = {}


_OF_PAPER: dict[str, str] = {
    code.value: code.value for code in (ReasonCode.PAPER_OUT, ReasonCode.PAPER_JAM, ReasonCode.TONER_OUT)
}
_NO_COINS: dict[str, str] = {ReasonCode.HOPPER_EMPTY.value: "no-change", UNCOUNTED: "no-change"}

# In the order in which a citizen would want to hear of them.
PARTS: dict[str, Part] = {
    DeviceName.PRINTER: Part(need=Need.EVERYTHING, looked=Looked.ALWAYS, why="printer-down", whys=_OF_PAPER),
    DeviceName.PRESENTER: Part(
        need=Need.EVERYTHING, looked=Looked.ALWAYS, why="presenter-down", whys=_OF_PAPER
    ),
    DeviceName.COIN: Part(need=Need.CASH, looked=Looked.ALWAYS, why="cash-down"),
    DeviceName.HOPPER: Part(
        need=Need.CASH, looked=Looked.ALWAYS, pays_back=True, why="cash-down", whys=_NO_COINS
    ),
    DeviceName.CARD: Part(need=Need.PERSON, looked=Looked.BY_CARD, pays_back=True, why="no-reader"),
    # Missed, but a certificate is not withheld for want of a receipt.
    DeviceName.RECEIPT: Part(need=Need.NOTHING, looked=Looked.ALWAYS),
    # Another way to pay; without it money is taken in cash.
    DeviceName.TERMINAL: Part(need=Need.NOTHING, looked=Looked.TOLD_OF),
    # Without these money is taken and given in coins of one value.
    DeviceName.NOTE: Part(need=Need.NOTHING, looked=Looked.TOLD_OF),
    DeviceName.HOPPER_2: Part(need=Need.NOTHING, looked=Looked.TOLD_OF),
    # What it tells is judged in time, as `power` (kiosk.health.power).
    DeviceName.UPS: Part(need=Need.NOTHING),
    "link": Part(need=Need.EVERYTHING, pays_back=True),
    "worker": Part(need=Need.EVERYTHING, pays_back=True, whys={SILENT: "worker-silent"}),
    "order": Part(need=Need.EVERYTHING, pays_back=True),
    "catalogue": Part(need=Need.EVERYTHING),
    "ledger": Part(need=Need.EVERYTHING, pays_back=True),
    "power": Part(need=Need.EVERYTHING, pays_back=True),
}

# Why a device in this state can't be used, where it tells no error; "" for one that can.
STATE_REASONS: dict[DeviceState, str] = {
    DeviceState.ABSENT: ReasonCode.UNPLUGGED.value,
    DeviceState.CONNECTING: SILENT,
    DeviceState.INITIALISING: "setting-up",
    DeviceState.READY: "",
    DeviceState.BUSY: "",
    DeviceState.DEGRADED: "",
    DeviceState.BLOCKED: ReasonCode.HARDWARE.value,
    DeviceState.FAULT: ReasonCode.HARDWARE.value,
    DeviceState.DISABLED: "disabled",
    DeviceState.TAMPERED: ReasonCode.HARDWARE.value,
}


NEEDED: Final[dict[Need, frozenset[str]]] = {
    need: frozenset(name for name, part in PARTS.items() if part.need is need) for need in Need
}
"""The parts without which the machine does not sell it."""
PAPER_DEVICES = (DeviceName.PRINTER, DeviceName.PRESENTER)
CASH_DEVICES = tuple(name for name, part in PARTS.items() if part.need is Need.CASH)
PAYMENT_DEVICES = (DeviceName.TERMINAL,)
LOOKED_AT = tuple(name for name, part in PARTS.items() if part.looked is not Looked.NEVER)
