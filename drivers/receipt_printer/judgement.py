"""What a receipt printer's state means: reasons for who tends the machine, and what hinders a receipt. Pure."""

from drivers.contract import ErrorCode, Reason, ReasonCode, Severity
from drivers.receipt_printer.status import PrinterState

JUDGED = frozenset(
    {
        ReasonCode.PAPER_OUT,
        ReasonCode.PAPER_LOW,
        ReasonCode.COVER_OPEN,
        ReasonCode.CUTTER,
        ReasonCode.HARDWARE,
    }
)
_ERRORS = {
    ReasonCode.PAPER_OUT: ErrorCode.EMPTY,
    ReasonCode.COVER_OPEN: ErrorCode.COVER,
    ReasonCode.CUTTER: ErrorCode.JAM,
}


def judge(state: PrinterState) -> dict[ReasonCode, Reason]:
    """The reasons that the state gives, all of them among `JUDGED`."""
    found = {}
    for stands, code, severity in (
        (state.paper_out, ReasonCode.PAPER_OUT, Severity.ERROR),
        (state.paper_low and not state.paper_out, ReasonCode.PAPER_LOW, Severity.WARN),
        (state.cover_open, ReasonCode.COVER_OPEN, Severity.ERROR),
        (state.cutter, ReasonCode.CUTTER, Severity.ERROR),
        (state.hardware, ReasonCode.HARDWARE, Severity.ERROR),
    ):
        if stands:
            found[code] = Reason(code, severity)
    if state.offline and not any(reason.severity is Severity.ERROR for reason in found.values()):
        found[ReasonCode.HARDWARE] = Reason(ReasonCode.HARDWARE, Severity.ERROR, "offline")
    return found


def blocking(reasons: dict[ReasonCode, Reason]) -> tuple[ErrorCode, str] | None:
    """Why nothing can be printed now, if so: the code of the refusal and what it says."""
    for code, reason in reasons.items():
        if reason.severity is Severity.ERROR:
            return _ERRORS.get(code, ErrorCode.REFUSED), f"receipt printer: {code} {reason.detail}".strip()
    return None
