"""The trial changes of `make changes`: each fits the source, its tests are there or come with it, its bar holds."""

import subprocess
from pathlib import Path

import pytest

from tools import changes
from tools.mutants import ROOT, copy_of_the_tree, run

ALL = changes.changes(())


def test_there_is_one_of_each_sort() -> None:
    assert [change.name[0] for change in ALL] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("change", ALL, ids=lambda change: change.name)
def test_a_change_fits_the_source_and_its_tests_are_there(change: changes.Change) -> None:
    check = ["git", "apply", "--check", "--recount", "-C1", str(change.patch)]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    patch = change.patch.read_text("utf-8")
    for test in change.tests:
        file = test.partition("::")[0]
        assert (ROOT / file).exists() or f"+++ b/{file}" in patch, test


@pytest.mark.timeout(180)  # 7 s of work, and much more beside other tests
def test_all_of_them_fit_together_and_the_first_test_of_each_passes_on_a_copy_of_the_source(
    tmp_path: Path,
) -> None:
    """A diff may fit and yet call a name that has gone. `make changes` runs all tests of each of them alone."""
    place = copy_of_the_tree(tmp_path)
    assert [changes.put_in(place, change) for change in ALL] == [""] * len(ALL)
    end = run(place, [change.tests[0] for change in ALL])
    assert end.passed, end.assertion or end.broken


@pytest.mark.parametrize("change", ALL, ids=lambda change: change.name)
def test_it_touches_no_more_of_the_product_than_its_bar_says(change: changes.Change) -> None:
    files = [*changes.touched(change)]
    assert files
    assert changes.beyond(change, files) == []
    assert set(change.forced) <= set(files)


def test_a_file_past_the_bar_is_named() -> None:
    (first, *_) = ALL
    assert changes.beyond(first, ["drivers/dime/lines.py", "kiosk/core/machine.py"]) == [
        "kiosk/core/machine.py"
    ]


def test_files_are_told_by_room() -> None:
    assert changes.told({"kiosk/words/ko.toml": 5, "kiosk/words/en.toml": 4, ".importlinter": 1}) == (
        "kiosk/words 2 (9 lines), .importlinter 1 (1 lines)"
    )
