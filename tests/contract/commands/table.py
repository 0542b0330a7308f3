"""What a command can meet, and what a row of the table says of it. The rows are in of_kiosk.py and of_central.py.

`{place}` in what is typed is a good place, one that is not there, one without the right to it, or one on a full disk;
`{ok}` is always the good one.
"""

import ast
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from kiosk.protocol.exits import MISSING, SIGNALLED, USAGE

ROOT = Path(__file__).resolve().parents[3]


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
    """Its exit code and what its sentence says (a pattern). `typed`: other words than the row's; `stdout`: that is what
    is full, and not the place.
    """

    code: int
    says: str
    typed: str = ""
    stdout: bool = False


class Impossible(NamedTuple):
    """The two can't meet; why."""

    why: str


class HeldBy(NamedTuple):
    """They can meet, and what comes of it takes more than a row to try: the test that holds it (`FILE::NAME`)."""

    test: str


def there(test: str) -> bool:
    """Whether there is such a test."""
    file, _, name = test.partition("::")
    place = ROOT / file
    return place.is_file() and name in {
        node.name for node in ast.parse(place.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }


Faults = Mapping[Fault, Ends | Impossible | HeldBy]
Row = tuple[str, Faults]

GONE = Ends(USAGE, "is not there; name one that is")
LOCKED = Ends(MISSING, "is not yours to use; run this as its owner, or name another")
# SQLite calls a full disk a broken one where its shared memory finds no room.
NO_ROOM = Ends(MISSING, "has no room left; make room on its disk|see whether its disk is full")
PRINTS = Ends(MISSING, "has no room left; make room on its disk", stdout=True)
# Whatever a command prints goes out before it ends: what it needs to have something to print, no row can give it.
ALL_PRINT_SO = HeldBy("tests/unit/console/test_endings.py::test_a_result_that_finds_no_room_is_no_result")
NO_PORT = Impossible("it listens on no port that one can name")
# A writer of one file names the folder for it: the file itself is never what is missing.
GONE_ABOVE = Ends(USAGE, "gone/deep is not there; name one that is")
NOT_WRITABLE = Ends(
    MISSING,
    r"can't be written \(Permission denied\); name another folder"
    r"|has no room left; make room on its disk, or name another folder",
)
TOML_GONE = Ends(
    USAGE,
    r"kiosk.toml: cannot be read \(No such file or directory\); name a machine's run directory with --run",
)
TOML_LOCKED = Ends(MISSING, r"kiosk.toml: cannot be read \(Permission denied\); run this as its owner")

STOPPED: Final[Faults] = {
    Fault.CTRL_C: Ends(SIGNALLED + 2, r"stopped \(Ctrl-C\)"),
    Fault.TERM: Ends(SIGNALLED + 15, r"stopped \(SIGTERM\)"),
    Fault.HUP: Ends(SIGNALLED + 1, r"stopped \(the terminal was closed\)"),
}
PLAIN: Final[Faults] = {
    **STOPPED,
    Fault.GONE: GONE,
    Fault.NO_RIGHT: LOCKED,
    Fault.PORT_TAKEN: NO_PORT,
    Fault.PORT_RANGE: NO_PORT,
    Fault.NO_DISPLAY: Impossible("it shows nothing on a display"),
}
READER: Final[Faults] = {
    **PLAIN,
    Fault.FULL: PRINTS,
    Fault.TWICE: Impossible("it changes nothing: twice at once is the same answer twice"),
}
WRITER: Final[Faults] = {
    **PLAIN,
    Fault.FULL: NO_ROOM,
    Fault.TWICE: Impossible("both write the same, and whoever is later writes over it"),
}
FILE_WRITER: Final[Faults] = {**WRITER, Fault.GONE: GONE_ABOVE}
_OUTPUT = "tests/unit/console/test_output_folder.py"
# Those that fill an output folder make it, and hold a lock on its mark.
FILLER: Final[Faults] = {
    **PLAIN,
    Fault.GONE: HeldBy(f"{_OUTPUT}::test_a_new_folder_is_ours_and_an_empty_one"),
    Fault.NO_RIGHT: NOT_WRITABLE,
    Fault.FULL: NOT_WRITABLE,
    Fault.TWICE: HeldBy(
        f"{_OUTPUT}::test_a_second_one_is_refused_with_the_first_ones_number_and_a_dead_one_is_in_nobodys_way"
    ),
}
