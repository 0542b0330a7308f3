"""What central asks of the machines' bundles: which is the newest, and below which version a type is not issued.

Read anew when its file changes: a requirement holds from the moment that the clerk made it.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from central.key_files import write_private
from central.problems import SetupError
from kiosk.protocol.not_json import NOT_JSON


class RequiredError(SetupError):
    """The file can't be read."""


class Requirements(Struct, frozen=True):
    """`newest`: the version that was published last. `minimum`: by type code, the lowest that may be issued from."""

    newest: int = 0
    minimum: dict[str, int] = {}


class Required:
    """The requirements as they stand in their file, none where there is none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark = (-1, -1)
        self._known = Requirements()

    @property
    def now(self) -> Requirements:
        """As of this moment. Raises RequiredError."""
        try:
            found = self._file.stat()
            mark = (found.st_mtime_ns, found.st_ino)  # two writes may fall into one tick of the disk's clock
            if mark != self._mark:
                self._known = msgspec.json.decode(self._file.read_bytes(), type=Requirements)
                self._mark = mark
        except FileNotFoundError:
            return Requirements()
        except (OSError, *NOT_JSON) as error:
            raise RequiredError(f"{self._file}: unusable; restore it from its backup ({error})") from error
        return self._known

    def write(self, required: Requirements) -> None:
        """From now on."""
        write_private(self._file, msgspec.json.encode(required))
