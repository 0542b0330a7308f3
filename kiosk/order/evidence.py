"""What paper counters and sensors prove about one copy: the table of docs/orders.md as small functions."""

from enum import StrEnum
from typing import TypeGuard

from drivers.contract import PaperReading, printer_of
from kiosk.order.model import Issue, IssueState


class Verdict(StrEnum):
    """The result of the evidence once no paper is in path or mouth."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    DISPUTED = "disputed"


def complete(reading: PaperReading | None, *, pages: bool = True) -> TypeGuard[PaperReading]:
    """Whether every counter and sensor answered. A partial reading proves nothing.

    `pages`: P must be in the reading. Otherwise it is enough that the printer answered.
    """
    if reading is None or None in (reading.retracts, reading.path, reading.mouth):
        return False
    return reading.sheets is not None if pages else bool(reading.printer_serial)


def sheets_out(issue: Issue, reading: PaperReading) -> int | None:
    """Sheets printed since PRINT?. None: the printer had only a count of the job, and has forgotten it."""
    if not issue.pages_remembered:
        return reading.job_sheets
    return ((reading.sheets or 0) - issue.pages_before) % reading.sheets_span


def retracts_since(issue: Issue, reading: PaperReading) -> int:
    """Documents pulled into the bin since PRINT?."""
    return ((reading.retracts or 0) - issue.retracts_before) % reading.retracts_span


def same_devices(issue: Issue, reading: PaperReading) -> bool:
    """Whether printer and presenter are those of PRINT?, and P is the same page counter as P0.

    Only then can the counters be compared.
    """
    return (
        same_printer(issue, reading)
        and comparable(issue, reading)
        and reading.presenter_serial == issue.presenter_serial
    )


def same_printer(issue: Issue, reading: PaperReading) -> bool:
    """Whether this is the printer on which the job was opened."""
    return printer_of(reading.printer_serial) == printer_of(issue.printer_serial)


def comparable(issue: Issue, reading: PaperReading) -> bool:
    """False if the same printer now reports another page counter than P0.

    Such a reading proves nothing, and core asks again. For another printer the answer is True: its case is
    decided.
    """
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
    """Decide where the paper of this copy went.

    - R=R0+1, or P=P0 with R=R0: nobody got it (UNDELIVERED).
    - P=P0+n with R=R0 after it was offered: somebody got it (DELIVERED).
    - Anything else contradicts itself (DISPUTED), for example paper that is gone although the gate never
      opened.

    If the printer has only a count of the job, that count takes the place of P. If the printer has forgotten
    it, PRESENT? stands for it: core stores PRESENT? only after all sheets were counted inside.
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
