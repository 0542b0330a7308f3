"""For a moment the rights of somebody else: root is stopped by no mode."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534


@contextmanager
def as_another_user() -> Iterator[None]:
    """Root becomes nobody; anybody else is stopped by modes as it is."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def let_pass(place: Path) -> None:
    """Pytest's own folders are for one user only; what lies in them is not what is tested."""
    for folder in (place, *place.parents):
        if folder.name.startswith(("pytest", "lane-", "test_")):
            folder.chmod(0o755)
