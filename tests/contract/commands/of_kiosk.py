"""The rows of `kiosk`."""

from collections.abc import Mapping
from typing import Final

from kiosk.protocol.exits import MISSING
from tests.contract.commands.table import (
    ALL_PRINT_SO,
    FILE_WRITER,
    FILLER,
    GONE,
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
    HeldBy,
    Impossible,
    Row,
)

_NO_DISPLAY = Ends(MISSING, r"no display answers at :7531 \(DISPLAY\); start one there, or name another")
NO_BUNDLE = HeldBy(
    "tests/unit/forms/test_bundle_trial.py::test_a_bundle_that_is_not_there_or_closed_is_told_in_json"
)
_PROGRAMS = "tests/contract/commands/test_programs_end.py"
_TWICE = "tests/contract/commands/test_twice.py"
_DEMO = "kiosk demo --headless --out {place}/demo"

# What is asked of the machine's programs while they run is not the command line's: tests/wire, tests/crash, tests/e2e.
_PROGRAM: Final[Faults] = {
    **PLAIN,
    Fault.GONE: TOML_GONE,
    Fault.NO_RIGHT: TOML_LOCKED,
    Fault.TERM: Ends(-15, ""),
    Fault.HUP: Ends(-15, ""),
    Fault.FULL: Impossible("it writes nothing but to the journal"),
    Fault.TWICE: HeldBy(f"{_PROGRAMS}::test_the_newer_of_two_is_the_one_that_is_reached"),
}
_ASKS_MACHINE: Final[Faults] = {
    **READER,
    Fault.NO_RIGHT: Ends(MISSING, "this user may not use the socket: run this as the machine's own user"),
    Fault.TWICE: HeldBy("tests/unit/ipc/test_json_lines.py::test_two_who_ask_at_once_both_have_their_answer"),
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
            Fault.FULL: HeldBy(
                "tests/crash/test_full_disk.py::"
                "test_an_open_order_ends_right_on_a_disk_that_is_full_from_any_of_its_steps_on"
            ),
            Fault.TWICE: HeldBy(f"{_PROGRAMS}::test_a_second_core_is_refused_and_the_first_goes_on"),
        },
    ),
    "kiosk devices": ("kiosk devices cash --run {place}/run", _PROGRAM),
    "kiosk courier": (
        "kiosk courier --run {place}/run",
        {
            **_PROGRAM,
            Fault.FULL: HeldBy(
                "tests/unit/courier/test_librarian.py::"
                "test_a_full_disk_is_told_and_the_next_look_finds_its_way"
            ),
        },
    ),
    "kiosk worker": (
        "kiosk worker --run {place}/run",
        {**_PROGRAM, Fault.TWICE: Impossible("several are usual: one a visit, and one ready beside it")},
    ),
    "kiosk try-bundle": (
        "kiosk try-bundle 7-0123456789abcdef --run {place}/run",
        {
            **READER,
            Fault.GONE: NO_BUNDLE,
            Fault.NO_RIGHT: NO_BUNDLE,
            # It is confined and writes to no file, not even the one that a row has for stderr.
            Fault.FULL: HeldBy(
                "tests/unit/forms/test_bundle_trial.py::test_a_verdict_that_finds_no_room_is_none"
            ),
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
    "kiosk screens": (
        "kiosk screens --only attract --out {place}/screens",
        {
            **FILLER,
            Fault.NO_DISPLAY: HeldBy("tests/unit/commands/test_screens.py::test_pictures_need_no_display"),
        },
    ),
    "kiosk gallery": ("kiosk gallery --only land --out {place}/gallery", FILLER),
    "kiosk reconcile": (
        "kiosk reconcile --out {place}/books",
        {
            **READER,
            Fault.FULL: ALL_PRINT_SO,
        },
    ),
    "kiosk bench": (
        "kiosk bench",
        {
            **READER,
            Fault.GONE: Impossible("it is pointed at no folder"),
            Fault.NO_RIGHT: Impossible("it is pointed at no folder"),
            Fault.FULL: ALL_PRINT_SO,
            Fault.TWICE: Impossible("each measures in a folder of its own, and a slower number is a number"),
        },
    ),
}
DOCUMENTS: Final[Mapping[str, Row]] = {
    "kiosk verify": (
        "kiosk verify --trust {place}/central/trust.cbor --root {ok}/central/trust-root.pem KC1:0",
        READER,
    ),
    "kiosk trust": (
        "kiosk trust {place}/central/trust.cbor --root {place}/central/trust-root.pem",
        WRITER,
    ),
    "kiosk template preview": ("kiosk template preview land --out {place}/preview", FILLER),
    "kiosk template expect": ("kiosk template expect land --forms {place}/forms", WRITER),
    "kiosk template test-page": ("kiosk template test-page --out {place}/page.pdf", FILE_WRITER),
    "kiosk template specimen": ("kiosk template specimen land --out {place}/page.pdf", FILE_WRITER),
}
MACHINE: Final[Mapping[str, Row]] = {
    "kiosk catalogue list": (
        "kiosk catalogue list --run {place}/run",
        _ASKS_MACHINE,
    ),
    "kiosk catalogue apply": ("kiosk catalogue apply --run {place}/run", _ASKS_MACHINE),
    "kiosk catalogue check": (
        "kiosk catalogue check --forms {place}/forms",
        {**READER, Fault.FULL: PRINTS._replace(typed="kiosk catalogue check")},
    ),
    "kiosk calibration page": ("kiosk calibration page --out {place}/page.pdf", FILE_WRITER),
    "kiosk calibration set": (
        "kiosk calibration set --small 2/8 --large 4/24 --printer abc --run {place}/run",
        {
            **_NEEDS_SETTINGS,
            Fault.GONE: GONE,
            Fault.TWICE: HeldBy(
                "tests/unit/commands/test_calibration.py::"
                "test_what_another_one_wrote_while_this_one_waited_for_the_file_stays"
            ),
        },
    ),
}
MONEY: Final[Mapping[str, Row]] = {
    "kiosk ledger state": ("kiosk ledger state --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger order": ("kiosk ledger order K7M-2WX --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger close-day": (
        "kiosk ledger close-day --run {place}/run",
        {
            **_ASKS_MACHINE,
            Fault.NO_RIGHT: TOML_LOCKED,
            Fault.FULL: ALL_PRINT_SO,
        },
    ),
    "kiosk ledger day": (
        "kiosk ledger day --run {place}/run",
        {
            **_ASKS_MACHINE,
            Fault.NO_RIGHT: TOML_LOCKED,
            Fault.FULL: ALL_PRINT_SO,
        },
    ),
    "kiosk ledger copy": ("kiosk ledger copy --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger check": (
        "kiosk ledger check --run {place}/run",
        {
            **READER,
            Fault.NO_RIGHT: TOML_LOCKED,
            Fault.FULL: ALL_PRINT_SO,
        },
    ),
    "kiosk ledger rebuild": (
        "kiosk ledger rebuild --from-central --run {place}/run",
        {
            **_NEEDS_SETTINGS,
            Fault.GONE: GONE,
            Fault.FULL: HeldBy(f"{_TWICE}::test_a_rebuild_without_room_leaves_the_old_ledger"),
            Fault.TWICE: HeldBy(f"{_TWICE}::test_a_second_rebuild_is_refused_while_the_first_is_at_it"),
        },
    ),
    "kiosk cash state": ("kiosk cash state --run {place}/run", _ASKS_MACHINE),
    "kiosk cash counted": ("kiosk cash counted 60 --run {place}/run", _ASKS_MACHINE),
}
ROWS: Final[Mapping[str, Row]] = {**PROGRAMS, **DESK, **DOCUMENTS, **MACHINE, **MONEY}
