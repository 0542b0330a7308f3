"""`python -m kiosk.desk.desk_halt RUN`: what `systemctl poweroff` is in the field, for the machine on a desk."""

import sys
from pathlib import Path

from kiosk.ipc.json_lines import JsonLineError, ask

_WITHIN_S = 5.0


def main(arguments: list[str]) -> int:
    """Ask the desk's power switch to turn the machine off; 1 when there is none."""
    try:
        ask(Path(arguments[0]) / "sock" / "power.sock", _WITHIN_S, do="halt")
    except (IndexError, JsonLineError) as error:
        print(f"desk_halt: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
