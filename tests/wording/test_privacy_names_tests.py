"""docs/privacy.md promises nothing without a test: each of its lines names one, and each that it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))
LINES = [line for line in TEXT.splitlines() if line.startswith("|")]
HEADS = ("| what |", "|---|")


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(HEADS)])
def test_each_line_names_a_test(line: str) -> None:
    what, _, proof = line.strip("| ").rpartition(" | ")
    assert what.count(" | ") == 2
    assert re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+` ?)+", proof)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert not name or name in tests


def test_there_is_something_to_hold_it_to() -> None:
    assert len(NAMED) > 15
