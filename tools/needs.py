"""Which module of ours needs which: imports, conftests, and the programs that a module starts by their names.

The imports are grimp's, as for the import rules, those inside functions too. grimp sees packages only; the folders
without `__init__.py` (tools/, tests/tooling/, the migrations) are read here.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import grimp

PACKAGES = ("kiosk", "drivers", "simulators", "ui", "central", "tests")
# What is started under its name as a process of its own, and is the whole of kiosk/, central/ or simulators/.
PROGRAMS = ("kiosk.cli", "kiosk.programs", "central.cli", "simulators.__main__")
# These import a program to become it: they never return, so a test meets what they import only in another process.
DOORS = {
    "kiosk.programs.start": {
        f"kiosk.programs.{name}" for name in ("core", "courier", "devices", "ui", "worker")
    },
    "central.cli": {"central.serve"},
}
# Whatever is named in there is started: it is the machine on a desk.
RIG = "tests.rig."
# What starts programs and doesn't write their names as they are: their words are made of parts.
STARTED_UNNAMED = {
    "tests.e2e.test_any_moment": ("kiosk.cli", "central.cli"),
    "tests.contract.commands.test_every_fault": ("kiosk.cli", "central.cli"),
}
# Every test runs in what the first loads. Of the second it needs only a name: that acts in the tests that import it,
# and starts a program to prepare files for them, not to try it.
RUNNER, TOWN = "tests.conftest", "tests.rig.town"

_OURS = "|".join((*PACKAGES, "tools"))
_IN_QUOTES = re.compile(rf'"((?:{_OURS})(?:\.\w+)+)"')
_AS_PROGRAM = re.compile(rf'-m(?:",\s*"| )((?:{_OURS})(?:\.\w+)*)\b')
# Code in a string is loaded by an interpreter of its own; an import that is one is found a second time.
_IN_CODE = re.compile(
    rf"\bfrom ((?:{_OURS})(?:\.\w+)*) import (\w+)|\bimport (?:\w+, )*((?:{_OURS})(?:\.\w+)+)"
)


@dataclass(frozen=True)
class Needs:
    """All modules with their files, and what each of them needs.

    `imports`: what is loaded into its own process, and small children of it. `above`: the conftests and the packages
    that are loaded with it. `starts`: the programs that it starts. `runner`: what of tests/ every test runs in.
    """

    files: Mapping[str, str]
    imports: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]]
    starts: Mapping[str, frozenset[str]]
    runner: frozenset[str]

    def tests(self) -> frozenset[str]:
        """The modules with tests in them."""
        return frozenset(module for module in self.files if is_test(module))

    def who_needs(self, modules: Iterable[str], *, programs: bool = False) -> frozenset[str]:
        """These and everybody who loads one of them; with `programs` also who starts a program that does."""
        begin = set(modules)
        if begin & self.runner:
            begin |= self.tests()
        return reached(begin, turned(self.imports, self.above, *([self.starts] if programs else [])))

    def starters(self) -> frozenset[str]:
        """Who starts a program, or imports somebody who does."""
        first = (module for module, programs in self.starts.items() if programs and module != TOWN)
        return reached(first, turned(self.imports))


def is_test(module: str) -> bool:
    """Whether pytest collects it."""
    return module.startswith("tests.") and module.rpartition(".")[2].startswith("test_")


def module_of(file: str) -> str:
    """`kiosk.order` of kiosk/order/__init__.py."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def turned(*needs: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """Each module with those that need it."""
    by: dict[str, set[str]] = {}
    for each in needs:
        for module, needed in each.items():
            for name in needed:
                by.setdefault(name, set()).add(module)
    return by


def reached(begin: Iterable[str], edges: Mapping[str, set[str]]) -> frozenset[str]:
    """These, and all that lies behind them."""
    seen = set(begin)
    open_ends = list(seen)
    while open_ends:
        new = edges.get(open_ends.pop(), set()) - seen
        seen |= new
        open_ends += new
    return frozenset(seen)


def read_needs(root: Path, files: Iterable[str], gone: Iterable[str] = ()) -> Needs:
    """Of the Python files `files`; a module of `gone`, which were deleted, is needed by whoever still names it."""
    known = {module_of(file): file for file in files}
    lost = {module_of(file) for file in gone}
    # Whoever is asked for a module that it doesn't hold answers for the name.
    names = known.keys() | lost
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports: dict[str, frozenset[str]] = {}
    starts: dict[str, frozenset[str]] = {}
    for module, file in known.items():
        text = (root / file).read_text("utf-8")
        if module in graph.modules:
            found = set(graph.find_modules_directly_imported_by(module))
            if any(name.rpartition(".")[2] in text for name in lost):
                found |= {name for name in imported(module, file, text, names) if name in lost}
        else:
            found = set(imported(module, file, text, names))
        named = set(programs_named(text, names)) - {module} - found
        started = {name for name in named if module.startswith(RIG) or is_program(name)}
        started |= {*STARTED_UNNAMED.get(module, ()), *(found & DOORS.get(module, set()))}
        imports[module] = frozenset((found | named) - started)
        starts[module] = frozenset(started)
    above = {module: frozenset(loaded_with(module, names)) for module in known}
    return Needs(known, imports, above, starts, runner_of(imports))


def runner_of(imports: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What of tests/ is loaded for every test. A fault in what that imports of the product shows in any choice."""
    ours = {
        module: {name for name in needed if name.startswith("tests.") and name != TOWN}
        for module, needed in imports.items()
    }
    return reached([RUNNER], ours)


def imported(module: str, file: str, text: str, names: Iterable[str]) -> Iterator[str]:
    """The modules of ours that the text imports, wherever in it."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import():
                asked = [alias.name for alias in node.names]
            case ast.ImportFrom():
                folder = Path(file).parents[node.level - 1].as_posix().replace("/", ".") if node.level else ""
                base = ".".join(filter(None, (folder, node.module)))
                asked = [f"{base}.{alias.name}" for alias in node.names]
            case _:
                continue
        yield from (found for name in asked if (found := holder(name, names)) not in ("", module))


def programs_named(text: str, names: Iterable[str]) -> Iterator[str]:
    """The modules that the text names in a string: as the whole of it, behind "-m", or in code."""
    for name in _AS_PROGRAM.findall(text):
        yield f"{name}.__main__" if f"{name}.__main__" in names else holder(name, names)
    in_code = (whole or f"{base}.{name}" for base, name, whole in _IN_CODE.findall(text))
    for name in (*_IN_QUOTES.findall(text), *in_code):
        # "kiosk.toml" is a file.
        if "." in (found := holder(name, names)):
            yield found


def is_program(module: str) -> bool:
    """Whether it is a whole program, and no child with one small task."""
    return any(module == program or module.startswith(f"{program}.") for program in PROGRAMS)


def holder(name: str, names: Iterable[str]) -> str:
    """The module that holds this name; empty where it is none of ours."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


def loaded_with(module: str, names: Iterable[str]) -> Iterator[str]:
    """The packages that a module lies in, and for one of tests/ the conftests but the one of them all."""
    folder = module
    while folder := folder.rpartition(".")[0]:
        conftest = f"{folder}.conftest"
        if conftest not in (module, RUNNER) and conftest in names:
            yield conftest
        if folder in names:
            yield folder
