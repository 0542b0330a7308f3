"""Every command, every fault: how it ends, or why the two can't meet. A new command has no row, and a test says so.

`{place}` in what is typed is a good place, one that is not there, one without the right to it, or one on a full disk.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from kiosk.protocol.exits import MISSING, SIGNALLED, USAGE, WRONG


class Fault(StrEnum):
    """What the world does."""

    GONE = "missing folder"
    NO_RIGHT = "no right"
    PORT_TAKEN = "port taken"
    PORT_RANGE = "port out of range"
    FULL = "full disk"
    NO_DISPLAY = "no display"
    TWICE = "run twice"
    CTRL_C = "Ctrl-C"
    TERM = "SIGTERM"
    HUP = "SIGHUP"


class Ends(NamedTuple):
    """Its exit code and a part of its sentence. `typed`: other words than the row's; `stdout`: that is what is full."""

    code: int
    says: str
    typed: str = ""
    stdout: bool = False


class Not(NamedTuple):
    """The two can't meet, or another test holds it; why."""

    why: str


Row = tuple[str, Mapping[Fault, Ends | Not]]

_NO_PORT = Not("it opens no port that one can name")
_NO_SCREEN = Not("it shows nothing on a display")
_READS = Not("it changes nothing: twice at once is the same answer twice")
_ONE_WRITE = Not("SQLite lets one writer in after the other: tests/unit/central/test_store.py")
_SOON: Final[Mapping[Fault, Ends | Not]] = {
    Fault.CTRL_C: Ends(SIGNALLED + 2, "stopped (Ctrl-C)"),
    Fault.TERM: Ends(SIGNALLED + 15, "stopped (SIGTERM)"),
    Fault.HUP: Ends(SIGNALLED + 1, "stopped (the terminal was closed)"),
}
_PRINTS = Ends(MISSING, "has no room left; make room on its disk", stdout=True)
_NO_ROOM = Ends(MISSING, "has no room left; make room on its disk")
_GONE = Ends(USAGE, "is not there; name one that is")
_LOCKED = Ends(MISSING, "is not yours to use; run this as its owner, or name another")
_PLAIN: Final[Mapping[Fault, Ends | Not]] = {
    **_SOON,
    Fault.PORT_TAKEN: _NO_PORT,
    Fault.PORT_RANGE: _NO_PORT,
    Fault.NO_DISPLAY: _NO_SCREEN,
    Fault.GONE: _GONE,
    Fault.NO_RIGHT: _LOCKED,
}
_READER: Final = {**_PLAIN, Fault.FULL: _PRINTS, Fault.TWICE: _READS}
_WRITER: Final = {**_PLAIN, Fault.FULL: _NO_ROOM}
_MAKES = Not("it makes the folder that is not there")
_NO_PLACE = {
    Fault.GONE: Not("it is pointed at no folder"),
    Fault.NO_RIGHT: Not("it is pointed at no folder"),
}
_ASKS_MACHINE: Final = {
    **_READER,
    Fault.TWICE: Not("core answers one after the other: tests/unit/apps/test_care.py"),
}
_SAME_FILE = Not("the later of two writes the same file as the earlier")

# The machine's programs: what is asked of them while they run is not the command line's (tests/wire, tests/crash, tests/e2e).
_PROGRAM: Final[Mapping[Fault, Ends | Not]] = {
    **_PLAIN,
    Fault.GONE: Ends(USAGE, "kiosk.toml is not there; name the machine's run directory with --run"),
    Fault.NO_RIGHT: Ends(MISSING, "kiosk.toml is not yours to use"),
    Fault.TERM: Ends(-15, ""),
    Fault.HUP: Ends(-15, ""),
    Fault.FULL: Not("it writes nothing but to the journal"),
    Fault.TWICE: Not("systemd starts one of each; a newer one takes over the socket: tests/unit/apps/test_link.py"),
}

KIOSK: Final[Mapping[str, Row]] = {
    "kiosk ui": (
        "kiosk ui --window --run {place}/run",
        {
            **_PROGRAM,
            Fault.NO_DISPLAY: Ends(MISSING, "no display answers at :99 (DISPLAY); start one there, or name another"),
        },
    ),
    "kiosk core": (
        "kiosk core --run {place}/run",
        {
            **_PROGRAM,
            Fault.FULL: Not("it goes on with the room that it keeps: tests/crash/test_full_disk.py"),
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
            **_PLAIN,
            Fault.GONE: Not("what is wrong with a kit is its answer, in JSON: tests/unit/apps/test_kit_trial.py"),
            Fault.NO_RIGHT: Not("what is wrong with a kit is its answer, in JSON: tests/unit/apps/test_kit_trial.py"),
            Fault.FULL: _PRINTS,
            Fault.TWICE: _READS,
        },
    ),
    "kiosk demo": (
        "kiosk demo --window --out {place}/demo",
        {
            **_WRITER,
            Fault.GONE: _MAKES,
            Fault.NO_DISPLAY: Ends(MISSING, "no display answers at :99 (DISPLAY); start one there, or name another"),
            Fault.TWICE: Not("tests/unit/apps/test_demo_output.py"),
        },
    ),
    "kiosk verify": ("kiosk verify --trust {place}/central/trust.cbor KC1:0", {
        **_READER,
        Fault.GONE: Ends(MISSING, "trust.cbor"),
        Fault.NO_RIGHT: Ends(MISSING, "trust.cbor"),
        Fault.FULL: _PRINTS._replace(
            typed="kiosk verify --trust {place}/central/trust.cbor --root {place}/central/trust-root.pem KC1:0"),
    }),
    "kiosk trust": (
        "kiosk trust {place}/central/trust.cbor --root {place}/central/trust-root.pem",
        {
            **_WRITER,
            Fault.GONE: Ends(MISSING, "trust.cbor"),
            Fault.NO_RIGHT: Ends(MISSING, "trust.cbor"),
            Fault.TWICE: _SAME_FILE,
        },
    ),
    "kiosk reconcile": ("kiosk reconcile --out {place}/books", {**_READER,
        Fault.GONE: Ends(MISSING, "ledger.db is missing; run `kiosk demo` first, or name its output with --out"),
        Fault.NO_RIGHT: _LOCKED,
        Fault.FULL: _PRINTS,
    }),
    "kiosk screens": ("kiosk screens --out {place}/screens", {**_WRITER, Fault.GONE: _MAKES, Fault.TWICE: Not("tests/unit/apps/test_demo_output.py")}),
    "kiosk gallery": ("kiosk gallery --only land --out {place}/gallery", {**_WRITER, Fault.GONE: _MAKES, Fault.TWICE: Not("tests/unit/apps/test_demo_output.py")}),
    "kiosk bench": ("kiosk bench", {**_PLAIN, **_NO_PLACE, Fault.FULL: Not("it prints after minutes of measuring"), Fault.TWICE: Not("two measure each other; nothing is written")}),
    "kiosk catalogue list": ("kiosk catalogue list --run {place}/run", {**_ASKS_MACHINE,
        Fault.GONE: Not("where no machine runs it lists what one is shipped with"),
        Fault.NO_RIGHT: _LOCKED,
    }),
    "kiosk catalogue apply": ("kiosk catalogue apply --run {place}/run", _ASKS_MACHINE),
    "kiosk catalogue check": ("kiosk catalogue check --forms {place}/forms", {**_READER, Fault.FULL: _PRINTS._replace(typed="kiosk catalogue check")}),
    "kiosk template preview": ("kiosk template preview land --out {place}/deep/preview", {**_WRITER, Fault.GONE: _MAKES, Fault.TWICE: _SAME_FILE}),
    "kiosk template expect": ("kiosk template expect land --forms {place}/forms", {**_WRITER, Fault.TWICE: _SAME_FILE}),
    "kiosk template test-page": ("kiosk template test-page --out {place}/page.pdf", {**_WRITER, Fault.TWICE: _SAME_FILE}),
    "kiosk template specimen": ("kiosk template specimen land --out {place}/page.pdf", {**_WRITER, Fault.TWICE: _SAME_FILE}),
    "kiosk calibration page": ("kiosk calibration page --out {place}/page.pdf", {**_WRITER, Fault.TWICE: _SAME_FILE}),
    "kiosk calibration set": ("kiosk calibration set --small 2/8 --large 4/24 --printer abc --run {place}/run", {**_WRITER, Fault.TWICE: _SAME_FILE,
        Fault.GONE: Ends(USAGE, "kiosk.toml is not there"),
        Fault.NO_RIGHT: Ends(MISSING, "kiosk.toml is not yours to use"),
    }),
    "kiosk ledger state": ("kiosk ledger state --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger close-day": ("kiosk ledger close-day --run {place}/run", {**_ASKS_MACHINE, Fault.FULL: Not("as ledger state; what it prints needs a day's close")}),
    "kiosk ledger copy": ("kiosk ledger copy --run {place}/run", _ASKS_MACHINE),
    "kiosk ledger check": ("kiosk ledger check --run {place}/run", {**_READER,
        Fault.GONE: Ends(USAGE, "kiosk.toml is not there"),
        Fault.NO_RIGHT: Ends(MISSING, "kiosk.toml is not yours to use"),
        Fault.FULL: Not("what it prints needs a copy: tests/e2e/test_ledger_kept.py"),
    }),
    "kiosk ledger rebuild": ("kiosk ledger rebuild --from-central --run {place}/run", {**_WRITER,
        Fault.GONE: Ends(USAGE, "kiosk.toml is not there"),
        Fault.NO_RIGHT: Ends(MISSING, "kiosk.toml is not yours to use"),
        Fault.TWICE: Not("tests/e2e/test_ledger_kept.py"),
    }),
    "kiosk cash state": ("kiosk cash state --run {place}/run", _ASKS_MACHINE),
    "kiosk cash counted": ("kiosk cash counted 60 --run {place}/run", _ASKS_MACHINE),
}

_DATA = "--data {place}/central"
_NEEDS_INIT = Ends(USAGE, "run `central init` first")
_OF_STORE: Final = {**_READER, Fault.GONE: _NEEDS_INIT}
_CLERK: Final = {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: _ONE_WRITE}

CENTRAL: Final[Mapping[str, Row]] = {
    "central init": (f"central init {_DATA}", {**_WRITER, Fault.GONE: _MAKES, Fault.TWICE: Not("what is there stays, whoever made it: tests/unit/central/test_keys.py")}),
    "central enrol": (f"central enrol K-1 --out {{place}}/pki {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("the later certificate counts: tests/unit/central/test_keys.py")}),
    "central cards": (f"central cards --out {{place}}/cards {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: _SAME_FILE}),
    "central serve": (f"central serve {_DATA} --api-port 0 --web-port 0", {
        **_WRITER,
        Fault.GONE: _NEEDS_INIT,
        Fault.PORT_TAKEN: Ends(MISSING, "port {port} is taken; end who has it, choose another, or 0 for any", typed=f"central serve {_DATA} --api-port {{port}} --web-port 0"),
        Fault.PORT_RANGE: Ends(USAGE, "80000 is not in the range 0<=x<=65535", typed=f"central serve {_DATA} --api-port 80000"),
        Fault.TWICE: Ends(MISSING, "another central server is running on"),
    }),
    "central export": (f"central export {_DATA}", _OF_STORE),
    "central specimens": (f"central specimens --out {{place}}/specimens {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: _SAME_FILE}),
    "central clerk transfer": (f"central clerk transfer 여의도동 60 한새봄 {_DATA}", _CLERK),
    "central clerk mark": (f"central clerk mark 여의도동 60 changing {_DATA}", _CLERK),
    "central clerk resident": (f"central clerk resident 000000000001 moving {_DATA}", _CLERK),
    "central clerk card": (f"central clerk card 000000000001 lost {_DATA}", _CLERK),
    "central clerk record": (f"central clerk record livelihood 000000000003 changing {_DATA}", _CLERK),
    "central clerk import": (f"central clerk import agency {{place}}/rows.jsonl {_DATA}", _CLERK),
    "central clerk sheet": (f"central clerk sheet building 여의도동 60 b1 changing {_DATA}", _CLERK),
    "central clerk hours": (f"central clerk hours 09:00 18:00 {_DATA}", _CLERK),
    "central clerk outage": (f"central clerk outage 5 {_DATA}", _CLERK),
    "central clerk purge": (f"central clerk purge {_DATA}", _CLERK),
    "central bundle publish": (f"central bundle publish --phase 2 {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central bundle require": (f"central bundle require land 1 {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central bundle change-key": (f"central bundle change-key root-1 {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central keys list": (f"central keys list {_DATA}", _OF_STORE),
    "central keys roll": (f"central keys roll {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central keys revoke": (f"central keys revoke {'0' * 16} --since now {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central keys renew": (f"central keys renew {_DATA}", {**_WRITER, Fault.GONE: _NEEDS_INIT, Fault.TWICE: Not("")}),
    "central cases list": (f"central cases list {_DATA}", _OF_STORE),
    "central cases show": (f"central cases show 1 {_DATA}", _OF_STORE),
    "central cases resolve": (f"central cases resolve 1 --as void --why tested {_DATA}", _CLERK),
}

TABLE: Final[Mapping[str, Row]] = {**KIOSK, **CENTRAL}
_ = WRONG
