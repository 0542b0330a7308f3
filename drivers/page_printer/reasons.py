"""What a printer says about itself, in the words of the drivers' contract. Pure.

Source: RFC 8011 section 5.4.12 (printer-state-reasons) and PWG 5100.13 (printer-input-tray). How bad a reason is stands
in its suffix; a printer that omits the suffix is judged by whether printing can go on.
"""

import re

from drivers.contract import ErrorCode, Reason, ReasonCode, Severity
from drivers.page_printer.ipp import Group
from drivers.page_printer.suitability import A4

PROCESSING = 4
STOPPED = 5

_CODES = {
    "media-empty": ReasonCode.PAPER_OUT,
    "media-needed": ReasonCode.PAPER_OUT,
    "input-tray-missing": ReasonCode.PAPER_OUT,
    "media-low": ReasonCode.PAPER_LOW,
    "media-jam": ReasonCode.PAPER_JAM,
    "cover-open": ReasonCode.COVER_OPEN,
    "door-open": ReasonCode.COVER_OPEN,
    "interlock-open": ReasonCode.COVER_OPEN,
    "toner-low": ReasonCode.TONER_LOW,
    "marker-supply-low": ReasonCode.TONER_LOW,
    "toner-empty": ReasonCode.TONER_OUT,
    "marker-supply-empty": ReasonCode.TONER_OUT,
    "output-area-full": ReasonCode.BIN_FULL,
    "output-tray-missing": ReasonCode.BIN_FULL,
}
_BLOCKING = frozenset(
    {
        ReasonCode.PAPER_OUT,
        ReasonCode.PAPER_JAM,
        ReasonCode.COVER_OPEN,
        ReasonCode.TONER_OUT,
        ReasonCode.BIN_FULL,
    }
)
_SUFFIXES = {"-report": Severity.INFO, "-warning": Severity.WARN, "-error": Severity.ERROR}
_RANK = {Severity.INFO: 0, Severity.WARN: 1, Severity.ERROR: 2, Severity.SECURITY: 3}
# The codes that these attributes alone decide.
JUDGED = frozenset(_CODES.values()) | {ReasonCode.HARDWARE}

_ERRORS = {
    ReasonCode.PAPER_OUT: ErrorCode.EMPTY,
    ReasonCode.TONER_OUT: ErrorCode.EMPTY,
    ReasonCode.PAPER_JAM: ErrorCode.JAM,
    ReasonCode.COVER_OPEN: ErrorCode.COVER,
    ReasonCode.BIN_FULL: ErrorCode.FULL,
}
_LEVEL = re.compile(r"(?:^|;)\s*level=(-?\d{1,9})\s*(?:;|$)")
_IGNORED = frozenset({"none", "moving-to-paused"})


def judge(printer: Group) -> dict[ReasonCode, Reason]:
    """The reasons that a printer's attributes give; the worst of each code."""
    stopped = printer.integer("printer-state") == STOPPED
    found: dict[ReasonCode, Reason] = {}
    for keyword in printer.texts("printer-state-reasons"):
        if keyword not in _IGNORED:
            _keep_worst(found, _reason(keyword, stopped=stopped))
    levels = tray_levels(printer)
    if levels and all(level == 0 for level in levels):
        _keep_worst(found, Reason(ReasonCode.PAPER_OUT, Severity.ERROR, "tray level 0"))
    ready = printer.texts("media-ready")
    if ready and A4 not in ready:
        _keep_worst(found, Reason(ReasonCode.PAPER_OUT, Severity.ERROR, f"no A4 loaded, but {ready[0]}"[:64]))
    if printer.boolean("printer-is-accepting-jobs") is False:
        _keep_worst(found, Reason(ReasonCode.HARDWARE, Severity.ERROR, "not accepting jobs"))
    if stopped and not any(reason.severity is Severity.ERROR for reason in found.values()):
        _keep_worst(found, Reason(ReasonCode.HARDWARE, Severity.ERROR, "stopped"))
    if printer.integer("printer-state") == PROCESSING:
        return {code: _still_moving(reason) for code, reason in found.items()}
    return found


def _still_moving(reason: Reason) -> Reason:
    """An empty tray or cartridge does not stop the sheet that is on its way; only "stopped" does."""
    if reason.code in (ReasonCode.PAPER_OUT, ReasonCode.TONER_OUT):
        return Reason(reason.code, Severity.WARN, reason.detail)
    return reason


def tray_levels(printer: Group) -> list[int]:
    """Sheets in each tray that knows (a negative level means that it does not)."""
    found = (_LEVEL.search(tray) for tray in printer.texts("printer-input-tray"))
    return [int(match[1]) for match in found if match is not None]


def blocking_error(reasons: dict[ReasonCode, Reason]) -> tuple[ErrorCode, str] | None:
    """Why no job should be begun now, if so."""
    for code, reason in reasons.items():
        if reason.severity is Severity.ERROR:
            return _ERRORS.get(code, ErrorCode.REFUSED), f"printer: {reason.code} {reason.detail}"
    return None


def _reason(keyword: str, *, stopped: bool) -> Reason:
    for suffix, severity in _SUFFIXES.items():
        if keyword.endswith(suffix):
            return Reason(_code(keyword.removesuffix(suffix)), severity, keyword[:64])
    code = _code(keyword)
    blocking = stopped or code in _BLOCKING
    return Reason(code, Severity.ERROR if blocking else Severity.WARN, keyword[:64])


def _code(keyword: str) -> ReasonCode:
    return _CODES.get(keyword, ReasonCode.HARDWARE)


def _keep_worst(found: dict[ReasonCode, Reason], reason: Reason) -> None:
    before = found.get(reason.code)
    if before is None or _RANK[reason.severity] > _RANK[before.severity]:
        found[reason.code] = reason
