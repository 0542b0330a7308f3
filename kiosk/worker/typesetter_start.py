"""Where the typesetting child begins: confined, then its fonts are read while Python loads everything else."""

import os
import sys
from pathlib import Path

from kiosk.worker.sandbox import confine


def main(parent: str, folder: str, screens: str, start: str) -> int:
    """Serve until stdin ends. A confined process first: once there is a second thread the network can't be left."""
    confine(int(parent))
    os.environ.pop("HOME", None)
    from kiosk.worker.faces import CERTIFICATE_FACES, FontsAhead

    fonts = FontsAhead(CERTIFICATE_FACES.folder)
    from kiosk.worker.screens import pair_of
    from kiosk.worker.typesetter import AHEAD
    from kiosk.worker.typesetter import main as serve

    return serve(Path(folder), pair_of(screens), fonts, ahead=start == AHEAD)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
