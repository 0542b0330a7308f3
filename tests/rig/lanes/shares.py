"""Which files of tests a lane takes at once, and in which order: those that wait beside those that compute."""

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

TESTS = Path(__file__).parents[2]
# They wait for wires, processes and power cuts. Those that take longest come first.
WAITING = ("e2e", "crash", "wire")
# Of those that compute, these have the files that take long.
LONG = ("proof", "ui", "accidents", "contract")
# Small files that share what was set up for a folder: as many of them in one fork.
TOGETHER = {"unit": 8, "contract": 4, "tooling": 8}


@dataclass(frozen=True)
class Share:
    """What one fork runs: arguments as of a command line, of which it takes each `parts`-th test from `part` on.

    `seed`: of the random order of its tests.
    """

    arguments: tuple[str, ...]
    waits: bool
    part: int = 0
    parts: int = 1
    seed: int | None = None

    @property
    def name(self) -> str:
        """Its first file, from the tests' folder on."""
        first = Path(self.arguments[0].partition("::")[0])
        return str(first.relative_to(TESTS)) if first.is_relative_to(TESTS) else str(first)


@dataclass
class Queue:
    """The shares that nobody has begun."""

    waiting: list[Share]
    computing: list[Share]
    running: list[Share] = field(default_factory=list)

    def take(self, lanes: int) -> Share | None:
        """The next one: as many compute at a time as there are cores, and the other lanes wait."""
        computing = sum(not share.waits for share in self.running)
        cores = min(os.cpu_count() or 1, lanes - 1)
        first, second = (
            (self.computing, self.waiting) if computing < cores else (self.waiting, self.computing)
        )
        chosen = first or second
        if not chosen:
            return None
        share = chosen.pop(0)
        self.running.append(share)
        return share


def queue(
    arguments: Sequence[str],
    invoked_in: Path,
    parts: int = 1,
    seed: int | None = None,
    passed_over: Sequence[str] = (),
) -> Queue:
    """What these arguments of a command line ask for, in shares. With a seed in random order, also within a share.

    `passed_over`: patterns of folders that belong to no folder above them (pytest's `norecursedirs`).
    """
    files = sorted(
        _files(arguments, invoked_in, passed_over).items(), key=lambda pair: (_rank(pair[0]), pair[0])
    )
    computing = _together(pair for pair in files if _folder(pair[0]) not in WAITING)
    waiting = [asked for file, asked in files if _folder(file) in WAITING]
    shares = [
        Share(tuple(asked), waits, part, parts, seed)
        for kind, waits in ((waiting, True), (computing, False))
        for asked in kind
        for part in range(parts)
    ]
    if seed is not None:
        random.Random(seed).shuffle(shares)
    return Queue([share for share in shares if share.waits], [share for share in shares if not share.waits])


def _files(arguments: Sequence[str], invoked_in: Path, passed_over: Sequence[str]) -> dict[Path, list[str]]:
    """Each file with what is asked of it: the whole of it, or single tests."""
    found: dict[Path, list[str]] = {}
    for argument in arguments:
        name, colons, test = argument.partition("::")
        place = (invoked_in / name).resolve()
        if place.is_dir():
            for file in sorted(place.rglob("test_*.py")):
                between = file.relative_to(place).parts[:-1]
                if not any(fnmatch(name, pattern) for name in between for pattern in passed_over):
                    found[file] = [str(file)]
        elif found.get(place) != [str(place)]:
            found.setdefault(place, []).append(f"{place}{colons}{test}")
    return found


def _together(files: Iterable[tuple[Path, list[str]]]) -> list[list[str]]:
    """Neighbours in one folder, as many at once as their kind allows."""
    shares: list[list[str]] = []
    folder, count = None, 0
    for file, asked in files:
        count += 1
        if file.parent != folder or count > TOGETHER.get(_folder(file), 1):
            shares.append([])
            folder, count = file.parent, 1
        shares[-1] += asked
    return shares


def _rank(file: Path) -> int:
    order = (*WAITING, *LONG)
    return order.index(_folder(file)) if _folder(file) in order else len(order)


def _folder(file: Path) -> str:
    """The tests' folder that it is in."""
    return file.relative_to(TESTS).parts[0] if file.is_relative_to(TESTS) else ""
