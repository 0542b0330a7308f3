"""Core's log: one JSON object a line on standard output. Keys, codes, durations; never a name, a lot or an option."""

import json
import sys
import time


def log_event(event: str, **fields: str | int | bool) -> None:
    """Write one line."""
    line = {"at_ms": time.time_ns() // 1_000_000, "event": event, **fields}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
