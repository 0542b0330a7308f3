"""The words for every device: states, severities, reasons, errors, outcomes, and a device's whole status."""

from enum import StrEnum

from msgspec import Struct

from drivers.contract.bounds import Count


class DeviceName(StrEnum):
    """What a device is called on its machine. Each has words on the kiosk's screens and on central's pages."""

    COIN = "coin"
    HOPPER = "hopper"
    HOPPER_2 = "hopper-2"
    NOTE = "note"
    PRINTER = "printer"
    PRESENTER = "presenter"
    RECEIPT = "receipt"
    CARD = "card"
    TERMINAL = "terminal"
    UPS = "ups"


class DeviceState(StrEnum):
    """Where a device stands. READY, BUSY and DEGRADED can work; BLOCKED needs a hand, FAULT a technician."""

    ABSENT = "absent"
    CONNECTING = "connecting"
    INITIALISING = "initialising"
    READY = "ready"
    BUSY = "busy"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    FAULT = "fault"
    DISABLED = "disabled"
    TAMPERED = "tampered"


USABLE = frozenset({DeviceState.READY, DeviceState.BUSY, DeviceState.DEGRADED})


class Severity(StrEnum):
    """How much a reason matters: `error` blocks the device, `security` also raises an alarm."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    SECURITY = "security"


class ReasonCode(StrEnum):
    """Why a device is not simply READY."""

    UNPLUGGED = "unplugged"
    PORT_DENIED = "port-denied"
    PORT_BUSY = "port-busy"
    SILENT = "silent"
    PAPER_OUT = "paper-out"
    PAPER_LOW = "paper-low"
    PAPER_JAM = "paper-jam"
    COVER_OPEN = "cover-open"
    TONER_LOW = "toner-low"
    TONER_OUT = "toner-out"
    BIN_FULL = "bin-full"
    BIN_NEAR_FULL = "bin-near-full"
    PAPER_IN_PATH = "paper-in-path"
    HOPPER_EMPTY = "hopper-empty"
    HOPPER_LOW = "hopper-low"
    COIN_JAM = "coin-jam"
    NOTE_JAM = "note-jam"
    STACKER_FULL = "stacker-full"
    STACKER_OUT = "stacker-out"
    OPTO_FRAUD = "opto-fraud"
    CUTTER = "cutter"
    SELF_CHECK = "self-check"
    DEVICE_RESET = "device-reset"
    OTHER_DEVICE = "other-device"
    PROTOCOL = "protocol"
    HARDWARE = "hardware"
    ON_BATTERY = "on-battery"
    BATTERY_LOW = "battery-low"
    BATTERY_WORN = "battery-worn"


class Supply(StrEnum):
    """What the machine runs on. UNKNOWN: nobody says so now; it is not "on line", and not "on battery" either."""

    LINE = "line"
    BATTERY = "battery"
    LOW = "low"
    UNKNOWN = "unknown"


class ErrorCode(StrEnum):
    """What went wrong with one command."""

    NOT_PRESENT = "not-present"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    REFUSED = "refused"
    BUSY = "busy"
    RESET = "reset"
    REMOVED = "removed"
    JAM = "jam"
    EMPTY = "empty"
    FULL = "full"
    COVER = "cover"
    SECURITY = "security"
    IDENTITY = "identity"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


class Outcome(StrEnum):
    """What is proved about an act. UNKNOWN is a value, never a guess."""

    NOT_DONE = "not-done"
    DONE = "done"
    UNKNOWN = "unknown"


class DeviceError(Exception):
    """A command failed. `outcome`: may it have happened all the same? `retryable`: does trying again help?"""

    def __init__(
        self,
        code: ErrorCode,
        detail: str = "",
        *,
        outcome: Outcome = Outcome.NOT_DONE,
        retryable: bool = False,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.outcome = outcome
        self.retryable = retryable


class Reason(Struct, frozen=True):
    """One thing that is not as it should be. `detail` is for technicians and never holds personal data."""

    code: ReasonCode
    severity: Severity
    detail: str = ""


class Identity(Struct, frozen=True):
    """Who a device says it is. `serial` binds durable counters to one piece of hardware."""

    maker: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


class Status(Struct, frozen=True):
    """A device's whole state. `device` is its name on this machine (DeviceName).

    `epoch` counts the device's own resets as seen by this driver; `counters` are the driver's last readings
    (non-volatile ones keep their meaning over power loss); `capabilities` are asked of the device, not assumed.
    """

    device: str
    state: DeviceState
    reasons: tuple[Reason, ...] = ()
    identity: Identity = Identity()
    counters: dict[str, Count] = {}
    capabilities: frozenset[str] = frozenset()
    epoch: Count = 0
