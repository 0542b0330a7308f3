"""Which tests can see a change of some files: in their own process, or only in the programs that they start."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.needs import Needs, module_of, read_needs
from tools.readers import WALKERS, beside, namers, readers

ROOT = Path(__file__).resolve().parent.parent
# In these a test is of one room, and starts a program only if the program is of that room.
OF_ONE_ROOM = ("tests.unit.", "tests.proof.", "tests.tooling.", "tests.wording.")
# What runs for the tests of whole programs: a card, coins, notes, a power cut, a claim, and the screen at its start.
VISITS = (
    "tests/e2e/test_two_hoppers.py",
    "tests/e2e/test_direct_cards.py",
    "tests/e2e/test_first_moment.py",
)


@dataclass(frozen=True)
class Tree:
    """The files that git would take, and what the modules among them need."""

    files: tuple[str, ...]
    needs: Needs


@dataclass(frozen=True)
class Choice:
    """The test files to `run`, of `all` that there are, and those that are `left` though they can see the change.

    `walk`: how many of `run` read the whole tree. `why`: for each changed file what to say of it.
    """

    run: frozenset[str]
    left: frozenset[str]
    all: frozenset[str]
    walk: int
    why: Mapping[str, str]


def git(*words: str) -> str:
    """What git says. Raises subprocess.CalledProcessError."""
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def look(gone: Iterable[str] = ()) -> Tree:
    """The tree as it is. `gone`: deleted files, which somebody may still need."""
    listed = git("ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    there = tuple(sorted({name for name in listed if name and (ROOT / name).is_file()}))
    modules = [name for name in there if name.endswith(".py")]
    return Tree(there, read_needs(ROOT, modules, [name for name in gone if name.endswith(".py")]))


def choose(files: Sequence[str], tree: Tree) -> Choice:
    """The tests for a change of these files."""
    needs = tree.needs
    tests, starters, naming = needs.tests(), needs.starters(), named_in(files, tree.files)
    run, left, why = set[str](), set[str](), dict[str, str]()
    for file in files:
        begin, unknown = beginnings(file, needs, naming.get(file, frozenset()))
        near = needs.who_needs(begin) & tests
        seeing = needs.who_needs(begin, programs=True) & tests
        # A change of the tests themselves is run wherever it is seen.
        mine = {test for test in near if file.startswith("tests/") or not is_of_programs(test, starters)}
        # One that reads the file by itself has no other to stand for it.
        mine |= begin & tests
        # One that starts a program by itself is about it, if it lies where the tests of this room do.
        mine |= {test for test in seeing if needs.starts[test] and is_of_its_room(test, file)}
        run |= mine
        left |= seeing - mine
        why[file] = told(len(mine), len(seeing - mine), unknown=unknown)
    walking = needs.who_needs(WALKERS) & tests if files else frozenset[str]()
    run |= walking
    if left:
        run |= {module_of(file) for file in VISITS}
    file_of = needs.files
    return Choice(
        frozenset(file_of[test] for test in run),
        frozenset(file_of[test] for test in left - run),
        frozenset(file_of[test] for test in tests),
        len(walking),
        why,
    )


def named_in(files: Iterable[str], there: Iterable[str]) -> dict[str, frozenset[str]]:
    """Each file with the modules of tests/ and tools/ that name it, and with the readers of a patch for it."""
    modules = {file: module_of(file) for file in there if file.endswith(".py")}
    texts = {
        file: (ROOT / file).read_text("utf-8")
        for file in there
        if file.startswith(("tests/", "tools/")) and file.endswith((".py", ".patch"))
    }
    found: dict[str, frozenset[str]] = {}
    for file, path in namers(files, texts):
        who = {modules[path]} if path in modules else readers(path, modules.values()) or set()
        found[file] = found.get(file, frozenset()) | who
    return found


def beginnings(file: str, needs: Needs, named: frozenset[str]) -> tuple[frozenset[str], bool]:
    """The modules that a file is, or that read it; and whether no rule knows the file."""
    if file.endswith(".py"):
        return named | {module_of(file)} | (readers(file, needs.files) or set()), False
    known = readers(file, needs.files)
    if known is not None:
        return named | known, False
    of_the_tree = {name for name in needs.files if name.startswith(("tests.tooling.", "tests.wording."))}
    return named | beside(file, needs.files) | of_the_tree, True


def is_of_programs(test: str, starters: frozenset[str]) -> bool:
    """Whether it is a test of whole programs."""
    return test in starters and not test.startswith(OF_ONE_ROOM)


def is_of_its_room(test: str, file: str) -> bool:
    """Whether the test lies where the tests of this file's room do: in tests/unit/courier for kiosk/courier/."""
    folders = test.split(".")[1:-1]
    room = folders[1:2] if folders[:1] == ["unit"] else folders[:1]
    return bool(room) and room[0] in [Path(part).stem for part in Path(file).parts]


def told(mine: int, left: int, *, unknown: bool) -> str:
    """What to say of a file."""
    said = [f"{mine} test files see it" if mine or left else "no test sees it but those of the whole tree"]
    if left:
        said.append(f"{left} more see it in whole programs")
    if unknown:
        said.append(
            "no rule knows who reads it (tools/readers.py), so its neighbours, tests/tooling and tests/wording run"
        )
    return "; ".join(said)
