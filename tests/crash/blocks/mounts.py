"""Mounting for the length of a block of code. Whatever happens, nothing stays mounted.

A loop device goes by itself with the mount that it was made for.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WITHIN_S = 10.0


class MountError(Exception):
    """A command around the file system under trial failed; its own words are in it."""


def run(*command: str | Path) -> None:
    """Raises MountError with what the command said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MountError(f"{' '.join(map(str, command))}: {(done.stderr or done.stdout).strip()}")


@contextmanager
def ext4(disk: Path, place: Path) -> Iterator[Path]:
    """The file `disk` through a loop device, which goes by itself with the mount. Raises MountError."""
    run("mount", "-t", "ext4", "-o", "loop", disk, place)
    try:
        yield place
    finally:
        unmount(place)


@contextmanager
def noted(place: Path, image: Path, log: Path) -> Iterator[Path]:
    """The disk that notes what is written, as a file. The log is there when the block has been left."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.blocks.server", str(place), str(image), str(log)]
    )
    try:
        disk = place / "disk"
        _wait(lambda: disk.exists() or server.poll() is not None)
        if not disk.exists():
            raise MountError("the file system that notes what is written did not start")
        yield disk
    finally:
        if os.path.ismount(place):
            unmount(place)
        with suppress(subprocess.TimeoutExpired):
            server.wait(WITHIN_S)
        server.kill()
        server.wait()


def unmount(place: Path) -> None:
    """Away with it; what is still in use a while later goes as soon as it isn't."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        with suppress(MountError):
            return run("umount", place)
        time.sleep(0.02)  # a loop device lets go of its file a moment after its own mount has gone
    return run("umount", "--lazy", place)


def _wait(there: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not there() and time.monotonic() < end:
        time.sleep(0.01)
