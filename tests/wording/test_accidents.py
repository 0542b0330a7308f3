"""docs/accidents.md and the tests name each other: no test that is not there, no accident that is not told."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "accidents.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", "\n".join(ROWS))))
ACCIDENTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/accidents").glob("test_*.py"))


def defined_in(module: Path) -> set[str]:
    parsed = ast.parse(module.read_text("utf-8"))
    return {node.name for node in parsed.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    module, _, function = name.partition("::")
    assert (ROOT / module).is_file()
    assert not function or function in defined_in(ROOT / module)


@pytest.mark.parametrize("module", ACCIDENTS)
def test_an_accident_that_is_planted_is_on_the_page_with_its_cause(module: str) -> None:
    assert module in NAMED
    assert ast.get_docstring(ast.parse((ROOT / module).read_text("utf-8")))


LIMITS = (ROOT / "docs" / "printing-limits.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", LIMITS))))
def test_a_test_that_the_page_of_limits_names_is_there(name: str) -> None:
    test_a_test_that_the_page_names_is_there(name)


def test_each_row_says_accident_cause_defence_and_tests() -> None:
    assert ROWS
    assert all(len([cell for cell in row.split("|")[1:-1] if cell.strip()]) == 4 for row in ROWS)
