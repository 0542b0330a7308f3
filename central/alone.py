"""Who signs or requires something for the machines reads what stands, and writes it one version on: one at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Waits for another command that signs in this data folder. Raises OSError."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
