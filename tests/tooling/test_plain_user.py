"""Every test that cuts power is run as a user without rights, too: none is forgotten, and no folder keeps it out."""

import ast
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import plain_user

ROOT = Path(__file__).resolve().parents[2]
MARK = "plain_user"


def functions(tree: ast.AST) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def touches(function: ast.FunctionDef, known: set[str]) -> bool:
    """Whether it cuts the power (at the rig, or at the dock), calls or is given (as a fixture) something that does."""
    given = {argument.arg for argument in function.args.args}
    called = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    at_the_dock = "panel.power(False)" in ast.unparse(function)
    return "power_cut" in called or at_the_dock or bool((called | given | named) & known)


def cutting(tree: ast.AST, known: set[str]) -> set[str]:
    """The functions of a module that cut the power, on their own or through others."""
    found = set(known)
    while True:
        more = {name for name, function in functions(tree).items() if touches(function, found)} - found
        if not more:
            return found - known
        found |= more


def unmarked() -> Iterator[str]:
    rig = cutting(ast.parse((ROOT / "tests/rig/owing.py").read_text("utf-8")), set())
    for file in sorted([*(ROOT / "tests/e2e").glob("test_*.py"), *(ROOT / "tests/crash").glob("test_*.py")]):
        source = file.read_text("utf-8")
        tree = ast.parse(source)
        whole = any(
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "pytestmark"
            and MARK in ast.unparse(node)
            for node in tree.body
        )
        imported = {
            alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == "tests.rig.owing"
            for alias in node.names
        }
        for name in sorted(cutting(tree, rig & imported)):
            function = functions(tree)[name]
            marks = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
            if name.startswith("test_") and not whole and MARK not in marks:
                yield f"{file.name}::{name}"


def test_each_test_that_cuts_power_is_marked_to_be_run_as_a_plain_user_too() -> None:
    assert list(unmarked()) == []


def test_each_command_in_each_fault_is_tried_as_a_plain_user_too() -> None:
    [run] = [line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if f"-m {MARK} " in line]
    assert "tests/contract/commands" in run.split()
    for name in ("test_every_fault.py", "test_named_places.py"):
        source = (ROOT / "tests/contract/commands" / name).read_text("utf-8")
        assert f"pytest.mark.{MARK}" in source, name


def test_a_test_is_found_whether_it_cuts_by_itself_through_a_helper_or_by_a_fixture() -> None:
    source = (
        "def test_a(rig):\n  rig.power_cut()\n"
        "def helper(scene):\n  scene.rig.power_cut()\n"
        "def test_b(scene):\n  helper(scene)\n"
        "def day():\n  helper(1)\n"
        "def test_c(day):\n  pass\n"
        "def test_d(scene):\n  scene.take()\n"
    )
    assert cutting(ast.parse(source), set()) == {"test_a", "helper", "test_b", "day", "test_c"}


def test_the_topmost_closed_folder_of_each_place_is_found(tmp_path: Path) -> None:
    closed, open_ = tmp_path / "home", tmp_path / "srv"
    for place in (closed / "me/tree", closed / "me/python", open_ / "tree"):
        place.mkdir(parents=True)
    tmp_path.chmod(0o755)
    closed.chmod(0o700)
    (closed / "me").chmod(0o700)
    outside = plain_user.closed_folders([tmp_path])
    found = plain_user.closed_folders([closed / "me/tree", closed / "me/python", open_ / "tree"])
    # Where pytest's own folder is closed already, that one is the topmost.
    if outside:
        assert list(found) == list(outside)
    else:
        assert found == {closed: [closed / "me/tree", closed / "me/python"]}


def test_places_hold_none_that_lies_in_another() -> None:
    found = plain_user.places()
    assert not [one for one in found for other in found if one is not other and one.is_relative_to(other)]
    assert any(plain_user.ROOT.is_relative_to(place) for place in found)


@pytest.mark.skipif(not plain_user.is_root(), reason="only root becomes another user")
@pytest.mark.parametrize("right", ["setuid", "sys_admin"])
def test_where_root_may_not_do_it_that_is_told_and_nothing_is_mounted(right: str) -> None:
    if right == "sys_admin" and not plain_user.closed_folders(plain_user.places()):
        right = "setgid"  # nothing lies in a closed folder, so nothing has to be mounted
    before = Path("/proc/self/mounts").read_text("utf-8")
    argv = ["setpriv", f"--bounding-set=-{right}", "--", sys.executable, "-m", "tests.rig.plain_user", "true"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == plain_user.NOT_POSSIBLE
    assert "root may not do this here" in done.stdout
    assert Path("/proc/self/mounts").read_text("utf-8") == before


def test_what_it_started_is_gone_when_its_time_is_over() -> None:
    seconds = f"60.{os.getpid()}"  # nobody else sleeps for so long
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = plain_user.run_as_plain_user(["sh", "-c", f"sleep {seconds} & wait"], 1.5)
        pytest.fail(f"it ended by itself, with {done.returncode}: {done.stdout}")
    assert not [command for command in command_lines() if seconds in command]


def command_lines() -> Iterator[str]:
    """Of every process that there is."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # gone meanwhile
            yield entry.read_bytes().decode(errors="replace")
