"""The one face of every device: states, reasons, commands, results, events, outcomes.

Pure types, no I/O. The words are those of XFS4IoT (CEN CWA 17852), cut to what a certificate kiosk needs. A driver
takes `Command`s, ends each with exactly one `Completed`, and reports what happened by itself as `Event`s. An `Outcome`
is what the device *proved*: a time-out proves nothing and is UNKNOWN.
"""

from enum import StrEnum

from msgspec import Struct


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
    SILENT = "silent"
    PAPER_OUT = "paper-out"
    PAPER_LOW = "paper-low"
    PAPER_JAM = "paper-jam"
    COVER_OPEN = "cover-open"
    TONER_LOW = "toner-low"
    TONER_OUT = "toner-out"
    BIN_FULL = "bin-full"
    PAPER_IN_PATH = "paper-in-path"
    HOPPER_EMPTY = "hopper-empty"
    HOPPER_LOW = "hopper-low"
    COIN_JAM = "coin-jam"
    OPTO_FRAUD = "opto-fraud"
    CUTTER = "cutter"
    SELF_CHECK = "self-check"
    DEVICE_RESET = "device-reset"
    OTHER_DEVICE = "other-device"
    PROTOCOL = "protocol"
    HARDWARE = "hardware"


class ErrorCode(StrEnum):
    """What went wrong with one command."""

    NOT_PRESENT = "not-present"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    REFUSED = "refused"
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
    """A device's whole state. `device` is its name on this machine: coin, hopper, printer, presenter, receipt.

    `epoch` counts the device's own resets as seen by this driver; `counters` are the driver's last readings
    (non-volatile ones keep their meaning over power loss); `capabilities` are asked of the device, not assumed.
    """

    device: str
    state: DeviceState
    reasons: tuple[Reason, ...] = ()
    identity: Identity = Identity()
    counters: dict[str, int] = {}
    capabilities: frozenset[str] = frozenset()
    epoch: int = 0


# --- durable positions: kept in the ledger, handed back at start, advanced only after core has committed -------------


class CoinPosition(Struct, frozen=True):
    """How far coin events are booked: the acceptor's serial, event counter (ccTalk 229), lifetime accepts (225)."""

    serial: str
    events: int
    accepted: int


# --- commands: every one has a request id and ends with exactly one Completed ----------------------------------------


class Command(Struct, frozen=True, tag=True, kw_only=True):
    """Something core asks of a bus. `deadline_ms` is counted from receipt; a late command ends UNKNOWN or NOT_DONE."""

    request: str
    deadline_ms: int = 5_000


class Resume(Command, frozen=True, tag=True):
    """First command after the hello on the cash bus: acceptance off, events past `position` as recovered credits.

    `position` None means that nothing was ever booked: the device's present counters are the base. -> CashReading
    """

    position: CoinPosition | None = None


class Collect(Command, frozen=True, tag=True):
    """Accept coins of these denominations (KRW) and no others, until StopCollect or the loss of core's connection."""

    denominations: tuple[int, ...]


class StopCollect(Command, frozen=True, tag=True):
    """Inhibit, wait for a coin past the gate, re-read. Every coin is reported before the result. -> CashReading"""


class BookCredit(Command, frozen=True, tag=True):
    """Core has committed the credits up to this position; the driver may forget them."""

    position: CoinPosition


class Dispense(Command, frozen=True, tag=True):
    """Pay out `count` coins, sent to the hopper once. `key` names the journaled intent. -> PaidOut"""

    key: str
    count: int


class ReadCash(Command, frozen=True, tag=True):
    """Read the cash counters now, from the devices, not from memory. -> CashReading"""


class ReadPaper(Command, frozen=True, tag=True):
    """Read page and retract counters and the presenter's sensors now. -> PaperReading"""


class OpenJob(Command, frozen=True, tag=True):
    """Create the printer's job named `key`, hand over a connected socket for Send-Document. -> JobOpened (+ socket)

    From here on the driver follows the job by itself: SheetOut events, then one JobEnded.
    """

    key: str
    sheets: int


class FollowJob(Command, frozen=True, tag=True):
    """After a restart: find the job by its key and follow it again. NOT_DONE: the printer knows no such job."""

    key: str
    sheets: int


class CancelJob(Command, frozen=True, tag=True):
    """Cancel the job and wait until the printer says that it has ended; sheets may come till then. -> PaperReading"""

    key: str


class Hold(Command, frozen=True, tag=True):
    """Close the presenter's gate: sheets from the printer stay inside."""


class Present(Command, frozen=True, tag=True):
    """Push the held sheets into the mouth. PaperTaken follows when the mouth is empty again. -> PaperReading"""


class Retract(Command, frozen=True, tag=True):
    """Pull what is in path and mouth into the bin. DONE only when both sensors are clear. -> PaperReading"""


class ReceiptLine(Struct, frozen=True):
    """One printed line. `size` 1 or 2; `align` left, centre or right; `right` is set flush right on the same line."""

    text: str = ""
    right: str = ""
    bold: bool = False
    size: int = 1
    align: str = "left"
    rule: bool = False


class PrintReceipt(Command, frozen=True, tag=True):
    """Print, feed and cut; DONE only when the printer has proved that everything before the cut was printed."""

    key: str
    lines: tuple[ReceiptLine, ...]
    qr: str = ""


AnyCommand = (
    Resume
    | Collect
    | StopCollect
    | BookCredit
    | Dispense
    | ReadCash
    | ReadPaper
    | OpenJob
    | FollowJob
    | CancelJob
    | Hold
    | Present
    | Retract
    | PrintReceipt
)


# --- results ----------------------------------------------------------------------------------------------------------


class CashReading(Struct, frozen=True, tag=True):
    """Cash counters as read now. None: that device did not answer or does not count.

    `accepted` and `dispensed` are lifetime coin counts of the acceptor and the hopper; `events` is the acceptor's event
    counter; `paying` is True while the hopper still has coins to pay of its last command; `low` is the level sensor.
    """

    coin_serial: str = ""
    events: int | None = None
    accepted: int | None = None
    hopper_serial: str = ""
    dispensed: int | None = None
    paying: bool | None = None
    low: bool | None = None


class PaidOut(Struct, frozen=True, tag=True):
    """What a payout did: coins out, by the difference of the hopper's lifetime counter, and that counter now."""

    key: str
    paid: int
    unpaid: int
    dispensed: int


class JobOpened(Struct, frozen=True, tag=True):
    """The printer took the job. `path` is the HTTP request path and `host` the Host header for Send-Document."""

    key: str
    job_id: int
    host: str
    path: str
    printer_uri: str


class PaperReading(Struct, frozen=True, tag=True):
    """Paper evidence as read now: the printer's lifetime sheets (P), the presenter's lifetime retracts (R), sensors."""

    printer_serial: str = ""
    sheets: int | None = None
    presenter_serial: str = ""
    retracts: int | None = None
    path: bool | None = None
    mouth: bool | None = None


Result = CashReading | PaidOut | JobOpened | PaperReading


# --- events -----------------------------------------------------------------------------------------------------------


class Completed(Struct, frozen=True, tag=True):
    """The end of one command. `code` and `detail` say why it is not DONE; `result` carries what the command returns."""

    request: str
    outcome: Outcome
    code: ErrorCode | None = None
    detail: str = ""
    result: Result | None = None


class StatusChanged(Struct, frozen=True, tag=True):
    """A device's state, reasons, identity or epoch changed (and once for every device after the hello)."""

    status: Status


class Credited(Struct, frozen=True, tag=True):
    """A coin was accepted. To be committed, then shown, then booked. `recovered`: it fell while nobody listened."""

    value: int
    position: CoinPosition
    recovered: bool = False


class CreditsLost(Struct, frozen=True, tag=True):
    """`count` coins were accepted whose values nobody knows any more (buffer overrun, or a reset before the poll)."""

    count: int
    position: CoinPosition


class CoinRejected(Struct, frozen=True, tag=True):
    """A coin was given back at once. `code` is the acceptor's."""

    code: int


class CoinOut(Struct, frozen=True, tag=True):
    """`paid` coins of payout `key` are out so far."""

    key: str
    paid: int


class SheetOut(Struct, frozen=True, tag=True):
    """Sheet `sheet` (1-based) of job `key` has left the printer."""

    key: str
    sheet: int


class JobEnded(Struct, frozen=True, tag=True):
    """Job `key` is over. DONE only for completed with every sheet counted; `sheets` is what the counter proves."""

    key: str
    outcome: Outcome
    sheets: int
    code: ErrorCode | None = None


class PaperTaken(Struct, frozen=True, tag=True):
    """The mouth was occupied and is empty, without a retract: a person has the paper."""


Event = (
    Completed
    | StatusChanged
    | Credited
    | CreditsLost
    | CoinRejected
    | CoinOut
    | SheetOut
    | JobEnded
    | PaperTaken
)
