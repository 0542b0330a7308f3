"""The registers of the synthetic town, grown once a run of tests and copied to each machine's central server.

Growing them takes seconds of work; central keeps registers that are there.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Where this run of tests keeps its town, for all its lanes; without it each central grows its own.
KEPT_IN = "CHANGGU_TEST_TOWN"
REGISTERS = ("register.db", "residents.db", "records.db")


def settle(run: Path) -> None:
    """Give the central server of a machine's folder `run` the registers, before it is started for the first time."""
    kept = os.environ.get(KEPT_IN, "")
    if not kept:
        return
    central = run / "central"
    central.mkdir(mode=0o700, parents=True, exist_ok=True)
    for register in _grown(Path(kept)):
        shutil.copyfile(register, central / register.name)


def _grown(kept: Path) -> list[Path]:
    """The town's registers; the lane that comes first grows them, as anybody does who sets up a central server."""
    registers = [kept / "central" / name for name in REGISTERS]
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all(register.exists() for register in registers):
            init = [sys.executable, "-m", "central.cli", "init", "--data", str(kept / "central")]
            subprocess.run(init, check=True, capture_output=True, timeout=120)
    return registers
