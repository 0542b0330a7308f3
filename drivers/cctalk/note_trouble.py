"""What a validator says of its transport and its stacker (events of ccTalk header 159), as reasons of its status."""

from drivers.contract import ReasonCode, Severity
from drivers.status_reporter import StatusReporter

_JAMS = frozenset({6, 7, 15, 16})
_FRAUDS = frozenset({9, 17, 18})
_STACKER_OK, _REMOVED, _INSERTED, _FAULTY, _FULL = 10, 11, 12, 13, 14


def judge(reporter: StatusReporter, code: int) -> None:
    """A status code: a reason stands now, or is over. Other codes say nothing about the device."""
    if code in _JAMS:
        _raise(reporter, ReasonCode.NOTE_JAM, f"note event {code}")
    elif code in _FRAUDS:
        reporter.raise_reason(ReasonCode.OPTO_FRAUD, Severity.SECURITY, f"note event {code}")
    elif code == _FULL:
        _raise(reporter, ReasonCode.STACKER_FULL)
    elif code == _REMOVED:
        _raise(reporter, ReasonCode.STACKER_OUT)
    elif code == _FAULTY:
        _raise(reporter, ReasonCode.HARDWARE, "the stacker is faulty")
    elif code in (_STACKER_OK, _INSERTED):
        reporter.clear(ReasonCode.STACKER_OUT, ReasonCode.STACKER_FULL, ReasonCode.NOTE_JAM)


def _raise(reporter: StatusReporter, code: ReasonCode, detail: str = "") -> None:
    reporter.raise_reason(code, Severity.ERROR, detail)
