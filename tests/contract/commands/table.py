"""What a command can meet, and what a row of the table says of it. The rows are in of_kiosk.py and of_central.py.

`{place}` in what is typed is a good place, one that is not there, one without the right to it, or one on a full disk;
`{ok}` is always the good one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from kiosk.protocol.exits import MISSING, SIGNALLED, USAGE


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


class Not(NamedTuple):
    """The two can't meet, or another test holds it; why."""

    why: str


Faults = Mapping[Fault, Ends | Not]
Row = tuple[str, Faults]

GONE = Ends(USAGE, "is not there; name one that is")
LOCKED = Ends(MISSING, "is not yours to use; run this as its owner, or name another")
# SQLite calls a full disk a broken one where its shared memory finds no room.
NO_ROOM = Ends(MISSING, "has no room left; make room on its disk|see whether its disk is full")
PRINTS = Ends(MISSING, "has no room left; make room on its disk", stdout=True)
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
    Fault.PORT_TAKEN: Not("it opens no port that one can name"),
    Fault.PORT_RANGE: Not("it opens no port that one can name"),
    Fault.NO_DISPLAY: Not("it shows nothing on a display"),
}
READER: Final[Faults] = {
    **PLAIN,
    Fault.FULL: PRINTS,
    Fault.TWICE: Not("it changes nothing: twice at once is the same answer twice"),
}
WRITER: Final[Faults] = {
    **PLAIN,
    Fault.FULL: NO_ROOM,
    Fault.TWICE: Not("the later of two writes the same file as the earlier"),
}
# Those that fill an output folder make it, and hold a lock on its mark.
FILLER: Final[Faults] = {
    **PLAIN,
    Fault.GONE: Not("it makes the folder that is not there"),
    Fault.NO_RIGHT: NOT_WRITABLE,
    Fault.FULL: NOT_WRITABLE,
    Fault.TWICE: Not(
        "the second is refused with the pid of the first: tests/unit/apps/test_output_folder.py"
    ),
}
