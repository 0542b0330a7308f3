"""What every machine's central server begins with, made once a run of tests by the real commands and copied to each.

Growing the synthetic town's registers takes seconds of work, and setting up a server that knows the machine starts
three programs; central keeps what is there.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from central.commands.places import DATA_MARK
from kiosk.desk.machine_folder import KIOSK_ID

# Where this run of tests keeps its town, for all its lanes; without it each central grows its own.
KEPT_IN = "CHANGGU_TEST_TOWN"
REGISTERS = ("register.db", "residents.db", "records.db")


def settle(run: Path) -> None:
    """Give the central server of a machine's folder `run` the registers, before it is set up."""
    kept = os.environ.get(KEPT_IN, "")
    if not kept:
        return
    central = run / "central"
    central.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (DATA_MARK, *REGISTERS):
        shutil.copyfile(_set_up() / "central" / name, central / name)


def enrol(run: Path, *, cards: bool) -> None:
    """Give the machine's folder a whole central server that knows it, its keys, and the citizens' cards if it reads
    any, before it is started for the first time.
    """
    kept = os.environ.get(KEPT_IN, "")
    if kept:
        for part in ("central", "pki", *(("sim/cards",) if cards else ())):
            shutil.copytree(_set_up() / part, run / part, dirs_exist_ok=True)


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """What `make` puts into the place that it is given: in this run of tests the lane that comes first makes it."""
    kept = Path(os.environ[KEPT_IN])
    made = kept / name
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = kept / f"{name}.making"
            make(making)
            making.rename(made)
    return made


def _set_up() -> Path:
    """A machine's folder with all of it, set up as anybody does."""
    return made_once("run", _make)


def _make(place: Path) -> None:
    home = str(place / "central")
    _central("init", "--data", home)
    _central("enrol", KIOSK_ID, "--data", home, "--out", str(place / "pki"))
    _central("cards", "--data", home, "--out", str(place / "sim" / "cards"))


def _central(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "central.cli", *words], check=True, capture_output=True, timeout=120
    )
