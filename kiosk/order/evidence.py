"""What paper counters and sensors prove about one copy. The table of docs/orders.md as four small functions."""

from enum import StrEnum
from typing import TypeGuard

from drivers.contract import PaperReading, printer_of
from kiosk.order.model import Issue, IssueState


class Verdict(StrEnum):
    """What the evidence says once nothing is in path or mouth."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    DISPUTED = "disputed"


def complete(reading: PaperReading | None, *, pages: bool = True) -> TypeGuard[PaperReading]:
    """Whether every counter and sensor answered; a partial reading proves nothing. `pages`: P is among them; else it is
    enough that the printer answered.
    """
    if reading is None or None in (reading.retracts, reading.path, reading.mouth):
        return False
    return reading.sheets is not None if pages else bool(reading.printer_serial)


def sheets_out(issue: Issue, reading: PaperReading) -> int | None:
    """Sheets printed since PRINT?. None: only the job had a count, and the printer has forgotten it."""
    if not issue.pages_remembered:
        return reading.job_sheets
    return ((reading.sheets or 0) - issue.pages_before) % reading.sheets_span


def retracts_since(issue: Issue, reading: PaperReading) -> int:
    """Documents pulled into the bin since PRINT?."""
    return ((reading.retracts or 0) - issue.retracts_before) % reading.retracts_span


def same_devices(issue: Issue, reading: PaperReading) -> bool:
    """Counters mean something only on the hardware that they were read from before, and P as the count that P0 is."""
    return (
        same_printer(issue, reading)
        and comparable(issue, reading)
        and reading.presenter_serial == issue.presenter_serial
    )


def same_printer(issue: Issue, reading: PaperReading) -> bool:
    """Whether the printer is the one that the job was opened on."""
    return printer_of(reading.printer_serial) == printer_of(issue.printer_serial)


def comparable(issue: Issue, reading: PaperReading) -> bool:
    """False: the same printer tells another of its counts than P0 for now, which says nothing. It is asked again."""
    same_count = reading.printer_serial == issue.printer_serial or not issue.pages_remembered
    return same_count or not same_printer(issue, reading)


def all_inside(issue: Issue, reading: PaperReading) -> bool:
    """Exactly this copy's sheets were printed and lie behind the gate."""
    return (
        same_devices(issue, reading)
        and sheets_out(issue, reading) == issue.sheets
        and reading.retracts == issue.retracts_before
        and bool(reading.path)
        and not reading.mouth
    )


def verdict(issue: Issue, reading: PaperReading) -> Verdict:
    """P=P0 or R>R0: it did not reach a hand. P=P0+n and R=R0 once it was offered: it did.

    Where only the job was counted, that count says the same of P. Once it is forgotten, PRESENT? itself says that all
    sheets were counted inside before they were offered. Anything else contradicts itself; so does paper that is gone
    though the gate was never opened for it.
    """
    if not same_devices(issue, reading):
        return Verdict.DISPUTED
    retracted = retracts_since(issue, reading)
    out = sheets_out(issue, reading)
    if retracted == 1 or (retracted == 0 and out == 0):
        return Verdict.UNDELIVERED
    if retracted == 0 and out in (issue.sheets, None) and issue.state is IssueState.PRESENTING:
        return Verdict.DELIVERED
    return Verdict.DISPUTED
