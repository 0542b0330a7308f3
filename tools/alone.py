"""Runs a heavy target of the Makefile while no other one runs on this machine: `… -m tools.alone NAME -- COMMAND…`.

Two at once disturb each other's times. Whoever comes second says for whom it waits, and waits; with `--no-wait`
(`make test WAIT=0`) it ends with 3. What a holder runs asks for nothing (`make campaigns` runs `make crash`). The exit
code is the command's.

The holder and its guard (guard.py) have the lock, and no other process: what the command leaves behind holds nobody up.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.protocol.exits import MISSING, SIGNALLED, USAGE
from tools import guard, machine_lock
from tools.machine_lock import Holder, Unusable

USE: Final = "alone: python -m tools.alone [--no-wait] NAME -- COMMAND…"
AGAIN_S: Final = 60
_MINUTE_S: Final = 60
_DAY_S: Final = 86_400


def main(words: Sequence[str]) -> int:
    """Wait for the turn and run the command."""
    may_wait = words[:1] != ["--no-wait"]
    name, dashes, *command = [*words[not may_wait :], "", ""]
    command = command[:-2]
    if dashes != "--" or not command:
        tell(USE)
        return USAGE
    path = Path(machine_lock.FOLDER) / machine_lock.NAME
    try:
        handle = turn(path, name, may_wait)
    except Unusable as error:
        tell(f"make {name}: can't take turns here, because {path} {error}; remove or mend it, then try again")
        return MISSING
    except KeyboardInterrupt:
        return SIGNALLED + signal.SIGINT
    if handle is None:
        return MISSING
    if machine_lock.is_held_for_us(handle):
        return guard.become(command, os.environ)
    return guard.run(command, {**os.environ, machine_lock.HELD_VARIABLE: machine_lock.name_of_hold(handle)})


def turn(path: Path, name: str, may_wait: bool) -> int | None:
    """The open lock file when we, or a process above us, have the lock; None if we may not wait. Raises Unusable."""
    began, waited = time.monotonic(), False
    while True:
        handle = machine_lock.open_lock(path)
        if machine_lock.is_held_for_us(handle):
            return handle
        if not machine_lock.take(handle, wait=False):
            if not may_wait:
                tell(
                    f"make {name}: not now, {sentence(machine_lock.read_note(handle))}; without WAIT=0 it waits"
                )
                return None
            wait(handle, name, began)
            waited = True
        if machine_lock.is_still(handle, path):
            if waited:
                tell(f"make {name} goes on, after {minutes(time.monotonic() - began)}")
            machine_lock.write_note(handle, name)
            return handle
        os.close(handle)


def wait(handle: int, name: str, began: float) -> None:
    """Until the lock is ours, with a line at once and every minute; Ctrl-C raises KeyboardInterrupt."""

    def again(_number: int, _frame: object) -> None:
        waited = minutes(time.monotonic() - began)
        tell(f"make {name} still waits, for {waited}: {sentence(machine_lock.read_note(handle))}")

    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, AGAIN_S, AGAIN_S)
    tell(f"make {name} waits: {sentence(machine_lock.read_note(handle))}; Ctrl-C gives up")
    try:
        machine_lock.take(handle, wait=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def sentence(holder: Holder | None) -> str:
    """Who has the machine."""
    if holder is None:
        return "another one runs on this machine, and left no readable note about itself"
    form = "%H:%M" if abs(time.time() - holder.since_s) < _DAY_S else "%Y-%m-%d %H:%M"
    since = time.strftime(form, time.localtime(holder.since_s))
    return f"make {holder.target} runs since {since} in {holder.folder} (process {holder.pid})"


def minutes(seconds: float) -> str:
    """A time that somebody waited."""
    return f"{seconds:.0f} s" if seconds < _MINUTE_S else f"{seconds / _MINUTE_S:.0f} min"


def tell(line: str) -> None:
    """At once, also into a log, and never into the output of the command."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        return  # nobody reads it any more


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
