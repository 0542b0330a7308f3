"""One run of the worker on an ext4 whose disk notes everything."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash.blocks.log import Recording, kept
from tests.crash.blocks.mounts import MountError, ext4, noted, run

SIZE = 16 << 20
LEDGER = "ledger.db"
# Two groups, so that there is a second superblock, as on every disk of a usual size. Nothing is left for the kernel to
# initialise behind the worker's back.
_BLOCK, _GROUP = 4096, 2048
MKFS = (
    *("mkfs.ext4", "-q", "-F", "-b", f"{_BLOCK}", "-g", f"{_GROUP}"),
    *("-E", "lazy_itable_init=0,lazy_journal_init=0"),
)
# As a boot with `fsck.repair=yes` does; only that it finds the second superblock by itself where groups are as usual.
FSCK = ("e2fsck", "-y", "-b", f"{_GROUP}", "-B", f"{_BLOCK}")


def record(orders: int, synchronous: str) -> Recording:
    """Sell so many orders. Raises MountError."""
    with TemporaryDirectory(prefix="changgu-blocks-") as name:
        folder = Path(name)
        image, log, below, place = (folder / part for part in ("image", "log", "below", "place"))
        image.write_bytes(bytes(SIZE))
        run(*MKFS, image)
        below.mkdir()
        place.mkdir()
        with ExitStack() as mounts:
            disk = mounts.enter_context(noted(below, image, log))
            mounts.enter_context(ext4(disk, place))
            _work(place / LEDGER, below / "marks", orders, synchronous)
        return Recording(image.read_bytes(), tuple(kept(log)))


def _work(ledger: Path, marks: Path, orders: int, synchronous: str) -> None:
    worker = "tests.crash.blocks.worker"
    command = [sys.executable, "-m", worker, str(ledger), str(marks), str(orders), synchronous]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MountError(f"the worker failed: {done.stderr.strip()}")
