"""What a lane tells the first process."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Collected:
    """So many tests are to be run, and so many were left out by -k or -m."""

    tests: int
    deselected: int


@dataclass(frozen=True)
class Begun:
    """This test."""

    test: str


@dataclass(frozen=True)
class Ended:
    """A stage of a test, or what could not be collected: a report of pytest's, in the form that it sends itself."""

    report: dict[str, Any]


@dataclass(frozen=True)
class Over:
    """The share, in so many seconds of a core; or why nothing of it could be run."""

    cpu_s: float
    refused: str = ""


Told = Collected | Begun | Ended | Over
