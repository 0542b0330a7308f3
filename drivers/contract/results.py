"""What a command returns: readings of counters and sensors, as the devices gave them."""

from msgspec import Struct

from drivers.contract.bounds import SPAN_24, SPAN_32, Count, JobId, Span
from drivers.contract.vocabulary import Supply


class HopperCount(Struct, frozen=True):
    """The counters of one more hopper, as in CashReading."""

    serial: str
    dispensed: Count
    paying: bool
    low: bool | None = None
    span: Span = SPAN_24


class CashReading(Struct, frozen=True, tag=True):
    """Cash counters as read now. None: that device did not answer or does not count.

    `accepted` and `dispensed` are lifetime coin counts of the acceptor and the hopper; `events` is the acceptor's event
    counter; `paying` is True while the hopper still has coins to pay of its last command; `low` is the level sensor.
    `stacked` are the notes stacked for life, `note_events` the validator's event counter, `note_clear` that no note is
    held, moving or stuck. `more_hoppers` are those after the first; None in the place of a silent one.
    A lifetime count begins anew at its `…_span`.
    """

    coin_serial: str = ""
    events: Count | None = None
    accepted: Count | None = None
    hopper_serial: str = ""
    dispensed: Count | None = None
    paying: bool | None = None
    low: bool | None = None
    note_serial: str = ""
    note_events: Count | None = None
    stacked: Count | None = None
    note_clear: bool | None = None
    more_hoppers: tuple[HopperCount | None, ...] = ()
    accepted_span: Span = SPAN_24
    dispensed_span: Span = SPAN_24
    stacked_span: Span = SPAN_24


class PaidOut(Struct, frozen=True, tag=True):
    """What a payout did: coins out, by the difference of the hopper's lifetime counter, and that counter now."""

    key: str
    paid: Count
    unpaid: Count
    dispensed: Count
    span: Span = SPAN_24


class JobOpened(Struct, frozen=True, tag=True):
    """The printer took the job. `path` is the HTTP request path and `host` the Host header for Send-Document.

    `job_id` on the printer `printer_serial` is what the job is known by from now on.
    """

    key: str
    job_id: JobId
    host: str
    path: str
    printer_uri: str
    printer_serial: str = ""


# Which of a printer's counts P is, behind its name in `printer_serial`; the sheets themselves need no word.
_COUNTS = (" impressions", " life-count")


def printer_of(serial: str) -> str:
    """The printer alone that a `printer_serial` names, whichever of its counts that is."""
    return next((serial.removesuffix(count) for count in _COUNTS if serial.endswith(count)), serial)


class PaperReading(Struct, frozen=True, tag=True):
    """Paper evidence as read now: the printer's lifetime sheets (P), the presenter's lifetime retracts (R), sensors.

    `printer_serial` names the printer and which of its counts P is. `job_sheets`: sheets of the job that was asked
    about, by the printer's own word; None when none was, or the printer has forgotten it.
    """

    printer_serial: str = ""
    sheets: Count | None = None
    presenter_serial: str = ""
    retracts: Count | None = None
    path: bool | None = None
    mouth: bool | None = None
    job_sheets: Count | None = None
    sheets_span: Span = SPAN_32
    retracts_span: Span = SPAN_32


class CardReading(Struct, frozen=True, tag=True):
    """The card that is in `reader`, as told by CardInserted. `insertion` None: there is none in any reader."""

    reader: str = ""
    insertion: int | None = None
    mute: bool = False


class TerminalReading(Struct, frozen=True, tag=True):
    """What the payment terminal says: its id, whether it is busy, the receipt numbers of open reservations."""

    serial: str
    busy: bool
    open: tuple[int, ...] = ()


class CardReserved(Struct, frozen=True, tag=True):
    """`amount` KRW are reserved under the terminal's number `receipt`."""

    key: str
    receipt: int
    amount: int


class CardBooking(Struct, frozen=True, tag=True):
    """Reservation `receipt` is closed; of it `captured` KRW were charged."""

    key: str
    receipt: int
    captured: int


class PowerReading(Struct, frozen=True, tag=True):
    """What the UPS says now. `charge` in percent and `runtime_s` in seconds where it tells them, else None."""

    supply: Supply = Supply.UNKNOWN
    charge: Count | None = None
    runtime_s: Count | None = None


Result = (
    CashReading
    | PaidOut
    | JobOpened
    | PaperReading
    | CardReading
    | PowerReading
    | TerminalReading
    | CardReserved
    | CardBooking
)
