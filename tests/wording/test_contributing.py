"""CONTRIBUTING.md states rules that the tree keeps, and names folders, markers and tests that there are."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tools import check

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PYTEST = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
FOLDERS = ("kiosk", "central", "drivers", "simulators", "ui", "tools", "tests")
FILES = sorted(
    file for folder in FOLDERS for kind in ("py", "qml") for file in (ROOT / folder).rglob(f"*.{kind}")
)
LONGEST = 400
# Those that are longer, and why they are not two.
LONGER = {
    "simulators/dock/qml/Dock.qml": "one window whose rows share their measures; nobody else uses a part of it",
}
VAGUE = ("utils", "util", "helpers", "helper", "common", "manager")


def left_out() -> set[str]:
    """The markers that a plain run of the tests leaves out."""
    options = PYTEST["addopts"]
    return set(re.findall(r"not (\w+)", options[options.index("-m") + 1]))


def recipes() -> dict[str, str]:
    """Each target of the Makefile and what it runs."""
    return dict(re.findall(r"^([a-z-]+):.*?##.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE))


def test_the_table_of_tests_has_each_folder_and_no_other() -> None:
    table = PAGE.split("| folder | holds |")[1].split("\n\n")[0]
    told = re.findall(r"^\| (\w+) \|", table, re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] != "_"
    }


def test_what_make_test_leaves_out_is_run_by_a_target_of_its_name() -> None:
    assert left_out()
    for marker in left_out():
        assert re.search(rf"-m pytest .*-m {marker}\b", recipes()[marker]), marker
        for said in (PAGE, (ROOT / ".ci" / "run").read_text("utf-8")):
            assert f"make {marker}" in said
        (told,) = (line for line in PYTEST["markers"] if line.startswith(f"{marker}:"))
        assert f"left out of `make test`, run by `make {marker}`" in told


def test_a_marker_that_is_told_of_as_left_out_is() -> None:
    told = {line.partition(":")[0] for line in PYTEST["markers"] if "left out of `make test`" in line}
    assert told == left_out()


def test_what_make_test_passes_over_is_run_by_make_check() -> None:
    for folder in PYTEST["norecursedirs"]:
        if (ROOT / "tests" / folder).is_dir():
            assert [step for step in check.steps() if f"tests/{folder}" in step.command], folder
            assert re.search(rf"^\| {folder} \|.*`make check`", PAGE, re.MULTILINE), folder


def test_a_measurement_that_misses_fails_make_bench_whichever_it_is() -> None:
    recipe = recipes()["bench"].splitlines()[-1]
    assert recipe.count("|| missed=1;") == 2
    assert recipe.endswith("exit $$missed'")


@pytest.mark.parametrize("marker", sorted(left_out()))
def test_there_is_a_test_for_a_marker(marker: str) -> None:
    assert any(
        f"@pytest.mark.{marker}\n" in file.read_text("utf-8") for file in FILES if file.name[:5] == "test_"
    )


def test_a_long_module_has_its_reason() -> None:
    long = {
        str(file.relative_to(ROOT)) for file in FILES if len(file.read_text("utf-8").splitlines()) > LONGEST
    }
    assert f"past {LONGEST} it is two modules" in PAGE
    assert long == set(LONGER)


def test_nothing_is_called_by_a_word_that_says_nothing() -> None:
    for file in FILES:
        assert file.stem.strip("_") not in VAGUE, file
        if file.suffix == ".py":
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    assert not node.name.lower().endswith(VAGUE), f"{file}: {node.name}"


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(
        r"`((?:kiosk|central|tests|systemd|docs|simulators|tools|certs_templates)/[^`*]*)`", PAGE
    )
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists()} == set()
