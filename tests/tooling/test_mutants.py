"""The known mistakes of `make mutants`: each fits the source as it is, names a test that is there, is judged fairly."""

import subprocess
from pathlib import Path

import pytest

from tools import mutants

ALL = mutants.mutants(())


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_source_and_its_test_is_there(mutant: mutants.Mutant) -> None:
    check = ["git", "apply", "--check", "--recount", "-C1", str(mutant.patch)]
    done = subprocess.run(check, cwd=mutants.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    file, _, test = mutant.test.partition("::")
    assert f"def {test}(" in (mutants.ROOT / file).read_text("utf-8")


def report(place: Path, end: str) -> Path:
    file = place / "report.xml"
    file.write_text(f"<testsuites><testsuite><testcase>{end}</testcase></testsuite></testsuites>", "utf-8")
    return file


def test_a_failed_assertion_is_a_catch_and_shown_by_its_first_line(tmp_path: Path) -> None:
    end = '<failure message="AssertionError: M1: lost&#10;assert 1 == 2">…</failure>'
    assert mutants.judged(report(tmp_path, end)) == mutants.Run(passed=False, assertion="M1: lost")


@pytest.mark.parametrize(
    "end",
    [
        '<error message="ImportError: no module">…</error>',
        '<failure message="NameError: name">…</failure>',
        '<failure message="Failed: Timeout">…</failure>',
        "",
    ],
)
def test_a_test_that_breaks_in_another_way_has_proved_nothing(tmp_path: Path, end: str) -> None:
    run = mutants.judged(report(tmp_path, end))
    assert (run.passed, run.assertion) == (False, "")
