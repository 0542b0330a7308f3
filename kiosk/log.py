"""Core's log: one JSON object a line on standard output. Keys, codes, durations; never a name, a lot or an option."""

import json
import sys
import time

from kiosk.health.health import Health


def note(event: str, **fields: str | int | bool) -> None:
    """Write one line."""
    line = {"at_ms": time.time_ns() // 1_000_000, "event": event, **fields}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def note_health(before: Health, after: Health) -> None:
    """What ails the machine, whenever that is something else than before."""
    if after.ailments != before.ailments:
        ails = ", ".join(f"{ailment.device} {ailment.reason}" for ailment in after.ailments)
        note("health", state=after.state.value, ails=ails)
