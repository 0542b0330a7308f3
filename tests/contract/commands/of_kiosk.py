"""The rows of `kiosk`."""

from collections.abc import Mapping
from typing import Final

from kiosk.protocol.exits import MISSING
from tests.contract.commands.table import (
    FILLER,
    NOT_WRITABLE,
    PLAIN,
    PRINTS,
    READER,
    STOPPED,
    TOML_GONE,
    TOML_LOCKED,
    WRITER,
    Ends,
    Fault,
    Faults,
    Not,
    Row,
)

_NO_DISPLAY = Ends(MISSING, r"no display answers at :99 \(DISPLAY\); start one there, or name another")
_ANSWER_IN_JSON = Not("what is wrong with a kit is its answer: tests/unit/apps/test_kit_trial.py")
_NO_LIST = Ends(MISSING, r"trust(-root\.pem|\.cbor)(: cannot be read \(.*\)| is not yours to use); ")
_DEMO = "kiosk demo --headless --out {place}/demo"

# What is asked of the machine's programs while they run is not the command line's: tests/wire, tests/crash, tests/e2e.
_PROGRAM: Final[Faults] = {
    **PLAIN,
    Fault.GONE: TOML_GONE,
    Fault.NO_RIGHT: TOML_LOCKED,
    Fault.TERM: Ends(-15, ""),
    Fault.HUP: Ends(-15, ""),
    Fault.FULL: Not("it writes nothing but to the journal"),
    Fault.TWICE: Not("systemd starts one of each; a newer one takes over the socket (kiosk/apps/link.py)"),
}
_ASKS_MACHINE: Final[Faults] = {
    **READER,
    Fault.NO_RIGHT: Ends(MISSING, "this user may not use the socket: run this as the machine's own user"),
    Fault.TWICE: Not("core answers one after the other: tests/unit/apps/test_care.py"),
}
_NEEDS_SETTINGS: Final[Faults] = {**WRITER, Fault.GONE: TOML_GONE, Fault.NO_RIGHT: TOML_LOCKED}

PROGRAMS: Final[Mapping[str, Row]] = {
    "kiosk ui": (
        "kiosk ui --window --run {place}/run",
        # Asked for a window it is typed by a person, and ends as what a person types.
        {**_PROGRAM, **STOPPED, Fault.NO_DISPLAY: _NO_DISPLAY},
    ),
    "kiosk core": (
        "kiosk core --run {place}/run",
        {
            **_PROGRAM,
            Fault.FULL: Not("it goes on with the room that it keeps: tests/crash/test_full_disk.py"),
            Fault.TWICE: Not("one process at a time opens the ledger (kiosk/ledger/opening.py)"),
        },
    ),
    "kiosk devices": ("kiosk devices cash --run {place}/run", _PROGRAM),
    "kiosk courier": (
        "kiosk courier --run {place}/run",
        {
            **_PROGRAM,
            Fault.FULL: Not("a bundle that finds no room is told, the machine serves on: tests/unit/courier"),
        },
    ),
    "kiosk worker": (
        "kiosk worker --run {place}/run",
        {**_PROGRAM, Fault.TWICE: Not("there is one a visit, and one ready beside it")},
    ),
    "kiosk try-kit": (
        "kiosk try-kit 7-0123456789abcdef --run {place}/run",
        {
            **READER,
            Fault.GONE: _ANSWER_IN_JSON,
            Fault.NO_RIGHT: _ANSWER_IN_JSON,
            Fault.FULL: Not("it is confined and can write no file; who asks reads it through a pipe"),
        },
    ),
}
DESK: Final[Mapping[str, Row]] = {
    "kiosk demo": (
        "kiosk demo --window --out {place}/demo",
        {
            **FILLER,
            Fault.NO_RIGHT: NOT_WRITABLE._replace(typed=_DEMO),
            Fault.FULL: NOT_WRITABLE._replace(typed=_DEMO),
            Fault.NO_DISPLAY: _NO_DISPLAY,
        },
    ),
    "kiosk screens": ("kiosk screens --only attract --out {place}/screens", FILLER),
    "kiosk gallery": ("kiosk gallery --only land --out {place}/gallery", FILLER),
    "kiosk reconcile": (
        "kiosk reconcile --out {place}/books",
        {
            **READER,
            Fault.GONE: Ends(MISSING, "ledger.db is missing; run `kiosk demo` first, or name its output"),
            Fault.FULL: Not("what it prints needs the books of a demo: tests/e2e/test_a_day.py"),
        },
    ),
    "kiosk bench": (
        "kiosk bench",
        {
            **READER,
            Fault.GONE: Not("it is pointed at no folder"),
            Fault.NO_RIGHT: Not("it is pointed at no folder"),
            Fault.FULL: Not("it prints after minutes of measuring, in the same group of commands"),
        },
    ),
}
DOCUMENTS: Final[Mapping[str, Row]] = {
    "kiosk verify": (
        "kiosk verify --trust {place}/central/trust.cbor --root {ok}/central/trust-root.pem KC1:0",
        {**READER, Fault.GONE: _NO_LIST, Fault.NO_RIGHT: _NO_LIST},
    ),
    "kiosk trust": (
        "kiosk trust {place}/central/trust.cbor --root {place}/central/trust-root.pem",
        {**WRITER, Fault.GONE: _NO_LIST, Fault.NO_RIGHT: _NO_LIST},
    ),
    "kiosk template preview": ("kiosk template preview land --out {place}/preview", FILLER),
    "kiosk template expect": ("kiosk template expect land --forms {place}/forms", WRITER),
    "kiosk template test-page": ("kiosk template test-page --out {place}/page.pdf", WRITER),
    "kiosk template specimen": ("kiosk template specimen land --out {place}/page.pdf", WRITER),
}
MACHINE: Final[Mapping[str, Row]] = {
    "kiosk catalogue list": (
        "kiosk catalogue list --run {place}/run",
        {**_ASKS_MACHINE, Fault.GONE: Not("where no machine runs it lists what one is shipped with")},
    ),
    "kiosk catalogue apply": ("kiosk catalogue apply --run {place}/run", _ASKS_MACHINE),
    "kiosk catalogue check": (
        "kiosk catalogue check --forms {place}/forms",
        {**READER, Fault.FULL: PRINTS._replace(typed="kiosk catalogue check")},
    ),
    "kiosk calibration page": ("kiosk calibration page --out {place}/page.pdf", WRITER),
    "kiosk calibration set": (
        "kiosk calibration set --small 2/8 --large 4/24 --printer abc --run {place}/run",
        _NEEDS_SETTINGS,
    ),
}
MONEY: Final[Mapping[str, Row]] = {
    "kiosk ledger state": ("kiosk ledger state --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger order": ("kiosk ledger order K7M-2WX --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger close-day": (
        "kiosk ledger close-day --run {place}/run",
        {
            **_ASKS_MACHINE,
            Fault.FULL: Not("what it prints needs a closed day: tests/e2e/test_ledger_kept.py"),
        },
    ),
    "kiosk ledger copy": ("kiosk ledger copy --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger check": (
        "kiosk ledger check --run {place}/run",
        {
            **READER,
            Fault.GONE: TOML_GONE,
            Fault.NO_RIGHT: TOML_LOCKED,
            Fault.FULL: Not("what it prints needs a second copy: tests/e2e/test_ledger_kept.py"),
        },
    ),
    "kiosk ledger rebuild": (
        "kiosk ledger rebuild --from-central --run {place}/run",
        {
            **_NEEDS_SETTINGS,
            Fault.FULL: Not("the old ledger stays where it was: tests/unit/ledger/test_rebuild.py"),
            Fault.TWICE: Not("the machine has to be stopped, and one process at a time opens its ledger"),
        },
    ),
    "kiosk cash state": ("kiosk cash state --run {place}/run", _ASKS_MACHINE),
    "kiosk cash counted": ("kiosk cash counted 60 --run {place}/run", _ASKS_MACHINE),
}
ROWS: Final[Mapping[str, Row]] = {**PROGRAMS, **DESK, **DOCUMENTS, **MACHINE, **MONEY}
